import unittest
from typing import Any

from testbed import catalogue, promql

METRICS: catalogue.Metrics = {
    "a": {"job", "target", "slot_name"},
    "b": {"job", "target", "version"},
    "c_bucket": {"job", "le"},
    "c_count": {"job"},
}


def labels(expression: str) -> set[str]:
    return catalogue.labels(promql.parse(expression), METRICS)


class PromQL(unittest.TestCase):
    def test_comments_and_kinds_of_strings(self) -> None:
        tree: Any = promql.parse("# first\na{x=`}`} # of a \"kind\n  + # and\n b{y='#'} # last")
        self.assertEqual(
            [(each.name, each.matchers) for each in promql.selectors(tree)], [("a", [("x", "=", "}")]), ("b", [("y", "=", "#")])]
        )

    def test_how_two_sides_are_matched(self) -> None:
        tree: Any = promql.parse("a * on (job, target) group_left (version) b")
        self.assertEqual((tree.on, tree.group, tree.include), (["job", "target"], "group_left", ["version"]))
        tree = promql.parse("c_count - ignoring (le) c_bucket")
        self.assertEqual((tree.on, tree.ignoring), (None, ["le"]))

    def test_the_labels_of_a_result(self) -> None:
        self.assertEqual(labels("a * on (job, target) group_left (version) b"), METRICS["a"] | {"version"})
        self.assertEqual(labels("a / on (job, target) sum by (job, target) (b)"), {"job", "target"})
        self.assertEqual(labels("c_count - ignoring (le) c_bucket"), {"job"})
        self.assertEqual(labels("max without (slot_name) (a)"), {"job", "target"})
        self.assertEqual(labels("topk(3, a)"), METRICS["a"])
        self.assertEqual(labels('label_replace(a, "name", "$1", "slot_name", "(.+)")'), METRICS["a"] | {"name"})
        self.assertEqual(labels('count_values by (job) ("start", a)'), {"job", "start"})
        self.assertEqual(labels("a unless on (job) b"), METRICS["a"])

    def test_what_there_is_not(self) -> None:
        for expression in (
            "nothing",
            'a{version="1"}',
            "sum by (version) (a)",
            "a and on (version) b",
            "c_count - ignoring (version) c_bucket",
            'label_replace(a, "name", "$1", "version", "(.+)")',
        ):
            with self.subTest(expression), self.assertRaises(catalogue.Problem):
                labels(expression)
        self.assertEqual(catalogue.labels(promql.parse("sum by (version) (a)"), METRICS, strict=False), {"version"})
