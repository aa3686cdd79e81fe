"""Dashboards of Grafana from few words: what a panel asks and means is said in the dashboard's own file, all the rest is here."""

import re
from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
RUNBOOKS = "https://github.com/pgwal/pgwal_exporter/blob/main/docs/runbooks/"
DOCUMENTS = "https://github.com/pgwal/pgwal_exporter/blob/main/docs/"
COLUMNS = 24
GREEN, YELLOW, ORANGE, RED, GREY, BLUE = "green", "yellow", "orange", "red", "text", "blue"


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


# ---- values ----------------------------------------------------------------------------------------------------------------------------


def steps(base: str, *above: tuple[float, str]) -> Json:
    """Thresholds: the colour from below, then (value, colour) upwards."""
    return {"mode": "absolute", "steps": [{"color": base, "value": None}] + [{"color": color, "value": value} for value, color in above]}


NO_THRESHOLDS = steps(GREEN)
ONE_IS_BAD = steps(GREEN, (1, RED))
ZERO_IS_BAD = steps(RED, (1, GREEN))


def mapping(*values: tuple[float | str, str, str]) -> list[Json]:
    """Value mappings: (value, text, colour)."""
    options = {str(value): {"color": color, "index": index, "text": text} for index, (value, text, color) in enumerate(values)}
    return [{"type": "value", "options": options}]


UP = mapping((1, "Up", GREEN), (0, "Down", RED))
ROLE = mapping((0, "Primary", BLUE), (1, "Standby", GREEN))
YES_GOOD = mapping((1, "Yes", GREEN), (0, "No", RED))
YES_BAD = mapping((1, "Yes", RED), (0, "No", GREEN))
YES_NO = mapping((1, "Yes", BLUE), (0, "No", GREY))
MISSING = mapping((1, "Missing", RED), (0, "There", GREEN))
ACTIVE = mapping((1, "In use", GREEN), (0, "Unused", ORANGE))


# ---- links -----------------------------------------------------------------------------------------------------------------------------


def link(title: str, url: str, **others: Any) -> Json:
    return {
        "asDropdown": False,
        "icon": "external link",
        "includeVars": False,
        "keepTime": False,
        "tags": [],
        "targetBlank": True,
        "title": title,
        "tooltip": "",
        "type": "link",
        "url": url,
        **others,
    }


def runbook(alert: str) -> Json:
    return link(f"Runbook: {alert}", f"{RUNBOOKS}{alert}.md", icon="doc")


# ---- panels ----------------------------------------------------------------------------------------------------------------------------


def query(expression: str, legend: str = "", instant: bool = False, table: bool = False) -> Json:
    return {
        "datasource": dict(DATASOURCE),
        "editorMode": "code",
        "expr": expression,
        "format": "table" if table else "time_series",
        "instant": instant,
        "legendFormat": legend or "__auto",
        "range": not instant,
    }


def _panel(
    kind: str,
    title: str,
    description: str,
    queries: list[Json],
    width: int,
    height: int,
    options: Json,
    defaults: Json,
    overrides: Sequence[Json] = (),
    links: Sequence[Json] = (),
    transformations: Sequence[Json] = (),
) -> Json:
    for index, each in enumerate(queries):
        each["refId"] = chr(ord("A") + index)
    panel = {
        "datasource": dict(DATASOURCE),
        "description": description,
        "fieldConfig": {"defaults": defaults, "overrides": list(overrides)},
        "gridPos": {"h": height, "w": width, "x": 0, "y": 0},
        "links": list(links),
        "options": options,
        "targets": queries,
        "title": title,
        "type": kind,
    }
    if transformations:
        panel["transformations"] = list(transformations)
    return panel


def stat(
    title: str,
    description: str,
    expression: str,
    unit: str = "none",
    thresholds: Json | None = ONE_IS_BAD,
    none: str | None = None,
    links: Sequence[Json] = (),
    width: int = 4,
    height: int = 4,
    mappings: Sequence[Json] = (),
    decimals: int | None = None,
) -> Json:
    """One number, on a background that says whether it is good. `none` is shown when the query returns nothing."""
    defaults: Json = {"color": {"mode": "thresholds"}, "mappings": list(mappings), "thresholds": thresholds, "unit": unit}
    if none:
        defaults["noValue"] = none
    if decimals is not None:
        defaults["decimals"] = decimals
    options = {
        "colorMode": "background",
        "graphMode": "none",
        "justifyMode": "auto",
        "orientation": "auto",
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "textMode": "value",
        "wideLayout": True,
    }
    return _panel("stat", title, description, [query(expression, instant=True)], width, height, options, defaults, links=links)


def graph(
    title: str,
    description: str,
    *queries: tuple[str, str],
    unit: str = "none",
    thresholds: Json | None = None,
    links: Sequence[Json] = (),
    width: int = 12,
    height: int = 8,
    stack: bool = False,
    least: float | None = 0,
    most: float | None = None,
) -> Json:
    """Lines over time. `queries` are (expression, legend); thresholds are drawn as lines."""
    custom = {
        "drawStyle": "line",
        "fillOpacity": 20 if stack else 5,
        "lineWidth": 1,
        "showPoints": "never",
        "spanNulls": False,
        "stacking": {"group": "A", "mode": "normal" if stack else "none"},
        "thresholdsStyle": {"mode": "line" if thresholds else "off"},
    }
    defaults: Json = {
        "color": {"mode": "palette-classic"},
        "custom": custom,
        "mappings": [],
        "thresholds": thresholds or NO_THRESHOLDS,
        "unit": unit,
    }
    if least is not None:
        defaults["min"] = least
    if most is not None:
        defaults["max"] = most
    options = {
        "legend": {"calcs": ["lastNotNull", "max"], "displayMode": "table", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    return _panel("timeseries", title, description, [query(*each) for each in queries], width, height, options, defaults, links=links)


def states(
    title: str,
    description: str,
    *queries: tuple[str, str],
    mappings: Sequence[Json],
    thresholds: Json | None = NO_THRESHOLDS,
    links: Sequence[Json] = (),
    width: int = 12,
    height: int = 7,
) -> Json:
    """A bar per series, whose colour is its state at the time."""
    defaults: Json = {
        "color": {"mode": "thresholds"},
        "custom": {"fillOpacity": 75, "lineWidth": 0},
        "mappings": mappings,
        "thresholds": thresholds,
        "unit": "none",
    }
    options = {
        "alignValue": "left",
        "legend": {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": False},
        "mergeValues": True,
        "rowHeight": 0.8,
        "showValue": "auto",
        "tooltip": {"mode": "single", "sort": "none"},
    }
    return _panel("state-timeline", title, description, [query(*each) for each in queries], width, height, options, defaults, links=links)


class Column:
    """A column of a table: the value of a query, or with `label` one of its labels (and the value, always 1, is left out)."""

    def __init__(
        self,
        title: str,
        expression: str,
        unit: str = "none",
        mappings: Sequence[Json] = (),
        thresholds: Json | None = None,
        label: str | dict[str, str] | None = None,
        decimals: int | None = None,
        width: int | None = None,
    ) -> None:
        self.title, self.expression, self.unit = title, expression, unit
        self.mappings, self.thresholds, self.decimals, self.width = list(mappings), thresholds, decimals, width
        # Several labels of one query: {label: title}.
        self.labels = {label: title} if isinstance(label, str) else dict(label or {})

    def properties(self) -> list[Json]:
        properties: list[Json] = []
        if not self.labels:
            properties.append({"id": "unit", "value": self.unit})
        if self.decimals is not None:
            properties.append({"id": "decimals", "value": self.decimals})
        if self.mappings:
            properties.append({"id": "mappings", "value": self.mappings})
        if self.thresholds:
            properties.append({"id": "thresholds", "value": self.thresholds})
        if self.mappings or self.thresholds:
            properties.append({"id": "custom.cellOptions", "value": {"type": "color-text"}})
        if self.width:
            properties.append({"id": "custom.width", "value": self.width})
        return properties


KEY_TITLES = {
    "application_name": "Standby",
    "client_addr": "Address",
    "cluster": "Cluster",
    "collector": "Collector",
    "database": "Database",
    "instance": "Instance",
    "phase": "Phase",
    "reason": "Reason",
    "role": "Role",
    "site": "Site",
    "slot_name": "Slot",
    "slot_type": "Type",
    "source": "Expected by",
    "state": "State",
    "subscription": "Subscription",
    "system_identifier": "System",
    "target": "Target",
    "upstream_host": "Upstream",
    "upstream_port": "Port",
    "url": "URL",
    "version": "Version",
}


def table(
    title: str,
    description: str,
    keys: str,
    columns: Sequence[Column],
    sort: str | None = None,
    descending: bool = True,
    links: Sequence[Json] = (),
    width: int = 24,
    height: int = 8,
    none: str | None = None,
) -> Json:
    """Rows told apart by the labels `keys` (as in `by (…)`); one query a column, of the present moment."""
    labels = keys.split(", ")
    queries = [query(column.expression, instant=True, table=True) for column in columns]
    order, rename, exclude = [key for key in labels if key != "job"], dict[str, str](), {"Time": True, "job": True}
    for key in order:
        rename[key] = KEY_TITLES[key]
    for index, column in enumerate(columns):
        value = "Value" if len(columns) == 1 else "Value #" + chr(ord("A") + index)
        if column.labels:
            exclude[value] = True
            order += [label for label in column.labels if label not in order]
            rename.update(column.labels)
        else:
            order.append(value)
            rename[value] = column.title
    if len(columns) > 1:
        # Grafana calls the value so when the other queries return nothing: then it is the first one's, which always returns something.
        if columns[0].labels:
            exclude["Value"] = True
        else:
            rename["Value"] = columns[0].title
    overrides = [
        {"matcher": {"id": "byName", "options": name}, "properties": column.properties()}
        for column in columns
        for name in (column.labels.values() if column.labels else [column.title])
        if column.properties()
    ]
    if "target" in labels:
        overrides.append({"matcher": {"id": "byName", "options": "Target"}, "properties": [{"id": "links", "value": _target_links()}]})
    defaults: Json = {
        "color": {"mode": "thresholds"},
        "custom": {"align": "auto", "cellOptions": {"type": "auto"}, "filterable": True, "inspect": False},
        "mappings": [],
        "thresholds": NO_THRESHOLDS,
        "unit": "none",
    }
    if none:
        defaults["noValue"] = none
    organize = {"excludeByName": exclude, "indexByName": {name: index for index, name in enumerate(order)}, "renameByName": rename}
    transformations = [{"id": "merge", "options": {}}, {"id": "organize", "options": organize}]
    options = {
        "cellHeight": "sm",
        "footer": {"countRows": False, "fields": [], "reducer": ["sum"], "show": False},
        "showHeader": True,
        "sortBy": [{"desc": descending, "displayName": sort}] if sort else [],
    }
    return _panel("table", title, description, queries, width, height, options, defaults, overrides, links, transformations)


def _target_links() -> list[Json]:
    variables = "var-target=${__value.text}&${datasource:queryparam}&${job:queryparam}&${instance:queryparam}&${__url_time_range}"
    return [
        link(f"{title} of ${{__value.text}}", f"/d/{uid}?{variables}", targetBlank=False, icon="dashboard")
        for title, uid in (("Replication", "pgwal-replication"), ("Slots and WAL", "pgwal-slots"), ("Disaster recovery", "pgwal-dr"))
    ]


def alerts(title: str, description: str, width: int = 12, height: int = 8) -> Json:
    """What Grafana knows of the firing and pending alerts of `alerts/`."""
    return {
        "datasource": dict(DATASOURCE),
        "description": description,
        "fieldConfig": {"defaults": {}, "overrides": []},
        "gridPos": {"h": height, "w": width, "x": 0, "y": 0},
        "links": [],
        "options": {
            "alertInstanceLabelFilter": '{alertname=~"Pgwal.+"}',
            "alertName": "",
            "dashboardAlerts": False,
            "groupBy": [],
            "groupMode": "default",
            "maxItems": 50,
            "sortOrder": 3,
            "stateFilter": {"error": True, "firing": True, "noData": False, "normal": False, "pending": True},
            "viewMode": "list",
        },
        "title": title,
        "type": "alertlist",
    }


def row(title: str) -> Json:
    return {"collapsed": False, "gridPos": {"h": 1, "w": COLUMNS, "x": 0, "y": 0}, "panels": [], "title": title, "type": "row"}


# ---- the dashboard ---------------------------------------------------------------------------------------------------------------------


def _variable(name: str, label: str, values: str, description: str, everything: str) -> Json:
    return {
        "allValue": everything,
        "allowCustomValue": True,
        "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
        "datasource": dict(DATASOURCE),
        "description": description,
        "hide": 0,
        "includeAll": True,
        "label": label,
        "multi": True,
        "name": name,
        "options": [],
        "query": values,
        "refresh": 2,
        "regex": "",
        "skipUrlSync": False,
        "sort": 1,
        "type": "query",
    }


def choice(name: str, label: str, description: str, values: Sequence[tuple[str, str]], default: str) -> Json:
    """A variable with fixed values: (text, value)."""
    options = [{"selected": value == default, "text": text, "value": value} for text, value in values]
    return {
        "allowCustomValue": True,
        "current": next(option for option in options if option["selected"]),
        "description": description,
        "hide": 0,
        "includeAll": False,
        "label": label,
        "multi": False,
        "name": name,
        "options": options,
        "query": ", ".join(f"{text} : {value}" for text, value in values),
        "skipUrlSync": False,
        "type": "custom",
    }


def _variables() -> list[Json]:
    here = 'job=~"$job", instance=~"$instance"'
    datasource = {
        "allowCustomValue": True,
        "current": {"selected": False, "text": "default", "value": "default"},
        "description": "The Prometheus (or Thanos, Mimir) that scrapes the exporters.",
        "hide": 0,
        "includeAll": False,
        "label": "Data source",
        "multi": False,
        "name": "datasource",
        "options": [],
        "query": "prometheus",
        "refresh": 1,
        "regex": "",
        "skipUrlSync": False,
        "type": "datasource",
    }
    return [
        datasource,
        _variable("job", "Job", "label_values(pgwal_up, job)", "Scrape job.", ".+"),
        _variable("instance", "Instance", 'label_values(pgwal_up{job=~"$job"}, instance)', "Exporter.", ".+"),
        _variable(
            "system_identifier",
            "System",
            f"label_values(pgwal_target_info{{{here}}}, system_identifier)",
            "A physical cluster: a primary and all its standbys have one system identifier. "
            "A target that never answered is shown whatever is chosen here.",
            ".*",
        ),
        _variable(
            "target", "Target", f"label_values(pgwal_up{{{here}}}, target)", "Server, as it is named in the exporter's configuration.", ".+"
        ),
    ]


def annotation(name: str, color: str, expression: str, enabled: bool = True) -> Json:
    """Marks on the graphs where the query returns something; its name and colour are at the top of the dashboard."""
    return {"datasource": dict(DATASOURCE), "enable": enabled, "expr": expression, "hide": False, "iconColor": color, "name": name}


def dashboard(
    uid: str, title: str, description: str, panels: list[Json], variables: Sequence[Json] = (), annotations: Sequence[Json] = ()
) -> Json:
    """Lays out the panels from left to right, a new line when one does not fit, and numbers them."""
    x = y = line = 0
    for number, panel in enumerate(panels, 1):
        panel["id"] = number
        position = panel["gridPos"]
        if x + position["w"] > COLUMNS:
            x, y, line = 0, y + line, 0
        position["x"], position["y"] = x, y
        x, line = x + position["w"], max(line, position["h"])
    return {
        "annotations": {"list": list(annotations)},
        "description": description,
        "editable": False,
        "fiscalYearStartMonth": 0,
        "graphTooltip": 1,
        "links": [
            link("Dashboards", "", type="dashboards", tags=["pgwal"], includeVars=True, keepTime=True, targetBlank=False),
            link("Metrics", DOCUMENTS + "METRICS.md", icon="doc"),
            link("Runbooks", RUNBOOKS, icon="doc"),
        ],
        "panels": panels,
        "preload": False,
        "refresh": "30s",
        "schemaVersion": 41,
        "tags": ["pgwal", "postgresql"],
        "templating": {"list": _variables() + list(variables)},
        "time": {"from": "now-6h", "to": "now"},
        "timepicker": {"refresh_intervals": ["10s", "30s", "1m", "5m", "15m", "1h"]},
        "timezone": "browser",
        "title": title,
        "uid": uid,
        "version": 1,
    }
