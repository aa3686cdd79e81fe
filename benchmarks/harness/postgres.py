"""Throwaway PostgreSQL servers."""

import os
import pwd
import re
import shutil
import signal
import statistics
import subprocess
from pathlib import Path

from .processes import Process, free_port, tree_cpu_ms, wait_until

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "32MB",
    "max_connections": "100",
    "fsync": "off",  # only the servers' preparation would wait for it
    "autovacuum": "off",
    "wal_level": "replica",
    "max_wal_senders": "10",
    "logging_collector": "off",
}
# Only this machine is let in, and by SCRAM; the socket is for the preparation.
ACCESS = """\
local all         all              trust
local replication all              trust
host  all         all 127.0.0.0/8  scram-sha-256
host  replication all 127.0.0.0/8  scram-sha-256
"""


class Postgres:
    """The programs of one PostgreSQL version, and what its servers share: a folder, a role and its password."""

    def __init__(self, bin_directory, folder, password):
        self.bin, self.folder, self.password = Path(bin_directory), Path(folder), password
        # PostgreSQL refuses to run as root.
        self.owner = None
        if os.geteuid() == 0:
            names = {entry.pw_name for entry in pwd.getpwall()}
            self.owner = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)

    def command(self, program, *arguments):
        user = []
        if self.owner:
            user = ["setpriv", f"--reuid={self.owner.pw_uid}", f"--regid={self.owner.pw_gid}", "--clear-groups", "--"]
        return [*user, str(self.bin / program), *map(str, arguments)]

    def run(self, program, *arguments, environment=None, timeout=120):
        done = subprocess.run(
            self.command(program, *arguments),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=timeout,
            cwd=self.folder,
            env={**os.environ, "LC_ALL": "C", "PGCONNECT_TIMEOUT": "10", **(environment or {})},
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def version(self):
        return self.run("postgres", "--version").split()[2]


class Cluster:
    """One server with its data directory. `with` starts and ends it."""

    def __init__(self, postgres, name, settings=None, segment_mb=16):
        self.postgres, self.name = postgres, name
        self.data = postgres.folder / name
        self.port = free_port()
        self.settings = {**SETTINGS, **(settings or {})}
        self.segment_mb = segment_mb
        self.process = None

    def create(self):
        self.postgres.run(
            "initdb", "-D", self.data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync",
            f"--wal-segsize={self.segment_mb}",
        )  # fmt: skip
        (self.data / "pg_hba.conf").write_text(ACCESS)
        return self

    def copy_from(self, primary, slot):
        """A standby of that server."""
        self.postgres.run(
            "pg_basebackup", "-h", self.postgres.folder, "-p", primary.port, "-U", "owner", "-D", self.data,
            "-X", "stream", "--no-sync", "-c", "fast",
        )  # fmt: skip
        self.settings["primary_slot_name"] = slot
        self.settings["primary_conninfo"] = (
            f"host=127.0.0.1 port={primary.port} user=owner application_name={slot} password={self.postgres.password}"
        )
        (self.data / "standby.signal").touch()
        return self

    def __enter__(self):
        settings = {**self.settings, "port": self.port, "unix_socket_directories": self.postgres.folder}
        with open(self.data / "postgresql.conf", "a") as file:
            file.writelines(f"{key} = '{value}'\n" for key, value in settings.items())
        log = self.postgres.folder / f"{self.name}.log"
        log.touch()
        self.process = Process(self.postgres.command("postgres", "-D", self.data), log, ending=signal.SIGINT)
        try:
            wait_until(self._answers, 30, f"the start of a server ({log})")
            if "standby.signal" not in os.listdir(self.data):
                self._prepare()
        except BaseException:
            self.process.stop()
            raise
        return self

    def __exit__(self, *_):
        self.process.stop()
        shutil.rmtree(self.data, ignore_errors=True)

    @property
    def pid(self):
        return self.process.pid

    def _answers(self):
        if not self.process.running:
            raise RuntimeError(f"the server did not start: {self.process.complaint()}")
        try:
            return self.sql("select 1")
        except RuntimeError:
            return None

    def _prepare(self):
        password = self.postgres.password
        self.sql(
            f"alter role owner password '{password}'; create role monitor login password '{password}';"
            "grant pg_monitor to monitor"
        )

    def sql(self, text):
        return self.postgres.run(
            "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
            "-h", self.postgres.folder, "-p", self.port, "-U", "owner", "-d", "postgres", "-c", text,
        ).strip()  # fmt: skip

    def cpu_ms(self):
        return tree_cpu_ms(self.pid)

    def dsn(self, host="127.0.0.1", port=None):
        """For the exporters. sslmode: lib/pq insists on TLS by default."""
        password = self.postgres.password
        return f"postgresql://monitor:{password}@{host}:{port or self.port}/postgres?sslmode=disable"

    def select_one_ms(self, port=None, transactions=200):
        """The floor: `select 1`, prepared, on one open TCP connection; the median of the means of 5 runs of pgbench."""
        return statistics.median(self._pgbench(port, "-M", "prepared", "-t", transactions) for _ in range(5))

    def connect_ms(self, transactions=50):
        """A new TCP connection with SCRAM, and `select 1` in it; the mean by pgbench."""
        return self._pgbench(None, "-C", "-t", transactions)

    def _pgbench(self, port, *arguments):
        script = self.postgres.folder / "select_one.sql"
        script.write_text("select 1;\n")
        # Not the times of each transaction: pgbench takes those as 0 whose answer is there when it first looks.
        output = self.postgres.run(
            "pgbench", "-n", "-h", "127.0.0.1", "-p", port or self.port, "-U", "monitor", "-f", script, *arguments, "postgres",
            environment={"PGPASSWORD": self.postgres.password, "PGSSLMODE": "disable"},
        )  # fmt: skip
        return 1000 / float(re.search(r"^tps = ([0-9.]+)", output, re.MULTILINE)[1])
