import unittest

from promcheck import durations, promql, syntax
from promcheck.syntax import Aggregation, Binary, Call, Matcher, Number, Range, Selector


def binary(text: str) -> Binary:
    tree = promql.parse(text)
    assert isinstance(tree, Binary), tree
    return tree


class ParserTests(unittest.TestCase):
    def test_precedence(self) -> None:
        tree = binary("a == 0 and on (x) b > 1 or c")
        self.assertEqual(tree, Binary("or", binary("a == 0 and on (x) (b > 1)"), Selector("c")))
        self.assertEqual(binary("1 - a * 2"), Binary("-", Number("1"), binary("a * 2")))
        self.assertEqual(binary("a - b - c"), Binary("-", binary("a - b"), Selector("c")))
        self.assertEqual(binary("2 ^ 3 ^ 4"), Binary("^", Number("2"), binary("3 ^ 4")))

    def test_matching(self) -> None:
        tree = binary("a > bool on (x, y) group_left (z) b")
        self.assertEqual((tree.operator, tree.on, tree.group, tree.include), (">", ("x", "y"), "group_left", ("z",)))
        self.assertEqual(binary("a / ignoring (x) b").ignoring, ("x",))
        self.assertEqual(binary("a / on () b").on, ())

    def test_selectors(self) -> None:
        tree = promql.parse('avg_over_time((rate(a{x="}", y!~"$z"}[$__rate_interval]))[1h:1m]) / -b offset 5m')
        a, b = syntax.selectors(tree)
        self.assertEqual(a.matchers, (Matcher("x", "=", "}"), Matcher("y", "!~", "$z")))
        self.assertEqual(b, Selector("b"))
        self.assertEqual(syntax.windows(tree), ["1h", "$__rate_interval"])
        self.assertEqual(promql.parse("a[5m:]"), Range(Selector("a"), "5m", ""))

    def test_aggregations(self) -> None:
        for text in ["sum by (x, y) (a)", "sum(a) by (x, y)"]:
            self.assertEqual(promql.parse(text), Aggregation("sum", ("x", "y"), None, (Selector("a"),)))
        self.assertEqual(promql.parse("sum without () (a)"), Aggregation("sum", None, (), (Selector("a"),)))

    def test_what_is_written_around_it(self) -> None:
        self.assertEqual(promql.parse("a # and so on: b{\n + b # end"), Binary("+", Selector("a"), Selector("b")))
        marks = promql.parse("# first\na{x=`}`} # of a \"kind\n  + # and\n b{y='#'} # last")
        self.assertEqual([each.matchers for each in syntax.selectors(marks)], [(Matcher("x", "=", "}"),), (Matcher("y", "=", "#"),)])
        self.assertEqual(promql.parse("a @ end() offset -1h30m"), Selector("a"))
        self.assertEqual(promql.parse('label_join(a, `b`, "c")'), promql.parse("label_join(a, 'b', 'c')"))
        self.assertEqual(promql.parse("time() + Inf"), Binary("+", Call("time", ()), Number("Inf")))
        self.assertEqual(promql.parse("10m"), Number("10m"))

    def test_problems(self) -> None:
        for text in ["", "# only", "sum(a", "a{b}", "a b", "a[5m", "a +", "a ~ b", 'a{b="c}', ")"]:
            with self.assertRaises(promql.SyntaxProblem, msg=text):
                promql.parse(text)


class DurationTests(unittest.TestCase):
    def test_durations(self) -> None:
        for text, expected in {"5m": 300, "1h30m": 5400, "250ms": 0.25, "1d": 86400}.items():
            self.assertEqual(durations.seconds(text), expected)

    def test_what_is_none(self) -> None:
        for text in ["", "5", "m", "5 m", "5x", "$__rate_interval"]:
            with self.assertRaises(ValueError, msg=text):
                durations.seconds(text)
