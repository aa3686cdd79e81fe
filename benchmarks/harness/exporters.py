"""The exporters under measurement."""

import os
import shlex
import shutil
import time

from .http import Scraper
from .processes import Process, free_port, wait_until

DEBIAN = "prometheus-postgres-exporter"
# What comes nearest to WAL and replication alone; finer it cannot choose.
DEBIAN_REDUCED = "--no-collector.database --no-collector.bgwriter --disable-settings-metrics"


class Exporter:
    """How to start an exporter, and how its page tells that it reached the servers.

    `up_metric` is 1 when it did; where that is one for all servers, each server has a sample of `server_metric`.
    """

    def __init__(self, name, command, up_metric, server_metric=None, reads_directory=True):
        self.name, self.template, self.up_metric, self.server_metric = name, command, up_metric, server_metric
        self.reads_directory = reads_directory

    def start(self, folder, dsn=None, config=None):
        return Running(self, folder, dsn, config)


def ours(path):
    return Exporter("pgwal_exporter", f"{shlex.quote(path)} --web.listen-address=127.0.0.1:{{port}}", "pgwal_up")


def debian():
    """Debian's postgres_exporter with its defaults and with the fewest collectors, or nothing when it is not installed."""
    path = shutil.which(DEBIAN)
    if not path:
        return []
    command = f"{shlex.quote(path)} --web.listen-address=127.0.0.1:{{port}}"
    return [
        Exporter("postgres_exporter, defaults", command, "pg_up", "pg_static", reads_directory=False),
        Exporter("postgres_exporter, reduced", f"{command} {DEBIAN_REDUCED}", "pg_up", "pg_static", reads_directory=False),
    ]


def other(text):
    """NAME=UP_METRIC=COMMAND, with {port} in the command; it gets DATA_SOURCE_NAME and serves /metrics."""
    name, up_metric, command = (part.strip() for part in text.split("=", 2))
    if "{port}" not in command:
        raise ValueError("the command has no {port}")
    return Exporter(name, command, up_metric)


class Running(Process):
    """A running exporter, not yet answering."""

    def __init__(self, exporter, folder, dsn, config):
        self.exporter, self.port = exporter, free_port()
        command = shlex.split(exporter.template.replace("{port}", str(self.port)))
        environment = {}
        if config:
            command += ["--config.file", str(config)]
        else:
            environment["DATA_SOURCE_NAME"] = dsn
        self.started = time.perf_counter()
        number = sum(1 for entry in os.listdir(folder) if entry.startswith("exporter-"))
        super().__init__(command, folder / f"exporter-{number}.log", environment)

    def first_answer(self, seconds=30):
        """The first answer, and milliseconds since the start of the process."""
        while True:
            try:
                with Scraper(self.port, timeout=seconds) as scraper:
                    answer = scraper.get()
                return answer, (time.perf_counter() - self.started) * 1000
            except OSError:
                if not self.running or time.perf_counter() - self.started > seconds:
                    raise RuntimeError(f"{self.exporter.name} does not answer: {self.complaint()}") from None
                time.sleep(0.001)

    def wait_up(self, count=1, seconds=60):
        """Waits until this many servers are reached."""
        with Scraper(self.port, timeout=seconds) as scraper:
            wait_until(lambda: self.reached(scraper.get()) >= count, seconds, f"{self.exporter.name}: {count} targets up")
        return self

    def is_up(self, answer):
        """1, 0, or nothing when the page does not tell."""
        values = answer.values(self.exporter.up_metric)
        return min(values) if values else None

    def reached(self, answer):
        """How many servers were reached."""
        if self.exporter.server_metric:
            return len(answer.values(self.exporter.server_metric))
        return int(sum(answer.values(self.exporter.up_metric)))
