"""A healthy stock installation: nothing but an info fires, and nothing above a notice is found."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from testbed.commands import give, server_user
from testbed.exporter import Exporter
from testbed.http import json_of
from testbed.postgres import SUPERUSER, Server
from testbed.prometheus import Prometheus
from testbed.waiting import wait_until

from . import scaling
from .load import Load
from .systems import Bed

#: Faults that are over when the restart is, and rightly told while it lasts: they have no time to become alerts.
RESTART = frozenset({"target_down", "standby_missing", "standby_not_streaming"})
#: And of a switchover: the former primary is away, and comes back.
SWITCHOVER = RESTART | {"failback", "timeline_behind", "slot_missing_at_upstream"}
#: How many seconds the fast run takes for all phases together.
SHORT = 100


@dataclass(frozen=True)
class Phase:
    name: str
    #: Does something, and lasts about so many seconds.
    run: Callable[[float], object]
    #: Its share of the time.
    share: float
    #: What may be found meanwhile.
    allowed: frozenset[str] = frozenset()


class Noise:
    """A primary and a standby with PostgreSQL's own settings, an exporter with its own, and a Prometheus that scrapes it."""

    def __init__(self, bed: Bed, network: int, rules: list[Path], *, seconds: float = SHORT, factor: float = 4) -> None:
        self.bed, self.rules, self.seconds, self.factor = bed, rules, seconds, factor
        self.home = bed.folder / "noise"
        self.home.mkdir()
        give(self.home, server_user())
        self.primary = self._server("healthy-a", f"10.77.{network}.1")
        self.standby = self._server("healthy-b", f"10.77.{network}.2")
        self.exporter = Exporter(bed.processes, bed.exporter, self.home, "healthy-exporter", f"10.77.{network}.9:9187")
        self.prometheus = Prometheus(bed.processes, self.home, f"10.77.{network}.9:9090")
        self._phase: Phase | None = None
        self._found: dict[tuple[str, str, str, str], int] = {}
        self._stopping = threading.Event()

    def _server(self, name: str, address: str) -> Server:
        return Server(self.bed.processes, self.bed.postgres, self.home / name, address=address)

    def create(self) -> None:
        self.primary.create(segment_mb=16)
        self.standby.follow(self.primary, "healthy_b")
        wait_until("the standby has caught up", lambda: self.standby.streams() and self.standby.has_caught_up(self.primary))
        targets = [{"name": server.name, "dsn": server.monitor_connection} for server in (self.primary, self.standby)]
        self.exporter.start({"targets": targets})
        self.exporter.wait()
        # What looks back a day looks back all the time that there is.
        longest = scaling.LONGEST if self.factor > 1 else float("inf")
        texts = {path.name: scaling.scaled(path.read_text(encoding="utf-8"), self.factor, longest) for path in self.rules}
        interval = f"{round(15 / self.factor)}s"
        self.prometheus.start([self.exporter.address], texts, scrape=interval, evaluation=interval)

    def phases(self) -> Iterator[Phase]:
        yield Phase("idle", time.sleep, 0.15)
        yield Phase("busy", self._busy, 0.15)
        yield Phase("a base backup is under way", self._base_backup, 0.15)
        yield Phase("the standby is restarted", self._restart, 0.15, RESTART)
        yield Phase("a switchover", self._switch_over, 0.2, SWITCHOVER)
        yield Phase("idle after it", time.sleep, 0.2)

    def run(self) -> list[str]:
        """What was found, or fired, and should not have been."""
        watch = threading.Thread(target=self._watch, daemon=True)
        began = time.monotonic()
        watch.start()
        try:
            for phase in self.phases():
                self._phase = phase
                until = time.monotonic() + phase.share * self.seconds
                phase.run(phase.share * self.seconds)
                time.sleep(max(0.0, until - time.monotonic()))
                self._settle()
        finally:
            self._stopping.set()
            watch.join(10)
        problems = [
            f"healthy, {phase}: finding {code} ({severity}) at {target}, {count} times"
            for (phase, code, severity, target), count in sorted(self._found.items())
        ]
        window = int(time.monotonic() - began) + 60
        fired = self.prometheus.query(f'count_over_time(ALERTS{{alertstate="firing", severity!="info"}}[{window}s])')
        problems += [f"healthy: {each['metric']['alertname']} fired: {each['metric']}" for each in fired]
        seen = self.prometheus.query(f"count_over_time(pgwal_up[{window}s])")
        if len(seen) != 2:
            problems.append(f"healthy: {len(seen)} of 2 targets were seen")
        return problems

    # What healthy servers do

    def _busy(self, seconds: float) -> None:
        load = Load(self.primary, 2_000_000, transactions_per_second=20)
        load.start()
        try:
            time.sleep(seconds)
        finally:
            load.stop()

    def _base_backup(self, seconds: float) -> None:
        size = int(self.primary.query("SELECT sum(pg_database_size(oid)) FROM pg_database"))
        rate = max(32, round(size / 1024 / seconds))
        self.primary.execute(
            "pg_basebackup", "-h", self.primary.home, "-p", self.primary.port, "-U", SUPERUSER, "-D", self.home / "backup",
            "-X", "stream", "-c", "fast", "--no-sync", f"--max-rate={rate}k", timeout=20 * seconds + 60,
        )  # fmt: skip

    def _restart(self, _: float) -> None:
        self.standby.stop()
        self.standby.start()

    def _switch_over(self, _: float) -> None:
        old, new = self.primary, self.standby
        new.create_slot("healthy_a")
        old.stop()
        new.promote()
        old.aim(new, "healthy_a")
        old.start()
        old.drop_slot("healthy_b")
        self.primary, self.standby = new, old

    def _settle(self) -> None:
        """What the phase was allowed is over before the next one begins."""
        assert self._phase
        wait_until("the standby has caught up", lambda: self.standby.streams() and self.standby.has_caught_up(self.primary))
        allowed = self._phase.allowed
        wait_until(
            f"what belongs to it is over: {', '.join(sorted(allowed))}",
            lambda: not any(code in allowed for code, _, _ in self._above_notice()),
        )

    # What is seen of them

    def _above_notice(self) -> list[tuple[str, str, str]]:
        topology = json_of(f"{self.exporter.url}/api/v1/topology", timeout=10)
        findings = topology["findings"] if isinstance(topology, dict) else []
        return [(each["code"], each["severity"], each["target"]) for each in findings if each["severity"] != "notice"]

    def _watch(self) -> None:
        while not self._stopping.wait(1):
            before = self._phase
            for code, severity, target in self._above_notice():
                # A look that began in one phase and ended in the next tells of neither.
                if before is self._phase and before and code not in before.allowed:
                    key = (before.name, code, severity, target)
                    self._found[key] = self._found.get(key, 0) + 1
