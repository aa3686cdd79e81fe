"""A dashboard as Grafana's import dialog and grafana.com want it: the data source is asked for once, and named nowhere."""

import copy
from typing import Any

from grafana import Json

INPUT = "DS_PROMETHEUS"
#: Of the data source's variable, which is not there then.
VARIABLE, PARAMETER = "${datasource}", "&${datasource:queryparam}"
PANELS = {"alertlist": "Alert list", "stat": "Stat", "state-timeline": "State timeline", "table": "Table", "timeseries": "Time series"}


def importable(dashboard: Json) -> Json:
    """The same dashboard with `__inputs` and `__requires`."""
    result: Json = replaced(copy.deepcopy(dashboard))
    variables = result["templating"]["list"]
    result["templating"]["list"] = [variable for variable in variables if variable["type"] != "datasource"]
    kinds = sorted({panel["type"] for panel in dashboard["panels"]} & set(PANELS))
    result["__inputs"] = [
        {
            "name": INPUT,
            "label": "Prometheus",
            "description": "What scrapes the exporters: Prometheus, or what speaks its language.",
            "type": "datasource",
            "pluginId": "prometheus",
            "pluginName": "Prometheus",
        }
    ]
    result["__elements"] = {}
    result["__requires"] = [
        {"type": "grafana", "id": "grafana", "name": "Grafana", "version": "11.0.0"},
        {"type": "datasource", "id": "prometheus", "name": "Prometheus", "version": "1.0.0"},
        *({"type": "panel", "id": kind, "name": PANELS[kind], "version": ""} for kind in kinds),
    ]
    result["id"] = None
    return result


def replaced(value: Any) -> Any:
    """The value with the input wherever the variable is."""
    if isinstance(value, dict):
        return {key: replaced(each) for key, each in value.items()}
    if isinstance(value, list):
        return [replaced(each) for each in value]
    return value.replace(VARIABLE, f"${{{INPUT}}}").replace(PARAMETER, "") if isinstance(value, str) else value
