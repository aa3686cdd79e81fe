"""Reads PromQL, as much of its grammar as rules and dashboards use: what is wrong with a query's syntax is promtool's to say."""

import re

from promcheck.syntax import Aggregation, Binary, Call, Matcher, Node, Number, Range, Selector, Text

TOKEN = re.compile(
    r"""(?:\s|\#[^\n]*)*(?:
      (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)
    | (?P<number>\$\w+|0x[0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?:(?:ms|[smhdwy])(?:\d+(?:ms|[smhdwy]))*)?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_:]*)
    | (?P<operator>=~|!~|==|!=|<=|>=|[-+*/%^<>=(){}\[\],:@])
    )""",
    re.VERBOSE,
)
REST = re.compile(r"(?:\s|#[^\n]*)*\Z")
AGGREGATIONS = frozenset(
    {"sum", "min", "max", "avg", "group", "stddev", "stdvar", "count", "count_values", "bottomk", "topk", "quantile", "limitk"}
)
PRECEDENCE = (
    frozenset({"or"}),
    frozenset({"and", "unless"}),
    frozenset({"==", "!=", "<=", "<", ">=", ">"}),
    frozenset({"+", "-"}),
    frozenset({"*", "/", "%", "atan2"}),
    frozenset({"^"}),
)
MATCHES = ("=", "!=", "=~", "!~")


class SyntaxProblem(Exception):
    """A query that cannot be read, and where."""


def parse(text: str) -> Node:
    parser = _Parser(text)
    node = parser.expression(0)
    parser.finish()
    return node


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        self._position = 0
        at = 0
        while not REST.match(text, at):
            match = TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise SyntaxProblem(f"cannot read {text[at : at + 20]!r}")
            self._tokens.append((match.lastgroup, match.group(match.lastgroup)))
            at = match.end()

    def finish(self) -> None:
        if self._position < len(self._tokens):
            raise SyntaxProblem(f"nothing expected at {self._tokens[self._position][1]!r}")

    def _peek(self) -> str | None:
        return self._tokens[self._position][1] if self._position < len(self._tokens) else None

    def _take(self, *expected: str) -> str:
        token = self._peek()
        if token is None or (expected and token not in expected):
            raise SyntaxProblem(f"expected {' or '.join(expected) or 'more'}, found {token!r}")
        self._position += 1
        return token

    def _accept(self, *tokens: str) -> bool:
        if self._peek() not in tokens:
            return False
        self._position += 1
        return True

    def _labels(self) -> tuple[str, ...]:
        self._take("(")
        labels = []
        while not self._accept(")"):
            labels.append(self._take())
            self._accept(",")
        return tuple(labels)

    def expression(self, level: int) -> Node:
        if level == len(PRECEDENCE):
            return self._postfix()
        left = self.expression(level + 1)
        while self._peek() in PRECEDENCE[level]:
            operator = self._take()
            self._accept("bool")
            on = self._labels() if self._accept("on") else None
            ignoring = self._labels() if on is None and self._accept("ignoring") else None
            group = self._take() if self._peek() in ("group_left", "group_right") else None
            include = self._labels() if group and self._peek() == "(" else ()
            # Powers alone bind to the right.
            right = self.expression(level if level == len(PRECEDENCE) - 1 else level + 1)
            left = Binary(operator, left, right, on, ignoring, group, include)
        return left

    def _postfix(self) -> Node:
        node = self._primary()
        while True:
            if self._accept("["):
                window, step = self._until(":", "]"), None
                if self._take(":", "]") == ":":
                    step = self._until("]")
                    self._take("]")
                node = Range(node, window, step)
            elif self._accept("offset", "@"):
                self._accept("-", "+")
                if self._take() in ("start", "end"):
                    self._labels()
            else:
                return node

    def _until(self, *ends: str) -> str:
        text = ""
        while self._peek() not in ends:
            text += self._take()
        return text

    def _primary(self) -> Node:
        if self._accept("("):
            node = self.expression(0)
            self._take(")")
            return node
        if self._accept("-", "+"):
            return self._postfix()
        if self._peek() == "{":
            return Selector("", self._matchers())
        if self._peek() is None:
            raise SyntaxProblem("ends too early")
        kind, text = self._tokens[self._position]
        self._position += 1
        if kind == "string":
            return Text(text[1:-1])
        if kind == "number" or (kind == "name" and text.lower() in ("inf", "nan")):
            return Number(text)
        if kind != "name":
            raise SyntaxProblem(f"nothing expected at {text!r}")
        if text in AGGREGATIONS and self._peek() in ("(", "by", "without"):
            return self._aggregation(text)
        if self._peek() == "(":
            return Call(text, self._arguments())
        return Selector(text, self._matchers() if self._peek() == "{" else ())

    def _aggregation(self, operation: str) -> Aggregation:
        grouping: dict[str, tuple[str, ...]] = {}
        if self._peek() in ("by", "without"):
            word = self._take()
            grouping[word] = self._labels()
        arguments = self._arguments()
        if self._peek() in ("by", "without"):
            word = self._take()
            grouping[word] = self._labels()
        return Aggregation(operation, grouping.get("by"), grouping.get("without"), arguments)

    def _arguments(self) -> tuple[Node, ...]:
        self._take("(")
        arguments = []
        while not self._accept(")"):
            arguments.append(self.expression(0))
            self._accept(",")
        return tuple(arguments)

    def _matchers(self) -> tuple[Matcher, ...]:
        self._take("{")
        matchers = []
        while not self._accept("}"):
            matchers.append(Matcher(self._take(), self._take(*MATCHES), self._take()[1:-1]))
            self._accept(",")
        return tuple(matchers)
