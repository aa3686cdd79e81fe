"""The exporters under measurement."""

import os
import shlex
import shutil
import time
from pathlib import Path
from typing import Self

from testbed.errors import TestbedError
from testbed.http import Answer, Scraper
from testbed.ports import free_port
from testbed.processes import Processes
from testbed.waiting import Deadline, wait_until

DEBIAN = "prometheus-postgres-exporter"
# What comes nearest to WAL and replication alone; finer it cannot choose.
DEBIAN_REDUCED = "--no-collector.database --no-collector.bgwriter --disable-settings-metrics"


class Exporter:
    """How to start an exporter, and how its page tells that it reached the servers.

    `up_metric` is 1 when it did; where that is one for all servers, each server has a sample of `server_metric`.
    """

    def __init__(self, name: str, command: str, up_metric: str, server_metric: str | None = None, reads_directory: bool = True) -> None:
        self.name, self.template, self.up_metric, self.server_metric = name, command, up_metric, server_metric
        self.reads_directory = reads_directory

    @property
    def program(self) -> Path:
        return Path(shlex.split(self.template)[0])

    def start(self, processes: Processes, folder: Path, dsn: str | None = None, config: Path | None = None) -> "Running":
        return Running(self, processes, folder, dsn, config)


def ours(path: str) -> Exporter:
    return Exporter("pgwal_exporter", f"{shlex.quote(path)} --web.listen-address=127.0.0.1:{{port}}", "pgwal_up")


def debian() -> list[Exporter]:
    """Debian's postgres_exporter with its defaults and with the fewest collectors, or nothing when it is not installed."""
    path = shutil.which(DEBIAN)
    if not path:
        return []
    command = f"{shlex.quote(path)} --web.listen-address=127.0.0.1:{{port}}"
    return [
        Exporter("postgres_exporter, defaults", command, "pg_up", "pg_static", reads_directory=False),
        Exporter("postgres_exporter, reduced", f"{command} {DEBIAN_REDUCED}", "pg_up", "pg_static", reads_directory=False),
    ]


def other(text: str) -> Exporter:
    """NAME=UP_METRIC=COMMAND, with {port} in the command; it gets DATA_SOURCE_NAME and serves /metrics."""
    name, up_metric, command = (part.strip() for part in text.split("=", 2))
    if "{port}" not in command:
        raise ValueError("the command has no {port}")
    return Exporter(name, command, up_metric)


class Running:
    """A running exporter, not yet answering. Ended with its block."""

    def __init__(self, exporter: Exporter, processes: Processes, folder: Path, dsn: str | None, config: Path | None) -> None:
        self.exporter, self.port = exporter, free_port()
        command = shlex.split(exporter.template.replace("{port}", str(self.port)))
        environment = {}
        if config:
            command += ["--config.file", str(config)]
        elif dsn:
            environment["DATA_SOURCE_NAME"] = dsn
        number = sum(1 for entry in os.listdir(folder) if entry.startswith("exporter-"))
        log = folder / f"exporter-{number}.log"
        log.touch()
        self.started = time.perf_counter()
        self.process = processes.start(command, log, environment=environment)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stop()

    @property
    def pid(self) -> int:
        return self.process.pid

    def first_answer(self, seconds: float = 30) -> tuple[Answer, float]:
        """The first answer, and milliseconds since the start of the process."""
        deadline = Deadline(seconds)
        while True:
            try:
                with Scraper(self.port, timeout=seconds) as scraper:
                    answer = scraper.get()
                return answer, (time.perf_counter() - self.started) * 1000
            except OSError:
                if not self.process.running or deadline.over:
                    raise TestbedError(f"{self.exporter.name} does not answer: {self.process.complaint()}") from None
                time.sleep(0.001)

    def wait_up(self, count: int = 1, seconds: float = 60, every: float = 0.05) -> Self:
        """Waits until this many servers are reached."""
        with Scraper(self.port, timeout=seconds) as scraper:
            wait_until(f"{self.exporter.name}: {count} targets up", lambda: self.reached(scraper.get()) >= count, seconds, every=every)
        return self

    def is_up(self, answer: Answer) -> float | None:
        """1, 0, or nothing when the page does not tell."""
        values = answer.values(self.exporter.up_metric)
        return min(values) if values else None

    def reached(self, answer: Answer) -> int:
        """How many servers were reached."""
        if self.exporter.server_metric:
            return len(answer.values(self.exporter.server_metric))
        return int(sum(answer.values(self.exporter.up_metric)))
