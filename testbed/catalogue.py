"""Every metric and label of a query is one that there is: docs/METRICS.md is generated from the exporter itself."""

import re
from pathlib import Path

from . import promql

SCRAPED = {"job", "instance"}
#: The labels of each series, by its name.
Metrics = dict[str, set[str]]


class Problem(Exception):
    """A query speaks of something that there is not."""


def read(path: Path, optional: set[str] | None = None) -> Metrics:
    """The exporter's series. Those of targets and clusters may also have `optional`: constant labels that the configuration gives them."""
    metrics: Metrics = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = re.match(r"\| `(\w+)` \| ([\w ]+) \| ([^|]*) \|", line)
        if not match:
            continue
        name, kind, labels = match.group(1), match.group(2), {label.strip() for label in match.group(3).split(",") if label.strip()}
        labels |= SCRAPED
        if name.startswith("pgwal_") and not name.startswith("pgwal_exporter_"):
            labels |= optional or set()
            # Patroni's are of a cluster, all others of a target.
            if "cluster" not in labels:
                labels.add("target")
        parts: list[tuple[str, set[str]]] = [("_bucket", {"le"}), ("_sum", set()), ("_count", set())]
        for suffix, more in parts if kind == "histogram" else [("", set[str]())]:
            metrics[name + suffix] = labels | more
    if len(metrics) < 100:
        raise Problem(f"{path} is not the catalogue: {len(metrics)} metrics")
    return metrics


def labels(node: promql.Node, metrics: Metrics, strict: bool = True) -> set[str]:
    """The labels that a query's result may have. Raises Problem for one that nothing has; not `strict`: for unknown metrics alone."""
    return _Reader(metrics, strict).labels(node)


class _Reader:
    def __init__(self, metrics: Metrics, strict: bool) -> None:
        self.metrics, self.strict = metrics, strict

    def labels(self, node: promql.Node) -> set[str]:
        if isinstance(node, promql.Number | promql.Text):
            return set()
        if isinstance(node, promql.Selector):
            if node.name not in self.metrics:
                raise Problem(f"no such metric: {node.name}")
            self._known({label for label, _, _ in node.matchers}, self.metrics[node.name], f"of {node.name}")
            return self.metrics[node.name]
        if isinstance(node, promql.Aggregation):
            return self._aggregated(node)
        if isinstance(node, promql.Binary):
            return self._joined(node)
        found = set[str]().union(*(self.labels(child) for child in promql.children(node)))
        if isinstance(node, promql.Call):
            return self._called(node, found)
        return found

    def _aggregated(self, node: promql.Aggregation) -> set[str]:
        inner = set[str]().union(*(self.labels(argument) for argument in node.arguments))
        self._known(set(node.by or []) | set(node.without or []), inner, f"under {node.operation}")
        result = inner - set(node.without) if node.without is not None else set(node.by or [])
        # These choose some of the series and leave them as they are.
        if node.operation in ("topk", "bottomk"):
            result = inner
        if node.operation == "count_values" and isinstance(node.arguments[0], promql.Text):
            result = result | {node.arguments[0].value}
        return result

    def _called(self, node: promql.Call, found: set[str]) -> set[str]:
        words = [argument.value if isinstance(argument, promql.Text) else "" for argument in node.arguments]
        if node.function == "histogram_quantile":
            return found - {"le"}
        if node.function == "label_replace":
            self._known({words[3]}, found, "to be replaced")
            return found | {words[1]}
        if node.function == "label_join":
            self._known(set(words[3:]), found, "to be joined")
            return found | {words[1]}
        return found

    def _joined(self, node: promql.Binary) -> set[str]:
        scalar = not (promql.selectors(node.left) and promql.selectors(node.right))
        left, right = self.labels(node.left), self.labels(node.right)
        if scalar:
            return left | right
        self._known(set(node.on or []), left, f"left of {node.operator}")
        self._known(set(node.on or []), right, f"right of {node.operator}")
        # One side has what the other has not, and it is not looked at.
        self._known(set(node.ignoring or []), left | right, f"beside {node.operator}")
        if node.operator in promql.SET_OPERATORS:
            return left | right if node.operator == "or" else left
        if node.group:
            many, one = (left, right) if node.group == "group_left" else (right, left)
            self._known(set(node.include), one, "to be taken over")
            return many | set(node.include)
        if node.on is not None:
            return set(node.on)
        return left & right if node.ignoring is None else left - set(node.ignoring)

    def _known(self, wanted: set[str], there: set[str], where: str) -> None:
        unknown = wanted - there
        if unknown and self.strict:
            raise Problem(f"no label {', '.join(sorted(unknown))} {where}")
