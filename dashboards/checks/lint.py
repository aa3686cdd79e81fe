"""The 17 rules of Grafana's dashboard-linter (github.com/grafana/dashboard-linter), under their names, and none of them excluded.

Where the linter looks at some kinds of panels only, all that ask Prometheus are looked at here.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, ParamSpec

from checks import model
from promcheck import promql, syntax

# https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts, as far as anything here could need it.
UNITS = frozenset(
    """
    none string short percent percentunit locale
    bytes decbytes bits binBps Bps binbps bps
    s ms ns µs m h d dtdurations dtdurationms clocks
    dateTimeAsIso dateTimeAsLocal dateTimeFromNow dateTimeAsSystem
    cps ops reqps rps wps iops hertz
    bool bool_yes_no bool_on_off
    """.split()
)
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
RATES = {"rate", "irate", "increase"}


def lint(name: str, dashboard: model.JSON) -> Iterator[tuple[str, str, str]]:
    """Yields (rule, where, what)."""
    for rule, problem in DASHBOARD_RULES.problems(dashboard):
        yield rule, name, problem
    for panel in model.panels(dashboard):
        for rule, problem in PANEL_RULES.problems(panel):
            yield rule, f"{name}: {panel.get('title') or panel.get('id')}", problem
    for query in model.queries(name, dashboard):
        try:
            tree = promql.parse(query.expression)
        except promql.SyntaxProblem as unreadable:
            yield "target-promql-rule", query.name, str(unreadable)
            continue
        for rule, problem in TARGET_RULES.problems(dashboard, query, tree):
            yield rule, query.name, problem


Subject = ParamSpec("Subject")


class Rules(Generic[Subject]):
    """Rules about one kind of thing, by their names."""

    def __init__(self) -> None:
        self._rules: list[tuple[str, Callable[Subject, Iterable[str]]]] = []

    def add(self, name: str) -> Callable[[Callable[Subject, Iterable[str]]], Callable[Subject, Iterable[str]]]:
        def register(rule: Callable[Subject, Iterable[str]]) -> Callable[Subject, Iterable[str]]:
            self._rules.append((name, rule))
            return rule

        return register

    def problems(self, *subject: Subject.args, **more: Subject.kwargs) -> Iterator[tuple[str, str]]:
        """Yields (rule, what)."""
        for name, rule in self._rules:
            for problem in rule(*subject, **more):
                yield name, problem

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self._rules}


DASHBOARD_RULES: Rules[[model.JSON]] = Rules()
PANEL_RULES: Rules[[model.JSON]] = Rules()
TARGET_RULES: Rules[[model.JSON, model.Query, syntax.Node]] = Rules()


def _variables(dashboard: model.JSON, kind: str) -> list[model.JSON]:
    return [variable for variable in dashboard["templating"]["list"] if variable["type"] == kind]


@DASHBOARD_RULES.add("template-datasource-rule")
def _datasource(dashboard: model.JSON) -> Iterator[str]:
    sources = _variables(dashboard, "datasource")
    if not sources:
        yield "no templated data source"
    for source in sources:
        if source["name"] not in ("datasource", f"{source['query']}_datasource"):
            yield f"the data source is called {source['name']!r}, not 'datasource'"
        if source["label"] not in ("Data source", f"{source['query'].title()} data source"):
            yield f"the data source is labelled {source['label']!r}, not 'Data source'"


def _templated(name: str) -> Callable[[model.JSON], Iterator[str]]:
    def check(dashboard: model.JSON) -> Iterator[str]:
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


DASHBOARD_RULES.add("template-job-rule")(_templated("job"))
DASHBOARD_RULES.add("template-instance-rule")(_templated("instance"))


@DASHBOARD_RULES.add("template-label-promql-rule")
def _label_promql(dashboard: model.JSON) -> Iterator[str]:
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


@DASHBOARD_RULES.add("template-on-time-change-reload-rule")
def _reload(dashboard: model.JSON) -> Iterator[str]:
    for variable in _variables(dashboard, "query"):
        if variable.get("refresh") != 2:
            yield f"{variable['name']} is not refreshed when the time range changes"


@DASHBOARD_RULES.add("uneditable-dashboard")
def _uneditable(dashboard: model.JSON) -> Iterator[str]:
    if dashboard.get("editable") is not False:
        yield "can be edited in Grafana, where nobody would find the change"


@PANEL_RULES.add("panel-datasource-rule")
def _panel_datasource(panel: model.JSON) -> Iterator[str]:
    if panel["type"] in WITHOUT_QUERIES:
        return
    for place in [panel, *panel.get("targets", [])]:
        if place.get("datasource", {}).get("uid") not in ("$datasource", "${datasource}"):
            yield "does not use the templated data source"


@PANEL_RULES.add("panel-title-description-rule")
def _title(panel: model.JSON) -> Iterator[str]:
    if not panel.get("title"):
        yield "no title"
    if not panel.get("description"):
        yield "no description"


@PANEL_RULES.add("panel-units-rule")
def _units(panel: model.JSON) -> Iterator[str]:
    if panel["type"] in WITHOUT_QUERIES:
        return
    field = panel["fieldConfig"]
    overrides = [p["value"] for override in field["overrides"] for p in override["properties"] if p["id"] == "unit"]
    default = field["defaults"].get("unit")
    for unit in [default, *overrides]:
        if unit not in UNITS:
            yield f"no unit of Grafana: {unit!r}"


@PANEL_RULES.add("panel-no-targets-rule")
def _no_targets(panel: model.JSON) -> Iterator[str]:
    if panel["type"] not in WITH_QUERIES | WITHOUT_QUERIES:
        yield f"a kind of panel that the checks do not know: {panel['type']}"
    if panel["type"] in WITH_QUERIES and not panel.get("targets"):
        yield "no query"


@TARGET_RULES.add("target-promql-rule")
def _promql(dashboard: model.JSON, query: model.Query, tree: syntax.Node) -> Iterator[str]:
    try:
        model.filled_in(query.expression, model.values(dashboard))
    except KeyError as problem:
        yield str(problem.args[0])
    if not syntax.selectors(tree):
        yield "asks for no series"


@TARGET_RULES.add("target-logql-rule")
def _logql(_: model.JSON, query: model.Query, __: syntax.Node) -> Iterator[str]:
    if query.target.get("datasource", {}).get("type") != "prometheus":
        yield "is no query for Prometheus: rules for that language are needed"


@TARGET_RULES.add("target-logql-auto-rule")
def _logql_auto(_: model.JSON, query: model.Query, __: syntax.Node) -> Iterator[str]:
    if "$__auto" in query.expression:
        yield "$__auto is Loki's"


@TARGET_RULES.add("target-rate-interval-rule")
def _rate_interval(_: model.JSON, __: model.Query, tree: syntax.Node) -> Iterator[str]:
    for node, parents in syntax.walk(tree):
        if not isinstance(node, syntax.Range):
            continue
        function = parents[-1].function if parents and isinstance(parents[-1], syntax.Call) else None
        if function in ("rate", "irate") and node.window != "$__rate_interval":
            yield f"{function} over [{node.window}] instead of [$__rate_interval]"


def _needs(label: str) -> Callable[[model.JSON, model.Query, syntax.Node], Iterator[str]]:
    def check(_: model.JSON, __: model.Query, tree: syntax.Node) -> Iterator[str]:
        for selector in syntax.selectors(tree):
            if syntax.Matcher(label, "=~", f"${label}") not in selector.matchers:
                yield f'{selector.name} without {label}=~"${label}"'

    return check


TARGET_RULES.add("target-job-rule")(_needs("job"))
TARGET_RULES.add("target-instance-rule")(_needs("instance"))


@TARGET_RULES.add("target-counter-agg-rule")
def _counter(_: model.JSON, __: model.Query, tree: syntax.Node) -> Iterator[str]:
    for node, parents in syntax.walk(tree):
        if isinstance(node, syntax.Selector) and node.name.endswith("_total"):
            near = parents[-2:] if len(parents) > 1 else ()
            if not (near and isinstance(near[1], syntax.Range) and isinstance(near[0], syntax.Call) and near[0].function in RATES):
                yield f"counter {node.name} without rate, irate or increase"
