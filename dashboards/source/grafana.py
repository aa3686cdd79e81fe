"""Dashboards of Grafana from few words: what a panel asks and means is said in the dashboard's own file, all the rest is here."""

import re

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
RUNBOOKS = "https://github.com/pgwal/pgwal_exporter/blob/main/docs/runbooks/"
DOCUMENTS = "https://github.com/pgwal/pgwal_exporter/blob/main/docs/"
COLUMNS = 24
GREEN, YELLOW, ORANGE, RED, GREY, BLUE = "green", "yellow", "orange", "red", "text", "blue"


def slug(text):
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


# ---- values ----------------------------------------------------------------------------------------------------------------------------


def steps(base, *above):
    """Thresholds: the colour from below, then (value, colour) upwards."""
    return {"mode": "absolute", "steps": [{"color": base, "value": None}] + [{"color": color, "value": value} for value, color in above]}


NO_THRESHOLDS = steps(GREEN)
ONE_IS_BAD = steps(GREEN, (1, RED))
ZERO_IS_BAD = steps(RED, (1, GREEN))


def mapping(*values):
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


def link(title, url, **others):
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


def runbook(alert):
    return link(f"Runbook: {alert}", f"{RUNBOOKS}{alert}.md", icon="doc")


# ---- panels ----------------------------------------------------------------------------------------------------------------------------


def query(expression, legend="", instant=False, table=False):
    return {
        "datasource": dict(DATASOURCE),
        "editorMode": "code",
        "expr": expression,
        "format": "table" if table else "time_series",
        "instant": instant,
        "legendFormat": legend or "__auto",
        "range": not instant,
    }


def _panel(kind, title, description, queries, width, height, options, defaults, overrides=(), links=(), transformations=()):
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
    title, description, expression, unit="none", thresholds=ONE_IS_BAD, none=None, links=(), width=4, height=4, mappings=(), decimals=None
):
    """One number, on a background that says whether it is good. `none` is shown when the query returns nothing."""
    defaults = {"color": {"mode": "thresholds"}, "mappings": list(mappings), "thresholds": thresholds, "unit": unit}
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


def graph(title, description, *queries, unit="none", thresholds=None, links=(), width=12, height=8, stack=False, least=0, most=None):
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
    defaults = {
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


def states(title, description, *queries, mappings, thresholds=NO_THRESHOLDS, links=(), width=12, height=7):
    """A bar per series, whose colour is its state at the time."""
    defaults = {
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

    def __init__(self, title, expression, unit="none", mappings=(), thresholds=None, label=None, decimals=None, width=None):
        self.title, self.expression, self.unit = title, expression, unit
        self.mappings, self.thresholds, self.decimals, self.width = list(mappings), thresholds, decimals, width
        # Several labels of one query: {label: title}.
        self.labels = {label: title} if isinstance(label, str) else dict(label or {})

    def properties(self):
        properties = []
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


def table(title, description, keys, columns, sort=None, descending=True, links=(), width=24, height=8, none=None):
    """Rows told apart by the labels `keys` (as in `by (…)`); one query a column, of the present moment."""
    keys = keys.split(", ")
    queries = [query(column.expression, instant=True, table=True) for column in columns]
    order, rename, exclude = [key for key in keys if key != "job"], {}, {"Time": True, "job": True}
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
    if "target" in keys:
        overrides.append({"matcher": {"id": "byName", "options": "Target"}, "properties": [{"id": "links", "value": _target_links()}]})
    defaults = {
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


def _target_links():
    variables = "var-target=${__value.text}&${datasource:queryparam}&${job:queryparam}&${instance:queryparam}&${__url_time_range}"
    return [
        link(f"{title} of ${{__value.text}}", f"/d/{uid}?{variables}", targetBlank=False, icon="dashboard")
        for title, uid in (("Replication", "pgwal-replication"), ("Slots and WAL", "pgwal-slots"), ("Disaster recovery", "pgwal-dr"))
    ]


def alerts(title, description, width=12, height=8):
    """What Grafana knows of the firing and pending alerts of `alerts/`."""
    panel = {
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
    return panel


def row(title):
    return {"collapsed": False, "gridPos": {"h": 1, "w": COLUMNS, "x": 0, "y": 0}, "panels": [], "title": title, "type": "row"}


# ---- the dashboard ---------------------------------------------------------------------------------------------------------------------


def _variable(name, label, values, description, everything):
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


def choice(name, label, description, values, default):
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


def _variables():
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


def annotation(name, color, expression, enabled=True):
    """Marks on the graphs where the query returns something; its name and colour are at the top of the dashboard."""
    return {"datasource": dict(DATASOURCE), "enable": enabled, "expr": expression, "hide": False, "iconColor": color, "name": name}


def dashboard(uid, title, description, panels, variables=(), annotations=()):
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
