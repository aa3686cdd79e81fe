"""What the checks and `query` ask of a dashboard: its panels, its queries, and the values of its variables."""

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Dashboard = Json
Panel = Json

# As the linter of Grafana takes them, and as they are for a scrape interval of 15 s or less.
BUILT_IN = {"__rate_interval": "5m", "__interval": "1m", "__range": "6h"}


@dataclasses.dataclass
class Query:
    name: str  # dashboard/panel/A
    panel: Panel
    target: Json
    expression: str


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def panels(dashboard: Dashboard) -> Iterator[Panel]:
    """All panels but rows, also those in rows that are folded."""
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            yield from panel["panels"]
        else:
            yield panel


def queries(name: str, dashboard: Dashboard) -> Iterator[Query]:
    for panel in panels(dashboard):
        for target in panel.get("targets", []):
            yield Query(f"{name}/{slug(panel['title'])}/{target.get('refId', '?')}", panel, target, target.get("expr", ""))


def annotations(name: str, dashboard: Dashboard) -> Iterator[Query]:
    for annotation in dashboard["annotations"]["list"]:
        yield Query(f"{name}/annotation-{slug(annotation['name'])}", {}, annotation, annotation.get("expr", ""))


def variable_queries(dashboard: Dashboard) -> Iterator[tuple[Json, re.Match[str] | None]]:
    """The selector inside label_values(selector, label) of each variable that is asked of the data source."""
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            match = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"])
            yield variable, match


def values(dashboard: Dashboard, chosen: dict[str, str] | None = None) -> dict[str, str]:
    """The value of each variable: as chosen, else all, else the default."""
    result = dict(BUILT_IN)
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "datasource":
            continue
        everything = variable.get("allValue") if variable.get("includeAll") else None
        result[variable["name"]] = everything or variable["current"]["value"]
    result.update(chosen or {})
    return result


def filled_in(expression: str, variables: dict[str, str]) -> str:
    """The query as Grafana sends it."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1) or match.group(2)
        if name not in variables:
            raise KeyError(f"${name} is no variable of the dashboard")
        return variables[name]

    return re.sub(r"\$(?:(\w+)|\{(\w+)(?::\w+)?\})", value, expression)
