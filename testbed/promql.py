"""As much of PromQL's grammar as the checks of rules and dashboards need: what is wrong with a query's syntax is promtool's to say."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

# Matches always, if only nothing.
SKIPPED = re.compile(r"(?:\s|#[^\n]*)*")
TOKEN = re.compile(
    r"""(?:
      (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)
    | (?P<number>\$\w+|(?:\d+\.?\d*(?:e[+-]?\d+)?)(?:ms|[smhdwy])?)
    | (?P<name>[A-Za-z_:][A-Za-z0-9_:]*)
    | (?P<operator>=~|!~|==|!=|<=|>=|[-+*/%^<>=(){}\[\],:@])
    )""",
    re.VERBOSE,
)
AGGREGATIONS = {"sum", "min", "max", "avg", "group", "stddev", "stdvar", "count", "count_values", "bottomk", "topk", "quantile"}
PRECEDENCE = [{"or"}, {"and", "unless"}, {"==", "!=", "<=", "<", ">=", ">"}, {"+", "-"}, {"*", "/", "%"}, {"^"}]
SET_OPERATORS = {"or", "and", "unless"}


class SyntaxProblem(Exception):
    pass


@dataclasses.dataclass
class Number:
    text: str


@dataclasses.dataclass
class Text:
    value: str


@dataclasses.dataclass
class Selector:
    name: str
    matchers: list[tuple[str, str, str]]  # label, operator, value


@dataclasses.dataclass
class Range:
    inner: Node
    window: str


@dataclasses.dataclass
class Call:
    function: str
    arguments: list[Node]


@dataclasses.dataclass
class Aggregation:
    operation: str
    by: list[str] | None
    without: list[str] | None
    arguments: list[Node]


@dataclasses.dataclass
class Binary:
    operator: str
    left: Node
    right: Node
    on: list[str] | None = None
    ignoring: list[str] | None = None
    group: str | None = None  # "group_left", "group_right"
    include: list[str] = dataclasses.field(default_factory=list)


Node = Number | Text | Selector | Range | Call | Aggregation | Binary


def parse(text: str) -> Node:
    parser = _Parser(text)
    node = parser.expression(0)
    if parser.position < len(parser.tokens):
        raise SyntaxProblem(f"nothing expected at {parser.tokens[parser.position][1]!r}")
    return node


def children(node: Node) -> list[Node]:
    if isinstance(node, Binary):
        return [node.left, node.right]
    if isinstance(node, Call | Aggregation):
        return node.arguments
    return [node.inner] if isinstance(node, Range) else []


def walk(node: Node, parents: tuple[Node, ...] = ()) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Every node with its parents, the nearest last."""
    yield node, parents
    for child in children(node):
        yield from walk(child, (*parents, node))


def selectors(node: Node) -> list[Selector]:
    return [each for each, _ in walk(node) if isinstance(each, Selector)]


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.position = at = 0
        while (at := SKIPPED.match(text, at).end()) < len(text):  # type: ignore[union-attr]
            match = TOKEN.match(text, at)
            if not match:
                raise SyntaxProblem(f"cannot read {text[at : at + 20]!r}")
            kind = match.lastgroup or ""
            self.tokens.append((kind, match.group(kind)))
            at = match.end()

    def peek(self) -> str | None:
        return self.tokens[self.position][1] if self.position < len(self.tokens) else None

    def take(self, *expected: str) -> str:
        token = self.peek()
        if token is None or (expected and token not in expected):
            raise SyntaxProblem(f"expected {' or '.join(expected) or 'more'}, found {token!r}")
        self.position += 1
        return token

    def accept(self, *tokens: str) -> str | None:
        if self.peek() in tokens:
            return self.take()
        return None

    def labels(self) -> list[str]:
        self.take("(")
        labels = []
        while not self.accept(")"):
            labels.append(self.take())
            self.accept(",")
        return labels

    def expression(self, level: int) -> Node:
        if level == len(PRECEDENCE):
            return self.postfix()
        left = self.expression(level + 1)
        while self.peek() in PRECEDENCE[level]:
            operator = self.take()
            self.accept("bool")
            matching: dict[str, list[str]] = {}
            if word := self.accept("on", "ignoring"):
                matching[word] = self.labels()
            group = self.accept("group_left", "group_right")
            include = self.labels() if group and self.peek() == "(" else []
            right = self.expression(level if level == len(PRECEDENCE) - 1 else level + 1)
            left = Binary(operator, left, right, matching.get("on"), matching.get("ignoring"), group, include)
        return left

    def postfix(self) -> Node:
        node = self.primary()
        while self.peek() in ("[", "offset", "@"):
            if self.accept("["):
                window = ""
                while self.peek() != "]":
                    window += self.take()
                self.take("]")
                node = Range(node, window)
            else:
                self.take()
                self.accept("-")
                self.take()
        return node

    def primary(self) -> Node:
        if self.accept("("):
            node = self.expression(0)
            self.take(")")
            return node
        if self.accept("-", "+"):
            return self.postfix()
        if self.peek() == "{":
            return Selector("", self.matchers())
        if self.peek() is None:
            raise SyntaxProblem("ends too early")
        kind, text = self.tokens[self.position]
        self.position += 1
        if kind == "string":
            return Text(text[1:-1])
        if kind == "number":
            return Number(text)
        if kind != "name":
            raise SyntaxProblem(f"nothing expected at {text!r}")
        if text in AGGREGATIONS and self.peek() in ("(", "by", "without"):
            return self.aggregation(text)
        if self.peek() == "(":
            return Call(text, self.arguments())
        return Selector(text, self.matchers() if self.peek() == "{" else [])

    def aggregation(self, operation: str) -> Node:
        grouping: dict[str, list[str] | None] = {"by": None, "without": None}
        if word := self.accept(*grouping):
            grouping[word] = self.labels()
        arguments = self.arguments()
        if word := self.accept(*grouping):
            grouping[word] = self.labels()
        return Aggregation(operation, grouping["by"], grouping["without"], arguments)

    def arguments(self) -> list[Node]:
        self.take("(")
        arguments = []
        while not self.accept(")"):
            arguments.append(self.expression(0))
            self.accept(",")
        return arguments

    def matchers(self) -> list[tuple[str, str, str]]:
        self.take("{")
        matchers = []
        while not self.accept("}"):
            label, operator, value = self.take(), self.take("=", "!=", "=~", "!~"), self.take()
            matchers.append((label, operator, value[1:-1]))
            self.accept(",")
        return matchers
