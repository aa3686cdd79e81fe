"""Draws dashboards from their files and from what a Prometheus has: where there is no Grafana to be looked at."""
