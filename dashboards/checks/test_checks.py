"""Each check says nothing of the dashboards as they are, and speaks up when what it is there for is broken.

Run from the top of the checkout: PYTHONPATH=. python3 -B -m unittest discover -s dashboards/checks -t dashboards
"""

import copy
import json
import pathlib
import tempfile
import unittest
from collections.abc import Callable
from typing import Any

from checks import exceptions, layout, lint, model, names, typed_model

DASHBOARDS = pathlib.Path(__file__).resolve().parent.parent
FLEET = json.loads((DASHBOARDS / "fleet.json").read_text(encoding="utf-8"))
METRICS = names.metrics(DASHBOARDS.parent / "docs" / "METRICS.md")


def panel(dashboard: model.JSON, kind: str) -> Any:
    return next(each for each in dashboard["panels"] if each["type"] == kind)


def variable(dashboard: model.JSON, name: str) -> Any:
    return next(each for each in dashboard["templating"]["list"] if each["name"] == name)


def with_expression(expression: str) -> Callable[[model.JSON], None]:
    def change(dashboard: model.JSON) -> None:
        panel(dashboard, "timeseries")["targets"][0]["expr"] = expression

    return change


SCOPE = 'job=~"$job", instance=~"$instance"'

# (rule, what breaks it)
BROKEN: list[tuple[str, Callable[[model.JSON], object]]] = [
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
        rules = lint.DASHBOARD_RULES.names | lint.PANEL_RULES.names | lint.TARGET_RULES.names
        self.assertEqual(len(rules), 17)
        self.assertEqual(rules, {rule for rule, _ in BROKEN})


class NameTests(unittest.TestCase):
    def test_legends_and_columns(self) -> None:
        self.assertEqual(list(names.check("fleet", FLEET, METRICS)), [])
        broken = copy.deepcopy(FLEET)
        panel(broken, "timeseries")["targets"][0]["legendFormat"] = "{{nobody}}"
        panel(broken, "table")["transformations"][1]["options"]["renameByName"]["nothing"] = "Nothing"
        variable(broken, "target")["query"] = "label_values(pgwal_down, target)"
        broken["annotations"]["list"][0]["expr"] = "pgwal_nothing"
        self.assertEqual(len(list(names.check("fleet", broken, METRICS))), 4)


class LayoutTests(unittest.TestCase):
    def problems(self, change: Callable[[model.JSON], object]) -> list[tuple[str, str]]:
        broken = copy.deepcopy(FLEET)
        change(broken)
        urls = {match.group(1) for url in layout.urls(FLEET) if (match := layout.RUNBOOK.search(url))}
        uids = {"pgwal-fleet", "pgwal-replication", "pgwal-slots", "pgwal-dr"}
        return list(layout.check("fleet", broken, urls, uids))

    def test_as_it_is(self) -> None:
        self.assertEqual(self.problems(lambda d: None), [])

    def test_broken(self) -> None:
        changes: list[Callable[[model.JSON], object]] = [
            lambda d: d["panels"][2]["gridPos"].update(x=0),
            lambda d: d["panels"][2]["gridPos"].update(x=21),
            lambda d: d["panels"][2].update(id=1),
            lambda d: d["panels"][2].update(title=d["panels"][1]["title"]),
            lambda d: d["panels"][2]["links"][0].update(url="https://github.com/x/docs/runbooks/PgwalNothing.md"),
            lambda d: d["panels"][2]["links"][0].update(url="/d/elsewhere?x=1"),
        ]
        for change in changes:
            self.assertTrue(self.problems(change))


class TypedModelTests(unittest.TestCase):
    def test_lost(self) -> None:
        self.assertEqual(list(typed_model.lost({"a": [1, {"b": "c"}]}, {"a": [1.0, {"b": "c", "d": 1}], "e": 2})), [])
        afters: list[Any] = [{}, {"a": []}, {"a": [1, {}]}, {"a": [1, {"b": "x"}]}, {"a": [True, {"b": "c"}]}]
        for after in afters:
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
