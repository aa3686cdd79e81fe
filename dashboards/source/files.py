"""The dashboards and the files that they are written to."""

import json

import disaster_recovery
import fleet
import replication
import slots
from grafana import Json

FILES = {
    "fleet.json": fleet.DASHBOARD,
    "replication.json": replication.DASHBOARD,
    "slots.json": slots.DASHBOARD,
    "disaster-recovery.json": disaster_recovery.DASHBOARD,
}


def text(dashboard: Json) -> str:
    """The normal form: keys in order, one value a line."""
    return json.dumps(dashboard, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
