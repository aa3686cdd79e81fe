"""As much of PromQL's grammar as the checks need to walk a query: what is wrong with a query's syntax is promtool's to say."""

import dataclasses
import re

TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
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
    matchers: list  # (label, operator, value)


@dataclasses.dataclass
class Range:
    inner: object
    window: str


@dataclasses.dataclass
class Call:
    function: str
    arguments: list


@dataclasses.dataclass
class Aggregation:
    operation: str
    by: list
    without: list
    arguments: list


@dataclasses.dataclass
class Binary:
    operator: str
    left: object
    right: object
    on: object = None  # list of labels, or None
    ignoring: object = None
    group: object = None  # "group_left", "group_right"
    include: list = dataclasses.field(default_factory=list)


def parse(text):
    parser = _Parser(text)
    node = parser.expression(0)
    if parser.position < len(parser.tokens):
        raise SyntaxProblem(f"nothing expected at {parser.tokens[parser.position][1]!r}")
    return node


def children(node):
    if isinstance(node, Binary):
        return [node.left, node.right]
    if isinstance(node, (Call, Aggregation)):
        return node.arguments
    return [node.inner] if isinstance(node, Range) else []


def walk(node, parents=()):
    """Every node with its parents, the nearest last."""
    yield node, parents
    for child in children(node):
        yield from walk(child, (*parents, node))


def selectors(node):
    return [each for each, _ in walk(node) if isinstance(each, Selector)]


class _Parser:
    def __init__(self, text):
        self.tokens, self.position, at = [], 0, 0
        text = text.rstrip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if not match:
                raise SyntaxProblem(f"cannot read {text[at:at + 20]!r}")
            self.tokens.append((match.lastgroup, match.group(match.lastgroup)))
            at = match.end()

    def peek(self):
        return self.tokens[self.position][1] if self.position < len(self.tokens) else None

    def take(self, *expected):
        token = self.peek()
        if token is None or (expected and token not in expected):
            raise SyntaxProblem(f"expected {' or '.join(expected) or 'more'}, found {token!r}")
        self.position += 1
        return token

    def accept(self, *tokens):
        if self.peek() in tokens:
            return self.take()
        return None

    def labels(self):
        self.take("(")
        labels = []
        while not self.accept(")"):
            labels.append(self.take())
            self.accept(",")
        return labels

    def expression(self, level):
        if level == len(PRECEDENCE):
            return self.postfix()
        left = self.expression(level + 1)
        while self.peek() in PRECEDENCE[level]:
            node = Binary(self.take(), left, None)
            self.accept("bool")
            if self.peek() in ("on", "ignoring"):
                setattr(node, self.take(), self.labels())
            if self.peek() in ("group_left", "group_right"):
                node.group = self.take()
                if self.peek() == "(":
                    node.include = self.labels()
            node.right = self.expression(level if level == len(PRECEDENCE) - 1 else level + 1)
            left = node
        return left

    def postfix(self):
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

    def primary(self):
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

    def aggregation(self, operation):
        grouping = {"by": None, "without": None}
        if self.peek() in grouping:
            word = self.take()
            grouping[word] = self.labels()
        arguments = self.arguments()
        if self.peek() in grouping:
            word = self.take()
            grouping[word] = self.labels()
        return Aggregation(operation, grouping["by"] or [], grouping["without"] or [], arguments)

    def arguments(self):
        self.take("(")
        arguments = []
        while not self.accept(")"):
            arguments.append(self.expression(0))
            self.accept(",")
        return arguments

    def matchers(self):
        self.take("{")
        matchers = []
        while not self.accept("}"):
            label, operator, value = self.take(), self.take("=", "!=", "=~", "!~"), self.take()
            matchers.append((label, operator, value[1:-1]))
            self.accept(",")
        return matchers
