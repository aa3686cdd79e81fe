"""Every metric and label of a query is one that the exporter has: docs/METRICS.md is generated from the exporter itself."""

import re

from checks import model, promql

SCRAPED = {"job", "instance"}
# A constant label that the configuration may give to targets and clusters: the documentation's own example.
OPTIONAL = {"site"}


class Problem(Exception):
    pass


def read(path):
    """{metric: labels}"""
    metrics = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = re.match(r"\| `(\w+)` \| ([\w ]+) \| ([^|]*) \|", line)
        if not match:
            continue
        name, kind, labels = match.group(1), match.group(2), {label.strip() for label in match.group(3).split(",") if label.strip()}
        labels |= SCRAPED
        if name.startswith("pgwal_") and name != "pgwal_exporter_build_info":
            labels |= OPTIONAL
            # Patroni's are of a cluster, all others of a target.
            if "cluster" not in labels:
                labels.add("target")
        for suffix, more in [("_bucket", {"le"}), ("_sum", set()), ("_count", set())] if kind == "histogram" else [("", set())]:
            metrics[name + suffix] = labels | more
    if len(metrics) < 100:
        raise Problem(f"{path} is not the catalogue: {len(metrics)} metrics")
    return metrics


def labels(node, metrics):
    """The labels that a query's result may have. Raises Problem for one that nothing has."""
    if isinstance(node, promql.Selector):
        if node.name not in metrics:
            raise Problem(f"no such metric: {node.name}")
        _known({label for label, _, _ in node.matchers}, metrics[node.name], f"of {node.name}")
        return metrics[node.name]
    if isinstance(node, promql.Aggregation):
        vectors = [labels(argument, metrics) for argument in node.arguments if not isinstance(argument, (promql.Number, promql.Text))]
        inner = set().union(*vectors)
        _known(set(node.by) | set(node.without), inner, f"under {node.operation}")
        result = inner - set(node.without) if node.without else set(node.by)
        if node.operation == "count_values":
            result = result | {node.arguments[0].value}
        return result
    if isinstance(node, promql.Binary):
        return _joined(node, metrics)
    found = [labels(child, metrics) for child in promql.children(node)]
    if isinstance(node, promql.Call) and node.function == "histogram_quantile":
        return set().union(*found) - {"le"}
    return set().union(*found)


def _joined(node, metrics):
    scalars = [side for side in (node.left, node.right) if not promql.selectors(side)]
    left, right = labels(node.left, metrics), labels(node.right, metrics)
    if scalars:
        return left | right
    for matching in (node.on, node.ignoring):
        _known(set(matching or []), left, f"left of {node.operator}")
        _known(set(matching or []), right, f"right of {node.operator}")
    if node.operator in promql.SET_OPERATORS:
        return left | right if node.operator == "or" else left
    if node.group:
        many, one = (left, right) if node.group == "group_left" else (right, left)
        _known(set(node.include), one, "to be taken over")
        return many | set(node.include)
    return set(node.on) if node.on is not None else left & right


def _known(wanted, there, where):
    unknown = wanted - there
    if unknown:
        raise Problem(f"no label {', '.join(sorted(unknown))} {where}")


def check(name, dashboard, metrics):
    """Yields (where, what)."""
    for panel in model.panels(dashboard):
        found = set()
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
            _known({match.group(2)}, labels(promql.parse(match.group(1)), metrics), "of the variable's series")
        except (Problem, promql.SyntaxProblem) as problem:
            yield f"{name}: variable {variable['name']}", str(problem)
