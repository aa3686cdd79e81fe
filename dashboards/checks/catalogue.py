"""Every metric and label that a dashboard speaks of is one that the exporter has."""

import re
from collections.abc import Iterator

from checks import model
from checks.model import Dashboard
from testbed import promql
from testbed.catalogue import Metrics, Problem, labels

# A constant label that the configuration may give to targets and clusters: the documentation's own example.
OPTIONAL = {"site"}


def check(name: str, dashboard: Dashboard, metrics: Metrics) -> Iterator[tuple[str, str]]:
    """Yields (where, what)."""
    for panel in model.panels(dashboard):
        found = set[str]()
        for query in model.queries(name, {"panels": [panel]}):
            try:
                result = labels(promql.parse(query.expression), metrics)
            except (Problem, promql.SyntaxProblem) as problem:
                yield query.name, str(problem)
                continue
            found |= result
            wanted = set(re.findall(r"{{\s*(\w+)\s*}}", query.target.get("legendFormat", "")))
            if wanted - result:
                yield query.name, f"the legend names {', '.join(sorted(wanted - result))}, which the query does not return"
        for transformation in panel.get("transformations", []):
            for column in transformation["options"].get("renameByName", {}):
                if not column.startswith("Value") and column not in found:
                    yield f"{name}: {panel['title']}", f"a column for the label {column}, which no query returns"
    for query in model.annotations(name, dashboard):
        if not query.expression.startswith("ALERTS{"):
            try:
                labels(promql.parse(query.expression), metrics)
            except (Problem, promql.SyntaxProblem) as problem:
                yield query.name, str(problem)
    for variable, match in model.variable_queries(dashboard):
        if not match:
            yield f"{name}: variable {variable['name']}", f"not label_values(series, label): {variable['query']}"
            continue
        try:
            if match.group(2) not in labels(promql.parse(match.group(1)), metrics):
                yield f"{name}: variable {variable['name']}", f"no label {match.group(2)} of the variable's series"
        except (Problem, promql.SyntaxProblem) as problem:
            yield f"{name}: variable {variable['name']}", str(problem)
