"""Loads dashboards into the typed model of grafana-foundation-sdk and encodes them again: nothing may be lost or changed.

What the model adds are its defaults. Run as a program, with the files as arguments, by a Python that has the package.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any


def lost(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Yields where `after` lacks something of `before`."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            if key not in after:
                yield f"{path}/{key} is lost"
            else:
                yield from lost(value, after[key], f"{path}/{key}")
    elif isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            yield f"{path}: {len(before)} elements became {len(after)}"
        for index, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from lost(one, other, f"{path}/{index}")
    elif (type(before) is bool or type(after) is bool or before != after) and before is not after:
        yield f"{path}: {before!r} became {after!r}"


def encoded(document: Any) -> Any:
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.cog.plugins import register_default_plugins
    from grafana_foundation_sdk.models.dashboard import Dashboard

    register_default_plugins()
    return json.loads(json.dumps(Dashboard.from_json(document), cls=JSONEncoder))


def main(paths: list[str]) -> int:
    problems = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        for problem in lost(document, encoded(json.loads(json.dumps(document)))):
            print(f"{path}: {problem}")
            problems += 1
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
