"""Reads Prometheus's text format."""

import re
from dataclasses import dataclass

_SAMPLE = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)")
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')
_ESCAPES = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


@dataclass(frozen=True)
class Sample:
    name: str
    labels: dict
    value: float


def parse(text):
    samples = []
    for line in text.splitlines():
        match = _SAMPLE.match(line)
        if match:
            name, labels, value = match.groups()
            unescaped = {key: re.sub(r"\\.", lambda part: _ESCAPES.get(part[0], part[0]), raw) for key, raw in _LABEL.findall(labels or "")}
            samples.append(Sample(name, unescaped, float(value)))
    return samples
