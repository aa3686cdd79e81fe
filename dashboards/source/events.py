"""What happened when: marks that all dashboards have on their graphs."""

from grafana import BLUE, ORANGE, RED, annotation
from queries import SCOPE

MARKS = [
    annotation("Role changes", BLUE, f"changes(pgwal_in_recovery{{{SCOPE}}}[2m]) > 0"),
    annotation("Restarts", ORANGE, f"changes(pgwal_postmaster_start_timestamp_seconds{{{SCOPE}}}[2m]) > 0"),
    annotation("Alerts", RED, 'ALERTS{alertname=~"Pgwal.+", alertstate="firing"}', enabled=False),
]
