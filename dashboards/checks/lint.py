"""The 17 rules of Grafana's dashboard-linter (github.com/grafana/dashboard-linter), under their names, and none of them excluded.

Where the linter looks at some kinds of panels only, all that ask Prometheus are looked at here.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from checks import model
from checks.model import Dashboard, Json, Panel
from testbed import promql

# https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts, as far as anything here could need it.
_UNITS = (
    "none string short percent percentunit locale bytes decbytes bits binBps Bps binbps bps s ms ns µs m h d dtdurations dtdurationms "
    "clocks dateTimeAsIso dateTimeAsLocal dateTimeFromNow dateTimeAsSystem cps ops reqps rps wps iops hertz bool bool_yes_no bool_on_off"
)
UNITS = set(_UNITS.split())
WITH_QUERIES = {
    "stat",
    "gauge",
    "bargauge",
    "timeseries",
    "table",
    "state-timeline",
    "status-history",
    "barchart",
    "heatmap",
    "histogram",
    "piechart",
}
WITHOUT_QUERIES = {"row", "text", "alertlist", "dashlist"}
#: A function that yields what is wrong; `rule` is its name.
Rule = Any
RATES = {"rate", "irate", "increase"}


def lint(name: str, dashboard: Dashboard) -> Iterator[tuple[str, str, str]]:
    """Yields (rule, where, what)."""
    for rule in DASHBOARD_RULES:
        for problem in rule(dashboard):
            yield rule.rule, name, problem
    for panel in model.panels(dashboard):
        for rule in PANEL_RULES:
            for problem in rule(dashboard, panel):
                yield rule.rule, f"{name}: {panel.get('title') or panel.get('id')}", problem
    for query in model.queries(name, dashboard):
        try:
            tree = promql.parse(query.expression)
        except promql.SyntaxProblem as error:
            yield "target-promql-rule", query.name, str(error)
            continue
        for rule in TARGET_RULES:
            for problem in rule(dashboard, query, tree):
                yield rule.rule, query.name, problem


DASHBOARD_RULES, PANEL_RULES, TARGET_RULES = list[Rule](), list[Rule](), list[Rule]()


def _rule(rules: list[Any], name: str) -> Callable[[Rule], Rule]:
    def register(function: Any) -> Rule:
        function.rule = name
        rules.append(function)
        return function

    return register


def _variables(dashboard: Dashboard, kind: str) -> list[Json]:
    return [variable for variable in dashboard["templating"]["list"] if variable["type"] == kind]


@_rule(DASHBOARD_RULES, "template-datasource-rule")
def _datasource(dashboard: Dashboard) -> Iterator[str]:
    sources = _variables(dashboard, "datasource")
    if not sources:
        yield "no templated data source"
    for source in sources:
        if source["name"] not in ("datasource", f"{source['query']}_datasource"):
            yield f"the data source is called {source['name']!r}, not 'datasource'"
        if source["label"] not in ("Data source", f"{source['query'].title()} data source"):
            yield f"the data source is labelled {source['label']!r}, not 'Data source'"


def _templated(name: str) -> Rule:
    def check(dashboard: Dashboard) -> Iterator[str]:
        found = [variable for variable in dashboard["templating"]["list"] if variable["name"] == name]
        if not found:
            yield f"no variable {name!r}"
            return
        variable = found[0]
        if variable["type"] != "query":
            yield f"{name} is not asked of the data source"
        if variable.get("datasource", {}).get("uid") not in ("$datasource", "${datasource}"):
            yield f"{name} does not use the templated data source"
        if variable.get("label") != name.title():
            yield f"{name} is labelled {variable.get('label')!r}, not {name.title()!r}"
        if not variable.get("multi"):
            yield f"several values of {name} cannot be chosen"
        if variable.get("allValue") != ".+":
            yield f"all values of {name} are {variable.get('allValue')!r}, not '.+'"

    return check


_rule(DASHBOARD_RULES, "template-job-rule")(_templated("job"))
_rule(DASHBOARD_RULES, "template-instance-rule")(_templated("instance"))


@_rule(DASHBOARD_RULES, "template-label-promql-rule")
def _label_promql(dashboard: Dashboard) -> Iterator[str]:
    for variable in _variables(dashboard, "query"):
        match = re.fullmatch(r"([a-z_]+)\((.+)\)", variable["query"])
        if not match or match.group(1) not in ("label_names", "label_values", "metrics", "query_result"):
            yield f"{variable['name']}: not a query for a variable: {variable['query']}"
            continue
        text = match.group(2).rsplit(",", 1)[0] if match.group(1) == "label_values" else match.group(2)
        try:
            promql.parse(text)
        except promql.SyntaxProblem as problem:
            yield f"{variable['name']}: {problem}"


@_rule(DASHBOARD_RULES, "template-on-time-change-reload-rule")
def _reload(dashboard: Dashboard) -> Iterator[str]:
    for variable in _variables(dashboard, "query"):
        if variable.get("refresh") != 2:
            yield f"{variable['name']} is not refreshed when the time range changes"


@_rule(DASHBOARD_RULES, "uneditable-dashboard")
def _uneditable(dashboard: Dashboard) -> Iterator[str]:
    if dashboard.get("editable") is not False:
        yield "can be edited in Grafana, where nobody would find the change"


@_rule(PANEL_RULES, "panel-datasource-rule")
def _panel_datasource(_: object, panel: Panel) -> Iterator[str]:
    if panel["type"] in WITHOUT_QUERIES:
        return
    for place in [panel, *panel.get("targets", [])]:
        if place.get("datasource", {}).get("uid") not in ("$datasource", "${datasource}"):
            yield "does not use the templated data source"


@_rule(PANEL_RULES, "panel-title-description-rule")
def _title(_: object, panel: Panel) -> Iterator[str]:
    if not panel.get("title"):
        yield "no title"
    if not panel.get("description"):
        yield "no description"


@_rule(PANEL_RULES, "panel-units-rule")
def _units(_: object, panel: Panel) -> Iterator[str]:
    if panel["type"] in WITHOUT_QUERIES:
        return
    field = panel["fieldConfig"]
    overrides = [p["value"] for override in field["overrides"] for p in override["properties"] if p["id"] == "unit"]
    default = field["defaults"].get("unit")
    for unit in [default, *overrides]:
        if unit not in UNITS:
            yield f"no unit of Grafana: {unit!r}"


@_rule(PANEL_RULES, "panel-no-targets-rule")
def _no_targets(_: object, panel: Panel) -> Iterator[str]:
    if panel["type"] not in WITH_QUERIES | WITHOUT_QUERIES:
        yield f"a kind of panel that the checks do not know: {panel['type']}"
    if panel["type"] in WITH_QUERIES and not panel.get("targets"):
        yield "no query"


@_rule(TARGET_RULES, "target-promql-rule")
def _promql(dashboard: Dashboard, query: model.Query, _: object) -> Iterator[str]:
    try:
        model.filled_in(query.expression, model.values(dashboard))
    except KeyError as problem:
        yield problem.args[0]
    if not promql.selectors(promql.parse(query.expression)):
        yield "asks for no series"


@_rule(TARGET_RULES, "target-logql-rule")
def _logql(_: object, query: model.Query, __: object) -> Iterator[str]:
    if query.target.get("datasource", {}).get("type") != "prometheus":
        yield "is no query for Prometheus: rules for that language are needed"


@_rule(TARGET_RULES, "target-logql-auto-rule")
def _logql_auto(_: object, query: model.Query, __: object) -> Iterator[str]:
    if "$__auto" in query.expression:
        yield "$__auto is Loki's"


@_rule(TARGET_RULES, "target-rate-interval-rule")
def _rate_interval(_: object, __: object, tree: promql.Node) -> Iterator[str]:
    for node, parents in promql.walk(tree):
        if not isinstance(node, promql.Range):
            continue
        function = parents[-1].function if parents and isinstance(parents[-1], promql.Call) else None
        if function in ("rate", "irate") and node.window != "$__rate_interval":
            yield f"{function} over [{node.window}] instead of [$__rate_interval]"


def _needs(label: str) -> Rule:
    def check(_: object, __: object, tree: promql.Node) -> Iterator[str]:
        for selector in promql.selectors(tree):
            if (label, "=~", f"${label}") not in selector.matchers:
                yield f'{selector.name} without {label}=~"${label}"'

    return check


_rule(TARGET_RULES, "target-job-rule")(_needs("job"))
_rule(TARGET_RULES, "target-instance-rule")(_needs("instance"))


@_rule(TARGET_RULES, "target-counter-agg-rule")
def _counter(_: object, __: object, tree: promql.Node) -> Iterator[str]:
    for node, parents in promql.walk(tree):
        if isinstance(node, promql.Selector) and node.name.endswith("_total"):
            near = parents[-2:] if len(parents) > 1 else ()
            if not (near and isinstance(near[1], promql.Range) and isinstance(near[0], promql.Call) and near[0].function in RATES):
                yield f"counter {node.name} without rate, irate or increase"
