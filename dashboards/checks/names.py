"""Every metric and label that a dashboard names is one that the exporter has."""

import pathlib
import re
from collections.abc import Iterator

from checks import model
from promcheck import catalogue, labels
from promcheck.catalogue import Catalogue

# A constant label that the configuration may give to targets and clusters: the documentation's own example.
CONSTANT = ("site",)


def metrics(path: pathlib.Path) -> Catalogue:
    return catalogue.read(path, CONSTANT)


def check(name: str, dashboard: model.JSON, metrics: Catalogue) -> Iterator[tuple[str, str]]:
    """Yields (where, what)."""
    for panel in model.panels(dashboard):
        yield from _panel(name, panel, metrics)
    for query in model.annotations(name, dashboard):
        if not query.expression.startswith("ALERTS{"):
            for problem in labels.check(query.expression, metrics).problems:
                yield query.name, problem
    for variable, match in model.variable_queries(dashboard):
        where = f"{name}: variable {variable['name']}"
        if not match:
            yield where, f"not label_values(series, label): {variable['query']}"
            continue
        result = labels.check(match.group(1), metrics)
        for problem in result.problems:
            yield where, problem
        if not result.problems and match.group(2) not in result.labels:
            yield where, f"no label {match.group(2)} of the variable's series"


def _panel(name: str, panel: model.JSON, metrics: Catalogue) -> Iterator[tuple[str, str]]:
    found: set[str] = set()
    for query in model.queries(name, {"panels": [panel]}):
        result = labels.check(query.expression, metrics)
        for problem in result.problems:
            yield query.name, problem
        if result.problems:
            continue
        found |= result.labels
        wanted = set(re.findall(r"{{\s*(\w+)\s*}}", query.target.get("legendFormat", "")))
        if wanted - result.labels:
            yield query.name, f"the legend names {', '.join(sorted(wanted - result.labels))}, which the query does not return"
    for transformation in panel.get("transformations", []):
        for column in transformation["options"].get("renameByName", {}):
            if not column.startswith("Value") and column not in found:
                yield f"{name}: {panel['title']}", f"a column for the label {column}, which no query returns"
