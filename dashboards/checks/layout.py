"""Where panels are, how they are called, and where links lead."""

import re
from collections.abc import Iterator
from typing import Any

from checks import model
from checks.model import Dashboard

COLUMNS = 24
RUNBOOK = re.compile(r"/docs/runbooks/(\w+)\.md$")


def check(name: str, dashboard: Dashboard, runbooks: set[str], uids: set[str]) -> Iterator[tuple[str, str]]:
    """Yields (where, what). `runbooks` are the names of those that exist, `uids` those of all dashboards."""
    taken, titles, numbers = dict[tuple[int, int], str](), set[str](), set[int]()
    for panel in dashboard["panels"]:
        position = panel["gridPos"]
        where = f"{name}: {panel['title']}"
        if position["x"] < 0 or position["x"] + position["w"] > COLUMNS:
            yield where, f"reaches out of the {COLUMNS} columns"
        for x in range(position["x"], position["x"] + position["w"]):
            for y in range(position["y"], position["y"] + position["h"]):
                other = taken.setdefault((x, y), panel["title"])
                if other is not panel["title"]:
                    yield where, f"lies over {other!r}"
                    break
            else:
                continue
            break
        if panel["id"] in numbers:
            yield where, f"id {panel['id']} is taken"
        numbers.add(panel["id"])
    for panel in model.panels(dashboard):
        title = model.slug(panel["title"])
        if title in titles:
            yield f"{name}: {panel['title']}", "another panel is called so"
        titles.add(title)
    for url in _urls(dashboard):
        match = RUNBOOK.search(url)
        if match and match.group(1) not in runbooks:
            yield name, f"no runbook docs/runbooks/{match.group(1)}.md"
        local = re.match(r"/d/([\w-]+)", url)
        if local and local.group(1) not in uids:
            yield name, f"no dashboard {local.group(1)}"


def _urls(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("url"), str):
            yield value["url"]
        for each in value.values():
            yield from _urls(each)
    elif isinstance(value, list):
        for each in value:
            yield from _urls(each)
