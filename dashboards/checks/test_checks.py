"""Each check says nothing of the dashboards as they are, and speaks up when what it is there for is broken.

Run: python3 -B -m unittest discover -s dashboards/checks -t dashboards
"""

import copy
import json
import pathlib
import tempfile
import unittest
from collections.abc import Callable
from typing import Any

from checks import catalogue, exceptions, layout, lint, model, typed_model
from checks.model import Dashboard
from testbed import promql
from testbed.catalogue import Problem, labels, read

Change = Callable[[Any], object]

DASHBOARDS = pathlib.Path(__file__).resolve().parent.parent
FLEET = json.loads((DASHBOARDS / "fleet.json").read_text(encoding="utf-8"))
METRICS = read(DASHBOARDS.parent / "docs" / "METRICS.md", catalogue.OPTIONAL)


def panel(dashboard: Dashboard, kind: str) -> Any:
    return next(each for each in dashboard["panels"] if each["type"] == kind)


def variable(dashboard: Dashboard, name: str) -> Any:
    return next(each for each in dashboard["templating"]["list"] if each["name"] == name)


def with_expression(expression: str) -> Change:
    def change(dashboard: Dashboard) -> None:
        panel(dashboard, "timeseries")["targets"][0]["expr"] = expression

    return change


SCOPE = 'job=~"$job", instance=~"$instance"'

# (rule, what breaks it)
BROKEN: list[tuple[str, Change]] = [
    ("template-datasource-rule", lambda d: d["templating"]["list"].pop(0)),
    ("template-datasource-rule", lambda d: variable(d, "datasource").update(name="source")),
    ("template-datasource-rule", lambda d: variable(d, "datasource").update(label="DS")),
    ("template-job-rule", lambda d: variable(d, "job").update(name="jobs")),
    ("template-job-rule", lambda d: variable(d, "job").update(multi=False)),
    ("template-job-rule", lambda d: variable(d, "job").update(label="J")),
    ("template-instance-rule", lambda d: variable(d, "instance").update(allValue=".*")),
    ("template-instance-rule", lambda d: variable(d, "instance").update(datasource={"uid": "abc"})),
    ("template-label-promql-rule", lambda d: variable(d, "target").update(query="label_values(pgwal_up{, target)")),
    ("template-label-promql-rule", lambda d: variable(d, "target").update(query="labels(pgwal_up, target)")),
    ("template-on-time-change-reload-rule", lambda d: variable(d, "target").update(refresh=1)),
    ("uneditable-dashboard", lambda d: d.update(editable=True)),
    ("panel-datasource-rule", lambda d: panel(d, "stat").update(datasource={"type": "prometheus", "uid": "abc"})),
    ("panel-datasource-rule", lambda d: panel(d, "table")["targets"][0].update(datasource={"uid": "abc"})),
    ("panel-title-description-rule", lambda d: panel(d, "stat").update(title="")),
    ("panel-title-description-rule", lambda d: panel(d, "alertlist").update(description="")),
    ("panel-units-rule", lambda d: panel(d, "timeseries")["fieldConfig"]["defaults"].pop("unit")),
    ("panel-units-rule", lambda d: panel(d, "timeseries")["fieldConfig"]["defaults"].update(unit="seconds")),
    ("panel-no-targets-rule", lambda d: panel(d, "stat").update(targets=[])),
    ("panel-no-targets-rule", lambda d: panel(d, "stat").update(type="wordcloud")),
    ("target-promql-rule", with_expression("sum(")),
    ("target-promql-rule", with_expression(f"pgwal_up{{{SCOPE}}} * $nothing")),
    ("target-promql-rule", with_expression("vector(1)")),
    ("target-logql-rule", lambda d: panel(d, "stat")["targets"][0].update(datasource={"type": "loki", "uid": "${datasource}"})),
    ("target-logql-auto-rule", with_expression(f"rate(pgwal_up{{{SCOPE}}}[$__auto])")),
    ("target-rate-interval-rule", with_expression(f"rate(pgwal_connects_total{{{SCOPE}}}[5m])")),
    ("target-job-rule", with_expression('pgwal_up{instance=~"$instance"}')),
    ("target-job-rule", with_expression('pgwal_up{job="$job", instance=~"$instance"}')),
    ("target-instance-rule", with_expression(f'pgwal_up{{{SCOPE}}} and on (job) pgwal_timeline{{job=~"$job"}}')),
    ("target-counter-agg-rule", with_expression(f"sum(pgwal_connects_total{{{SCOPE}}})")),
    ("target-counter-agg-rule", with_expression(f"delta(pgwal_connects_total{{{SCOPE}}}[5m])")),
]


class LintTests(unittest.TestCase):
    def test_the_dashboards_are_clean(self) -> None:
        for path in DASHBOARDS.glob("*.json"):
            self.assertEqual(list(lint.lint(path.stem, json.loads(path.read_text(encoding="utf-8")))), [])

    def test_each_rule_finds_what_it_is_for(self) -> None:
        for rule, change in BROKEN:
            broken = copy.deepcopy(FLEET)
            change(broken)
            self.assertIn(rule, {found for found, _, _ in lint.lint("fleet", broken)}, rule)

    def test_there_are_17_rules_and_each_is_tested(self) -> None:
        rules = {rule.rule for rule in lint.DASHBOARD_RULES + lint.PANEL_RULES + lint.TARGET_RULES if hasattr(rule, "rule")}
        self.assertEqual(len(rules), 17)
        self.assertEqual(rules, {rule for rule, _ in BROKEN})


class CatalogueTests(unittest.TestCase):
    def labels(self, expression: str) -> set[str]:
        return labels(promql.parse(expression), METRICS)

    def test_what_there_is(self) -> None:
        self.assertIn("state", self.labels('pgwal_walsender_state{state="streaming"}'))
        self.assertEqual(self.labels("sum by (target) (pgwal_up)"), {"target"})
        self.assertIn(
            "system_identifier", self.labels("pgwal_up * on (job, instance, target) group_left (system_identifier) pgwal_target_info")
        )
        self.assertEqual(self.labels('count_values by (target) ("start", pgwal_up)'), {"target", "start"})
        bucket = "pgwal_walsender_replay_age_sampled_seconds_bucket"
        self.assertEqual(self.labels(f"histogram_quantile(0.9, sum by (target, le) (rate({bucket}[5m])))"), {"target"})

    def test_what_there_is_not(self) -> None:
        for expression in [
            "pgwal_lag",
            'pgwal_up{state="x"}',
            "sum by (slot_name) (pgwal_up)",
            "sum without (slot_name) (pgwal_up)",
            "pgwal_slot_active and on (slot_name) pgwal_up",
            "pgwal_up * on (target) group_left (version) pgwal_timeline",
            "sum by (target) (pgwal_patroni_up)",
            "sum by (instance) (sum by (job) (pgwal_up))",
            'pgwal_up{le="1"}',
        ]:
            with self.assertRaises(Problem, msg=expression):
                self.labels(expression)

    def test_legends_and_columns(self) -> None:
        self.assertEqual(list(catalogue.check("fleet", FLEET, METRICS)), [])
        broken = copy.deepcopy(FLEET)
        panel(broken, "timeseries")["targets"][0]["legendFormat"] = "{{nobody}}"
        panel(broken, "table")["transformations"][1]["options"]["renameByName"]["nothing"] = "Nothing"
        variable(broken, "target")["query"] = "label_values(pgwal_down, target)"
        broken["annotations"]["list"][0]["expr"] = "pgwal_nothing"
        self.assertEqual(len(list(catalogue.check("fleet", broken, METRICS))), 4)


class PromQLTests(unittest.TestCase):
    def test_precedence(self) -> None:
        tree: Any = promql.parse("a == 0 and on (x) b > 1 or c")
        self.assertEqual((tree.operator, tree.left.operator, tree.left.left.operator, tree.left.on), ("or", "and", "==", ["x"]))
        tree = promql.parse("1 - a * 2 ^ 3 ^ 4")
        self.assertEqual((tree.operator, tree.right.operator, tree.right.right.right.operator), ("-", "*", "^"))

    def test_selectors(self) -> None:
        tree = promql.parse('avg_over_time((rate(a{x="}", y!~"$z"}[$__rate_interval]))[1h:1m]) / -b offset 5m')
        self.assertEqual([each.name for each in promql.selectors(tree)], ["a", "b"])
        self.assertEqual(promql.selectors(tree)[0].matchers, [("x", "=", "}"), ("y", "!~", "$z")])

    def test_problems(self) -> None:
        for text in ["", "sum(a", "a{b}", "a b", "a[5m", "a +"]:
            with self.assertRaises(promql.SyntaxProblem, msg=text):
                promql.parse(text)


class LayoutTests(unittest.TestCase):
    def problems(self, change: Change) -> list[tuple[str, str]]:
        broken = copy.deepcopy(FLEET)
        change(broken)
        urls = {match.group(1) for url in layout._urls(FLEET) if (match := layout.RUNBOOK.search(url))}
        uids = {"pgwal-fleet", "pgwal-replication", "pgwal-slots", "pgwal-dr"}
        return list(layout.check("fleet", broken, urls, uids))

    def test_as_it_is(self) -> None:
        self.assertEqual(self.problems(lambda d: None), [])

    def test_broken(self) -> None:
        for change in [
            lambda d: d["panels"][2]["gridPos"].update(x=0),
            lambda d: d["panels"][2]["gridPos"].update(x=21),
            lambda d: d["panels"][2].update(id=1),
            lambda d: d["panels"][2].update(title=d["panels"][1]["title"]),
            lambda d: d["panels"][2]["links"][0].update(url="https://github.com/x/docs/runbooks/PgwalNothing.md"),
            lambda d: d["panels"][2]["links"][0].update(url="/d/elsewhere?x=1"),
        ]:
            self.assertTrue(self.problems(change))


class TypedModelTests(unittest.TestCase):
    def test_lost(self) -> None:
        self.assertEqual(list(typed_model.lost({"a": [1, {"b": "c"}]}, {"a": [1.0, {"b": "c", "d": 1}], "e": 2})), [])
        for after in [{}, {"a": []}, {"a": [1, {}]}, {"a": [1, {"b": "x"}]}, {"a": [True, {"b": "c"}]}]:
            self.assertEqual(len(list(typed_model.lost({"a": [1, {"b": "c"}]}, after))), 1, after)


class ExceptionTests(unittest.TestCase):
    def read(self, text: str) -> list[exceptions.MayBeEmpty]:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "list.txt"
            path.write_text(text, encoding="utf-8")
            return exceptions.read(path)

    def test_reading(self) -> None:
        [only] = self.read('# note\n\npgwal_role_expected{role!="any"} == 1: none is expected\n    fleet/x/*\n')
        self.assertEqual((only.condition, only.reason), ('pgwal_role_expected{role!="any"} == 1', "none is expected"))
        query = model.Query("fleet/x/B", {}, {}, "")
        self.assertEqual(exceptions.of(query, [only]), [only])
        self.assertEqual(exceptions.of(model.Query("fleet/y/B", {}, {}, ""), [only]), [])

    def test_mistakes(self) -> None:
        for text in ["    fleet/x/A\n", "pgwal_up\n    fleet/x/A\n"]:
            with self.assertRaises(ValueError):
                self.read(text)
        self.assertEqual(len(list(exceptions.check({"fleet": FLEET}, self.read("pgwal_down: no\n    fleet/nothing/A\n"), METRICS))), 2)

    def test_scope(self) -> None:
        values = {"job": "j", "instance": "i", "target": "t"}
        self.assertEqual(exceptions.scoped('pgwal_up{a="b"} == 1', values), 'pgwal_up{job=~"j", instance=~"i", target=~"t", a="b"} == 1')
        self.assertEqual(exceptions.scoped("pgwal_patroni_up", values), 'pgwal_patroni_up{job=~"j", instance=~"i"}')


if __name__ == "__main__":
    unittest.main()
