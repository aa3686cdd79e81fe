"""A query as a tree, as far as the checks need to walk it."""

from collections.abc import Iterator
from dataclasses import dataclass

SET_OPERATORS = frozenset({"or", "and", "unless"})


@dataclass(frozen=True)
class Number:
    text: str


@dataclass(frozen=True)
class Text:
    value: str


@dataclass(frozen=True)
class Matcher:
    label: str
    operator: str
    value: str


@dataclass(frozen=True)
class Selector:
    name: str
    matchers: tuple[Matcher, ...] = ()


@dataclass(frozen=True)
class Range:
    """`inner[window]`, or `inner[window:step]`."""

    inner: "Node"
    window: str
    step: str | None = None


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True)
class Aggregation:
    """`by` and `without` are None where the query does not say so; an empty tuple says that no label stays."""

    operation: str
    by: tuple[str, ...] | None
    without: tuple[str, ...] | None
    arguments: tuple["Node", ...]


@dataclass(frozen=True)
class Binary:
    operator: str
    left: "Node"
    right: "Node"
    on: tuple[str, ...] | None = None
    ignoring: tuple[str, ...] | None = None
    group: str | None = None  # group_left, group_right
    include: tuple[str, ...] = ()


Node = Number | Text | Selector | Range | Call | Aggregation | Binary


def children(node: Node) -> tuple[Node, ...]:
    match node:
        case Binary():
            return (node.left, node.right)
        case Call() | Aggregation():
            return node.arguments
        case Range():
            return (node.inner,)
        case _:
            return ()


def walk(node: Node, parents: tuple[Node, ...] = ()) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Every node with its parents, the nearest last."""
    yield node, parents
    for child in children(node):
        yield from walk(child, (*parents, node))


def selectors(node: Node) -> list[Selector]:
    return [each for each, _ in walk(node) if isinstance(each, Selector)]


def windows(node: Node) -> list[str]:
    return [each.window for each, _ in walk(node) if isinstance(each, Range)]
