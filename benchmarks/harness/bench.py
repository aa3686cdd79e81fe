"""What all scenarios share: the servers, and the relays before them."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path

from testbed.ports import free_port
from testbed.postgres import PASSWORD, Installation, Server
from testbed.processes import Processes
from testbed.relay_process import RelayProcess
from testbed.waiting import wait_until

from .exporters import Exporter, Running
from .report import Report

SETTINGS = {"shared_buffers": "32MB", "wal_level": "replica"}


class Bench:
    """The servers, made when a scenario first wants them, and what all scenarios need."""

    def __init__(
        self,
        processes: Processes,
        postgres: Installation,
        folder: Path,
        password: str,
        measured: list[Exporter],
        report: Report,
        stack: ExitStack,
    ) -> None:
        self.processes, self.postgres, self.folder, self.password = processes, postgres, folder, password
        self.exporters, self.report, self.stack = measured, report, stack

    def server(self, name: str, settings: Mapping[str, str] | None = None) -> Server:
        """A server of our own, not yet made: only this machine is let in, and only with a password."""
        return Server(
            self.processes,
            self.postgres,
            self.folder / name,
            port=free_port(),
            settings=SETTINGS | dict(settings or {}),
            access=PASSWORD,
            password=self.password,
        )

    @cached_property
    def small(self) -> Server:
        """A primary with two slots; a standby streams by one of them."""
        self.report.progress("starting a primary and a standby")
        primary = self.stack.enter_context(self.server("small").create(segment_mb=16))
        primary.create_slot("idle")
        standby = self.stack.enter_context(self.server("standby").follow(primary, "standby"))
        wait_until("the standby streams", standby.streams, 30)
        return primary

    def selected(self, *leave_out: str) -> list[Exporter]:
        """Ours, and the others but for those whose name ends so."""
        return [exporter for exporter in self.exporters if not exporter.name.endswith(tuple(leave_out) or "\0")]

    def start(self, exporter: Exporter, dsn: str | None = None, config: Path | None = None) -> Running:
        return exporter.start(self.processes, self.folder, dsn, config)

    @contextmanager
    def running(self, exporter: Exporter, dsn: str | None = None, config: Path | None = None) -> Iterator[Running]:
        with self.start(exporter, dsn, config) as running:
            running.first_answer()
            yield running

    def relay(self, server_port: int, delay_ms: float) -> RelayProcess:
        return RelayProcess(self.processes, ("127.0.0.1", server_port), delay_ms)
