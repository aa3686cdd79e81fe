"""Which labels the result of a query can have, and what in the query names a metric or a label that nothing has."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from promcheck import promql
from promcheck.catalogue import Catalogue, Labels
from promcheck.syntax import SET_OPERATORS, Aggregation, Binary, Call, Node, Range, Selector, Text, children, selectors

NONE: Labels = frozenset()


@dataclass
class Result:
    """What is known of a query: the labels of its result, and what is wrong with it."""

    labels: Labels = NONE
    problems: list[str] = field(default_factory=list)


def check(text: str, catalogue: Catalogue) -> Result:
    try:
        tree = promql.parse(text)
    except promql.SyntaxProblem as problem:
        return Result(problems=[str(problem)])
    return of(tree, catalogue)


def of(node: Node, catalogue: Catalogue) -> Result:
    inference = _Inference(catalogue)
    labels = inference.labels(node)
    # Which labels a metric would have that does not exist is not worth telling.
    return Result(labels, inference.unknown_metrics or inference.unknown_labels)


class _Inference:
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.unknown_metrics: list[str] = []
        self.unknown_labels: list[str] = []

    def labels(self, node: Node) -> Labels:
        match node:
            case Selector():
                return self._selector(node)
            case Aggregation():
                return self._aggregation(node)
            case Binary():
                return self._binary(node)
            case Call():
                return self._call(node)
            case _:
                return self._all(children(node))

    def _all(self, nodes: Iterable[Node]) -> Labels:
        return NONE.union(*(self.labels(node) for node in nodes))

    def _known(self, wanted: Iterable[str], there: Labels, where: str) -> None:
        unknown = sorted(set(wanted) - there)
        if unknown:
            self.unknown_labels.append(f"no label {', '.join(unknown)} {where}")

    def _selector(self, node: Selector) -> Labels:
        matched = frozenset(matcher.label for matcher in node.matchers)
        if node.name not in self._catalogue:
            self.unknown_metrics.append(f"no such metric: {node.name}")
            return matched
        self._known(matched, self._catalogue[node.name], f"of {node.name}")
        return self._catalogue[node.name]

    def _aggregation(self, node: Aggregation) -> Labels:
        inner = self._all(node.arguments)
        self._known((*(node.by or ()), *(node.without or ())), inner, f"under {node.operation}")
        result = inner - frozenset(node.without) if node.without is not None else frozenset(node.by or ())
        if node.operation in ("topk", "bottomk", "limitk"):
            return inner
        if node.operation == "count_values" and isinstance(node.arguments[0], Text):
            result |= {node.arguments[0].value}
        return result

    def _call(self, node: Call) -> Labels:
        inner = self._all(node.arguments)
        texts = [argument.value for argument in node.arguments if isinstance(argument, Text)]
        match node.function:
            case "histogram_quantile":
                return inner - {"le"}
            case "label_replace":
                # (vector, new, replacement, old, pattern)
                self._known(texts[2:3], inner, "to be replaced")
                return inner | frozenset(texts[:1])
            case "label_join":
                # (vector, new, separator, old ...)
                self._known(texts[2:], inner, "to be joined")
                return inner | frozenset(texts[:1])
            case "scalar" | "time":
                return NONE
            case "absent" | "absent_over_time":
                # Those that the selector fixes to one value.
                fixed = (matcher.label for each in selectors(node) for matcher in each.matchers if matcher.operator == "=")
                return frozenset(fixed)
            case _:
                return inner

    def _binary(self, node: Binary) -> Labels:
        left, right = self.labels(node.left), self.labels(node.right)
        if is_scalar(node.left) or is_scalar(node.right):
            return left | right
        self._known(node.on or (), left, f"left of {node.operator}")
        self._known(node.on or (), right, f"right of {node.operator}")
        self._known(node.ignoring or (), left | right, f"beside {node.operator}")
        if node.operator == "or":
            return left | right
        if node.operator in SET_OPERATORS:
            return left
        if node.group:
            many, one = (left, right) if node.group == "group_left" else (right, left)
            self._known(node.include, one, "to be taken over")
            return many | frozenset(node.include)
        if node.on is not None:
            return frozenset(node.on)
        return (left & right) - frozenset(node.ignoring or ())


def is_scalar(node: Node) -> bool:
    """Whether it is a number, not a vector."""
    match node:
        case Call(function="scalar" | "time" | "pi"):
            return True
        case Call(function="vector"):
            return False
        case Selector() | Aggregation() | Range():
            return False
        case Call() | Binary():
            return all(is_scalar(child) for child in children(node))
        case _:
            return True
