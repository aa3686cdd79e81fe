"""Two sites, each with a server and its exporter beside it; what they say comes together in one place, where the rules are."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from testbed.exporter import Exporter
from testbed.postgres import Installation, Server
from testbed.processes import Processes
from testbed.prometheus import Prometheus
from testbed.victoria import Victoria
from testbed.waiting import wait_until

#: Where alerts go; what belongs to no site is here.
CENTRE = "10.78.0.1"
ALERTMANAGER = f"{CENTRE}:9093"
#: So often exporters are scraped and rules evaluated, everywhere: docs/scaling.md says what holds of these.
INTERVAL = "5s"
#: What docs/scaling.md says is federated, and how.
FEDERATION: dict[str, Any] = {
    "job_name": "sites",
    "metrics_path": "/federate",
    "honor_labels": True,
    "honor_timestamps": False,
    "params": {"match[]": ['{__name__=~"pgwal_.+"}', 'up{job="pgwal"}']},
}


class Site:
    """A server under the target's name that every site has, so that nothing but the instance tells them apart."""

    def __init__(self, processes: Processes, postgres: Installation, exporter: Path, folder: Path, number: int) -> None:
        self.name = f"dc{number}"
        self.folder = folder / self.name
        self.server = Server(processes, postgres, self.folder / f"orders-{self.name}", address=f"10.78.{number}.1")
        self.exporter = Exporter(processes, exporter, self.folder, f"exporter-{self.name}", f"10.78.{number}.1:10195")
        self.prometheus = Prometheus(processes, self.folder, f"10.78.{number}.2:9090")
        self.agent = f"10.78.{number}.2:8429"

    def watch(self) -> None:
        self.exporter.start({"targets": [{"name": "orders", "dsn": self.server.monitor_connection}]})
        self.exporter.wait()

    def sees(self) -> list[dict[str, Any]]:
        """What its own Prometheus holds for two primaries."""
        return self.prometheus.query('ALERTS{alertname="PgwalTwoPrimaries"}')


class Engine:
    """What evaluates the rules over both sites. It calls itself so in its alerts."""

    def __init__(self, name: str, query: Callable[[str], list[dict[str, Any]]]) -> None:
        self.name, self.query = name, query

    def value(self, expression: str) -> float | None:
        """The one value of an expression; None when it has no series."""
        found = self.query(expression)
        return float(found[0]["value"][1]) if len(found) == 1 else None

    def wait(self, what: str, expression: str, value: float, seconds: float) -> None:
        wait_until(f"{self.name}: {what}", lambda: self.value(expression) == value, seconds)


def federation(processes: Processes, folder: Path, sites: list[Site], rules: dict[str, str]) -> Engine:
    """A Prometheus of each site, and one that takes from them what the rules need."""
    for site in sites:
        site.prometheus.start([site.exporter.address], rules, scrape=INTERVAL, evaluation=INTERVAL, labels={"site": site.name})
    above = Prometheus(processes, folder, f"{CENTRE}:9090")
    targets = [{"targets": [site.prometheus.address for site in sites]}]
    jobs = [FEDERATION | {"static_configs": targets}]
    above.start([], rules, ALERTMANAGER, scrape=INTERVAL, evaluation=INTERVAL, labels={"engine": "federation"}, jobs=jobs)
    return Engine("federation", above.query)


def victoria(processes: Processes, folder: Path, sites: list[Site], rules: list[Path]) -> Engine:
    """A vmagent in each site, one VictoriaMetrics, and vmalert on it."""
    store = Victoria(processes, folder, f"{CENTRE}:8428")
    store.start()
    for site in sites:
        store.agent(f"vmagent-{site.name}", site.agent, [site.exporter.address], {"site": site.name}, INTERVAL)
    store.rules(f"{CENTRE}:8880", rules, ALERTMANAGER, {"engine": "victoria"}, INTERVAL)
    return Engine("victoria", store.query)
