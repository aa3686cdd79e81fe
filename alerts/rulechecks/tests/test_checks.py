"""Each check says nothing of the rules as they are, and speaks up when what it is there for is broken."""

import copy
import pathlib
import unittest
from typing import Any

from promcheck import catalogue
from rulechecks import alerts, names, verdicts
from rulechecks.files import Folder, Problem, Rule, UnitTest

FOLDER = Folder(pathlib.Path(__file__).resolve().parent.parent.parent.parent)
RULES = FOLDER.rules()
TESTS = list(FOLDER.unit_tests())
ALERTS = [rule for rule in RULES if rule.is_alert]
ALERT = next(alert for alert in ALERTS if alert.name == "PgwalSlotInactive")


def series(rules: list[Rule]) -> catalogue.Catalogue:
    result = catalogue.read(FOLDER.root / "docs" / "METRICS.md")
    names.add_recorded(rules, result)
    return result


def changed(**changes: Any) -> Rule:
    """The alert with other parts; annotations are added to those that it has."""
    text = copy.deepcopy(ALERT.text)
    text["annotations"] |= changes.pop("annotations", {})
    return Rule(ALERT.file, text | changes)


class NameTests(unittest.TestCase):
    def what(self, *rules: Rule) -> list[str]:
        return [problem.what for problem in names.check_rules(rules, series([*RULES, *rules]))]

    def test_the_rules_are_clean(self) -> None:
        self.assertEqual(list(names.check_rules(RULES, series(RULES))), [])
        self.assertEqual(list(names.check_tests(TESTS, series(RULES))), [])

    def test_what_is_wrong_in_an_expression(self) -> None:
        for expression, problem in {
            "pgwal_lag > 1": "no such metric: pgwal_lag",
            'pgwal_slot_active{state="x"}': "no label state of pgwal_slot_active",
            # The label is somewhere in the expression, but not on this side.
            "pgwal_slot_active * on (job, instance, target, slot_name) group_left () pgwal_up": "no label slot_name right of *",
            "pgwal_slot_active[1m]": "the window [1m] is shorter than four scrapes",
            "sum(": "ends too early",
        }.items():
            self.assertEqual(self.what(changed(expr=expression, annotations={"summary": "x", "description": "x"})), [problem])

    def test_what_is_wrong_in_an_annotation(self) -> None:
        query = 'x {{ range query (printf "pgwal_slot_active{job=%q}" $labels.job) }}{{ .Labels.state }}{{ end }}'
        for summary, problem in {
            "{{ $labels.nobody }}": "names the label nobody, which the expression does not return",
            query: "names the label state, which its query does not return",
            query.replace("pgwal_slot_active", "pgwal_lag").replace("state", "job"): "no such metric: pgwal_lag",
        }.items():
            self.assertIn(problem, self.what(changed(annotations={"summary": summary})))

    def test_a_threshold_that_nobody_uses(self) -> None:
        self.assertEqual(self.what(Rule("x.yml", {"record": "pgwal:threshold:x", "expr": "pgwal_up * 1"})), ["it is not used"])

    def test_what_is_recorded_has_the_labels_of_what_it_is_made_of(self) -> None:
        rules = [Rule("x.yml", {"record": "a", "expr": "max by (target) (b)"}), Rule("x.yml", {"record": "b", "expr": "pgwal_up or a"})]
        found = series(rules)
        self.assertEqual((found["a"], found["b"]), ({"target"}, {"job", "instance", "target"}))

    def test_unit_tests(self) -> None:
        test = UnitTest("x.yml", {"input_series": [{"series": 'pgwal_up{state="x"}'}]})
        self.assertEqual([each.what for each in names.check_tests([test], series(RULES))], ["no label state of pgwal_up"])


class AlertTests(unittest.TestCase):
    def what(self, problems: Any) -> list[str]:
        return [problem.what for problem in problems if isinstance(problem, Problem)]

    def test_the_alerts_are_clean(self) -> None:
        self.assertEqual(list(alerts.check(FOLDER, ALERTS)), [])
        self.assertEqual(list(alerts.check_tests(ALERTS, TESTS)), [])

    def test_what_an_alert_lacks(self) -> None:
        for broken, problem in [
            (changed(labels={"severity": "page"}), "its severity is page, not one of critical, info, warning"),
            (changed(annotations={"summary": " "}), "it has no summary"),
            (
                changed(annotations={"runbook_url": "https://example.org"}),
                f"its runbook_url is not {alerts.RUNBOOK_URL.format(ALERT.name)}",
            ),
            (changed(alert="PgwalNothing"), "there is no docs/runbooks/PgwalNothing.md"),
            (changed(alert="SlotInactive"), "its name does not begin with Pgwal"),
        ]:
            others = [each for each in ALERTS if each is not ALERT]
            self.assertIn(problem, self.what(alerts.check(FOLDER, [*others, broken])))
        self.assertIn("there are two alerts of this name", self.what(alerts.check(FOLDER, [*ALERTS, ALERT])))
        self.assertEqual(self.what(alerts.check(FOLDER, [each for each in ALERTS if each is not ALERT])), ["there is no such alert"])

    def test_what_unit_tests_lack(self) -> None:
        def of(**expected: Any) -> UnitTest:
            return UnitTest("x.yml", {"alert_rule_test": [{"alertname": ALERT.name} | expected]})

        fires = of(exp_alerts=[{"exp_annotations": {"summary": "a slot"}}])
        self.assertEqual(self.what(alerts.check_tests([ALERT], [fires])), ["no unit test keeps it quiet"])
        self.assertEqual(self.what(alerts.check_tests([ALERT], [of()])), ["no unit test makes it fire"])
        broken = of(exp_alerts=[{"exp_annotations": {"summary": "a <no value>"}}])
        self.assertEqual(len(self.what(alerts.check_tests([ALERT], [broken, of()]))), 1)
        self.assertIn("there is no alert Nobody", self.what(alerts.check_tests([ALERT], [fires, of(alertname="Nobody")])))


class VerdictTests(unittest.TestCase):
    def what(self, *rules: Rule) -> list[str]:
        others = [rule for rule in RULES if rule.name not in {changed.name for changed in rules}]
        return [problem.what for problem in verdicts.check(verdicts.read(FOLDER), [*others, *rules])]

    def test_findings_and_alerts_agree(self) -> None:
        self.assertEqual(self.what(), [])
        self.assertGreater(len(verdicts.read(FOLDER)), 20)

    def test_what_they_disagree_in(self) -> None:
        threshold = next(rule for rule in RULES if rule.name == "pgwal:threshold:slot_inactive_bytes")
        doubled = Rule(threshold.file, threshold.text | {"expr": "pgwal:target * 2 or pgwal:target * 2 * 1024^3"})
        for rule, problem in (
            (changed(labels={"severity": "critical"}), "its severity is critical, and warning that of the finding slot_inactive"),
            (changed(**{"for": "6m"}), "it holds for 6m, and 5m with the finding slot_inactive"),
            (
                changed(expr="pgwal_slot_retained_bytes > pgwal:threshold:slot_inactive_bytes"),
                "it does not compare with pgwal:threshold:slot_inactive_age_seconds, as the finding slot_inactive does",
            ),
            (doubled, "its default is 2147483648.0, and 1073741824.0 that of the finding slot_inactive"),
        ):
            self.assertIn(problem, self.what(rule))

    def test_an_alert_that_is_gone(self) -> None:
        rules = [rule for rule in RULES if rule.name != ALERT.name]
        self.assertEqual([each.what for each in verdicts.check(verdicts.read(FOLDER), rules)], [f"there is no alert {ALERT.name}"])
        self.assertEqual([each.what for each in verdicts.check([], RULES)], ["it has no table of verdicts"])
