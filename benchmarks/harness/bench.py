"""What all scenarios share: the servers, and the relay before them."""

import json
import os
import select
import subprocess
import sys
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from .postgres import Cluster
from .processes import Process, free_port, wait_until


class Bench:
    """The servers, made when a scenario first wants them, and what all scenarios need."""

    def __init__(self, postgres, measured, report, stack):
        self.postgres, self.exporters, self.report, self.stack = postgres, measured, report, stack
        self.folder = postgres.folder

    @cached_property
    def small(self):
        """A primary with two slots; a standby streams by one of them."""
        self.report.progress("starting a primary and a standby")
        primary = self.stack.enter_context(Cluster(self.postgres, "small").create())
        for slot in ("standby", "idle"):
            primary.sql(f"select pg_create_physical_replication_slot('{slot}', true)")
        standby = Cluster(self.postgres, "standby").copy_from(primary, slot="standby")
        self.stack.enter_context(standby)
        streaming = "select count(*) from pg_stat_replication where state = 'streaming'"
        wait_until(lambda: primary.sql(streaming) == "1", 20, "the standby streams")
        return primary

    def selected(self, *leave_out):
        """Ours, and the others but for those whose name ends so."""
        return [exporter for exporter in self.exporters if not exporter.name.endswith(tuple(leave_out) or "\0")]

    @contextmanager
    def running(self, exporter, **how):
        with exporter.start(self.folder, **how) as running:
            running.first_answer()
            yield running


class Relay(Process):
    """relay.py in a process of its own."""

    def __init__(self, server_port, delay_ms):
        self.port = free_port()
        command = [sys.executable, str(Path(__file__).with_name("relay.py")), str(self.port), str(server_port), str(delay_ms)]
        super().__init__(command, os.devnull, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self._line() != "ready":
            self.stop()
            raise RuntimeError("the relay does not start")

    def counts(self):
        self.popen.stdin.write("\n")
        self.popen.stdin.flush()
        return json.loads(self._line())

    def _line(self):
        ready, _, _ = select.select([self.popen.stdout], [], [], 10)
        return self.popen.stdout.readline().strip() if ready else ""
