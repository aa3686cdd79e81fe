"""Reads Prometheus's text format, and what of OpenMetrics is the same."""

import re
from dataclasses import dataclass

_SAMPLE = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)")
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')
_ESCAPES = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


@dataclass(frozen=True)
class Sample:
    name: str
    labels: dict[str, str]
    value: float


def _unescaped(text: str) -> str:
    return re.sub(r"\\.", lambda part: _ESCAPES.get(part[0], part[0]), text) if "\\" in text else text


def parse(text: str) -> list[Sample]:
    samples = []
    for line in text.splitlines():
        if match := _SAMPLE.match(line):
            name, labels, value = match.groups()
            samples.append(Sample(name, {key: _unescaped(raw) for key, raw in _LABEL.findall(labels or "")}, float(value)))
    return samples


def sample_lines(text: str) -> list[str]:
    """The lines that are samples."""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def values(text: str, name: str) -> list[float]:
    """The values of all samples of a metric; of a page of megabytes faster than all of it is read."""
    lines = (line for line in text.splitlines() if line.startswith((name + "{", name + " ")))
    return [float(line.rsplit("}", 1)[-1].split()[0] if "{" in line else line.split()[1]) for line in lines]
