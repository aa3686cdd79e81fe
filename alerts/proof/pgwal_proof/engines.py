"""The rules as they are, over two sites, on the engines of docs/scaling.md: a failover is none, and a split brain is one.

Real servers, exporters, engines and Alertmanager; nothing of the rules is changed, so a minute of theirs is a minute.
"""

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

from testbed import victoria as victoria_metrics
from testbed.commands import run
from testbed.errors import CannotRun, TestbedError
from testbed.exporter import Exporter
from testbed.folders import temporary
from testbed.namespaces import own_network
from testbed.postgres import Installation
from testbed.processes import Processes
from testbed.prometheus import start_alertmanager
from testbed.waiting import interruptible

from .sites import ALERTMANAGER, CENTRE, Engine, Site, federation, victoria
from .webhook import Webhook

ALERTS = Path(__file__).resolve().parents[2]
COUNT = "pgwal:primaries:count"
#: Until a fact of one site is known where the rules are. VictoriaMetrics' search.latencyOffset alone is half a minute, twice: facts are
#: recorded, and read again.
KNOWN = 120
#: And until its alert has arrived, of one that waits for a minute.
ARRIVED = 240


def main() -> int:
    """0: all of it was seen; 1: something was not; 2: it could not begin."""
    options = argparse.ArgumentParser(description="Shows a split brain between two sites on VictoriaMetrics and a federation. Needs root.")
    options.add_argument("--exporter", required=True, type=Path, metavar="PATH", help="the pgwal_exporter to run")
    options.add_argument("--keep", action="store_true", help="keep the folder with logs and data")
    chosen = options.parse_args()
    if not os.access(chosen.exporter, os.X_OK):
        sys.exit(f"no program: {chosen.exporter}")
    try:
        own_network()
        # Of a network on the loopback interface every address is ours.
        run(["ip", "address", "add", f"{CENTRE}/16", "dev", "lo"])
        with interruptible(), temporary("pgwal-engines-", keep=chosen.keep) as folder, Processes() as processes:
            if chosen.keep:
                print(f"kept: {folder}", flush=True)
            return Run(processes, folder, chosen.exporter).go()
    except (CannotRun, TestbedError) as error:
        print(f"engines: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


class Run:
    """From two healthy sites to a split brain and back."""

    def __init__(self, processes: Processes, folder: Path, exporter: Path) -> None:
        self.began = time.monotonic()
        self.processes, self.folder = processes, folder
        self.problems: list[str] = []
        self.webhook = Webhook(CENTRE, 9095)
        postgres, program = Installation.find(), Exporter.copy(exporter, folder)
        self.first, self.second = (Site(processes, postgres, program, folder, number) for number in (1, 2))
        self.engines: list[Engine] = []

    def go(self) -> int:
        self.build()
        for step in (self.healthy, self.fail_over, self.come_back, self.give_way, self.lose_exporter):
            try:
                step()
            except TestbedError as error:
                self.problems.append(f"{step.__name__}: {error}")
                break
        for problem in self.problems:
            print(f"PROBLEM {problem}")
        self.say(f"{' and '.join(engine.name for engine in self.engines)}: {len(self.problems)} problems")
        return 1 if self.problems else 0

    def say(self, text: str) -> None:
        print(f"{time.monotonic() - self.began:5.0f} s  {text}", flush=True)

    def build(self) -> None:
        self.first.server.create()
        self.second.server.follow(self.first.server, "dc2")
        for site in (self.first, self.second):
            site.watch()
        sites = [self.first, self.second]
        start_alertmanager(self.processes, self.folder, ALERTMANAGER, self.webhook.url)
        # Where whoever evaluates them can read them.
        copies = self.folder / "rules"
        copies.mkdir()
        rules = [Path(shutil.copy(path, copies)) for path in sorted(ALERTS.glob("*.yml"))]
        self.engines.append(federation(self.processes, self.folder, sites, {path.name: path.read_text(encoding="utf-8") for path in rules}))
        if victoria_metrics.is_installed():
            self.engines.append(victoria(self.processes, self.folder, sites, rules))
        else:
            print("VictoriaMetrics is not installed: federation alone", flush=True)

    def healthy(self) -> None:
        for engine in self.engines:
            one = f"sum({COUNT}) == 1 and on () count(pgwal_in_recovery) == 2"
            engine.wait("both sites are one system with one primary", one, 1, KNOWN)
        self.say("two sites, one primary")

    def fail_over(self) -> None:
        """The first site's server crashes, the second's is promoted: at no time are there two primaries for as long as the alert waits."""
        self.first.server.stop(immediately=True)
        self.second.server.promote()
        promoted = time.monotonic()
        for engine in self.engines:
            # The new one alone, and known as such: what the old one said last is not taken for the present.
            new = f'{COUNT} == 1 and on () pgwal_in_recovery{{instance="{self.second.exporter.address}"}} == 0'
            old = f'absent(pgwal_in_recovery{{instance="{self.first.exporter.address}"}})'
            engine.wait("the former primary is forgotten, the new one known", f"sum({new} and on () {old})", 1, KNOWN)
            self.say(f"failover: {engine.name} knows after {time.monotonic() - promoted:.0f} s")
        if fired := self.fired("PgwalTwoPrimaries"):
            self.problems.append(f"a failover was taken for two primaries: {fired}")

    def come_back(self) -> None:
        """The first site's server comes back as what it was."""
        caused = time.time()
        self.first.server.start()
        self.expect("PgwalTwoPrimaries", caused)
        for site in (self.first, self.second):
            if seen := site.sees():
                self.problems.append(f"{site.name} alone sees two primaries, which it cannot: {seen}")

    def give_way(self) -> None:
        """It gives way: the alert ends, and that there were two stays known."""
        cured = time.time()
        self.first.server.stop()
        self.expect("PgwalTwoPrimaries", cured, resolved=True)
        self.expect("PgwalSplitBrainSeen", cured)

    def lose_exporter(self) -> None:
        """The first site's exporter ends: that it cannot be scraped is known where the rules are."""
        self.first.exporter.stop()
        for engine in self.engines:
            engine.wait("a missing exporter is known", 'sum(up{job="pgwal"} == bool 0 and on (job, instance) pgwal:scrape)', 1, KNOWN)
        self.say("a missing exporter is known")

    def fired(self, alert: str) -> list[str]:
        return [str(labels) for _, status, labels in list(self.webhook.events) if status == "firing" and labels.get("alertname") == alert]

    def expect(self, alert: str, since: float, resolved: bool = False) -> None:
        """The alert arrives of every engine, and of the one system."""
        system = self.second.server.system_identifier
        for engine in self.engines:
            labels = {"engine": engine.name, "system_identifier": system}

            def arrived(labels: dict[str, str] = labels) -> float | None:
                times = self.webhook.states(alert, labels).values()
                return min((moment for pair in times if (moment := pair[1] if resolved else pair[0]) and moment >= since), default=None)

            self.webhook.wait(lambda arrived=arrived: arrived() is not None, ARRIVED)  # type: ignore[misc]
            moment = arrived()
            what = "resolved" if resolved else "fires"
            if moment is None:
                self.problems.append(f"{engine.name}: {alert} {what}: not within {ARRIVED} s")
            else:
                self.say(f"{alert} {what}: {engine.name} after {moment - since:.0f} s")
