"""The checks of the example for Alertmanager, and of the look-alikes, find what is wrong."""

import pathlib
import unittest

from rulechecks import alertmanager, lookalikes
from rulechecks.files import Folder, Rule, UnitTest

ROOT = pathlib.Path(__file__).resolve().parents[3]
SEVERITIES = {"PgwalDown": "critical", "PgwalLag": "warning"}


def inhibition(source: str, target: str, equal: list[str], cluster: bool = True) -> list[str]:
    matchers = [f"alertname = {source}", *(['cluster =~ ".+"'] if cluster else [])]
    rule = {"source_matchers": matchers, "target_matchers": [f"alertname = {target}"], "equal": equal}
    return [problem.what for problem in alertmanager._inhibition(rule, SEVERITIES)]


class InhibitionTests(unittest.TestCase):
    def test_a_cause_silences_what_weighs_no_more(self) -> None:
        self.assertEqual(inhibition("PgwalDown", "PgwalLag", ["job", "cluster"]), [])
        self.assertIn("silences PgwalDown, critical", inhibition("PgwalLag", "PgwalDown", ["job", "cluster"])[0])
        self.assertEqual(inhibition("PgwalLag", "PgwalLag", ["job", "target"]), ["PgwalLag silences itself"])

    def test_nobody_silences_another_target_without_a_cluster(self) -> None:
        self.assertIn("has no cluster", inhibition("PgwalDown", "PgwalLag", ["job", "cluster"], cluster=False)[0])
        self.assertEqual(inhibition("PgwalDown", "PgwalLag", ["job", "instance", "target"], cluster=False), [])

    def test_amtool_says_where_an_alert_goes(self) -> None:
        folder = Folder(ROOT)
        self.assertEqual(list(alertmanager._amtool(folder, {"PgwalTargetDown": "critical", "PgwalReplayLag": "warning"})), [])
        # A warning of two primaries would be paged all the same.
        self.assertEqual(len(list(alertmanager._amtool(folder, {"PgwalTwoPrimaries": "warning"}))), 2)


class LookAlikeTests(unittest.TestCase):
    def test_each_alert_has_a_line_and_each_line_a_test(self) -> None:
        rule = Rule("lag.yml", {"alert": "PgwalLag", "expr": "1"})
        test = UnitTest("lag.yml", {"name": "idle: no lag", "alert_rule_test": [{"alertname": "PgwalLag", "exp_alerts": []}]})
        self.assertEqual(list(lookalikes.check([("PgwalLag", "lag.yml", "idle")], [rule], [], [test])), [])
        self.assertEqual(len(list(lookalikes.check([], [rule], [], [test]))), 1)
        self.assertEqual(len(list(lookalikes.check([("PgwalLag", "lag.yml", "busy")], [rule], [], [test]))), 1)


if __name__ == "__main__":
    unittest.main()
