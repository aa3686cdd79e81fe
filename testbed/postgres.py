"""Throwaway PostgreSQL servers, primaries and standbys, run by a user that may run them."""

import os
import re
import shutil
import signal
import statistics
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from .commands import give, run, server_user
from .errors import CannotRun, Hopeless, TestbedError
from .proc import tree_cpu_ms
from .processes import Process, Processes
from .waiting import wait_until

#: Small, and quick to make: what is lost with the machine was never worth anything.
SETTINGS = {
    "fsync": "off",
    "shared_buffers": "16MB",
    "autovacuum": "off",
    "wal_level": "logical",
    "max_wal_senders": "10",
    "logging_collector": "off",
    "log_min_messages": "warning",
}

#: Everybody may do everything: for servers in a network of their own.
TRUST = """\
local all         all           trust
local replication all           trust
host  all         all 0.0.0.0/0 trust
host  replication all 0.0.0.0/0 trust
"""
#: Only this machine is let in, and by a password; the socket is for the preparation.
PASSWORD = """\
local all         all              trust
local replication all              trust
host  all         all 127.0.0.0/8  scram-sha-256
host  replication all 127.0.0.0/8  scram-sha-256
"""

SUPERUSER = "postgres"
#: The role of the exporters, a member of pg_monitor and nothing else.
MONITOR = "monitor"


@dataclass(frozen=True)
class Installation:
    """The programs of one version."""

    bin: Path

    def program(self, name: str) -> Path:
        return self.bin / name

    def version(self) -> str:
        return run([self.program("postgres"), "--version"]).split()[2]

    @staticmethod
    def find(major: int | None = None) -> "Installation":
        """That version; without one Debian's 15, else its newest, else what pg_config tells. PGBINDIR names another folder.

        Other versions are looked for where scripts/postgres-versions has them, by the list that PGWAL_TEST_POSTGRES names.
        """
        if major is None and (named := os.environ.get("PGBINDIR")):
            return Installation(Path(named))
        debian = {int(path.parent.parent.name): path.parent for path in Path("/usr/lib/postgresql").glob("[0-9]*/bin/initdb")}
        listed = dict(line.split(None, 1) for line in _lines(os.environ.get("PGWAL_TEST_POSTGRES")))
        found = debian | {int(name): Path(folder.strip()) for name, folder in listed.items()}
        wanted = major or (15 if 15 in debian else max(debian, default=0))
        if wanted in found:
            return Installation(found[wanted])
        if major is None and shutil.which("pg_config"):
            folder = Path(run(["pg_config", "--bindir"]).strip())
            if (folder / "initdb").exists():
                return Installation(folder)
        if major:
            raise CannotRun(f"no PostgreSQL {major} found: PGWAL_TEST_POSTGRES names the list that scripts/postgres-versions prints")
        raise CannotRun("no PostgreSQL server found; scripts/install-debian-packages installs one")


def _lines(path: str | None) -> list[str]:
    return [line for line in Path(path).read_text().splitlines() if line.strip()] if path else []


class Server:
    """A PostgreSQL server in a folder of its own: data, log and socket. Ended with the processes it belongs to, or with its block."""

    def __init__(
        self,
        processes: Processes,
        postgres: Installation,
        home: Path,
        *,
        address: str = "127.0.0.1",
        port: int = 5432,
        settings: Mapping[str, str] | None = None,
        access: str = TRUST,
        password: str | None = None,
    ) -> None:
        self.processes, self.postgres, self.home = processes, postgres, home
        self.name = home.name
        self.address, self.port = address, port
        self.access, self.password = access, password
        self.data, self.log = home / "data", home / "log"
        own = {"listen_addresses": address, "port": str(port), "unix_socket_directories": str(home), "cluster_name": self.name}
        self.settings = {**SETTINGS, **own, **(settings or {})}
        self.process: Process | None = None
        home.mkdir(parents=True, exist_ok=True)
        give(home, server_user())

    def __enter__(self) -> Self:
        if self.process is None:
            self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def execute(self, name: str, *arguments: str | Path | int, environment: Mapping[str, str] | None = None, timeout: float = 120) -> str:
        """Runs one of the version's programs to its end, as the user that the servers run as."""
        return run([self.postgres.program(name), *arguments], user=server_user(), environment=environment, timeout=timeout)

    # Making

    def initialize(self, segment_mb: int = 1, wal_directory: Path | None = None) -> Self:
        """An empty cluster, not yet started."""
        place: list[str | Path] = ["--waldir", wal_directory] if wal_directory else []
        self.execute(
            "initdb", "-D", self.data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync",
            f"--wal-segsize={segment_mb}", *place,
        )  # fmt: skip
        self._write(self.data / "pg_hba.conf", self.access)
        return self

    def create(self, segment_mb: int = 1, wal_directory: Path | None = None) -> Self:
        """An empty cluster that runs, with the role for the exporters."""
        self.initialize(segment_mb, wal_directory).start()
        self.prepare()
        return self

    def prepare(self) -> None:
        secret = f" PASSWORD '{self.password}'" if self.password else ""
        self.sql(f"CREATE ROLE {MONITOR} LOGIN{secret}", f"GRANT pg_monitor TO {MONITOR}")
        if secret:
            self.sql(f"ALTER ROLE {SUPERUSER}{secret}")

    def follow(self, upstream: "Server", slot: str, database: str | None = None) -> Self:
        """A standby of the upstream that runs, by a slot there and a base backup; whatever it was before is gone."""
        upstream.create_slot(slot)
        self.base_backup(upstream)
        self.aim(upstream, slot, database)
        self.start()
        return self

    def base_backup(self, upstream: "Server") -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.execute(
            "pg_basebackup", "-h", upstream.home, "-p", upstream.port, "-U", SUPERUSER, "-D", self.data,
            "-X", "stream", "-c", "fast", "--no-sync",
        )  # fmt: skip

    def aim(self, upstream: "Server", slot: str, database: str | None = None) -> None:
        """What makes a base backup a standby of the upstream; with a database where it shall copy slots."""
        conninfo = f"host={upstream.address} port={upstream.port} user={SUPERUSER} application_name={self.name}"
        if upstream.password:
            conninfo += f" password={upstream.password}"
        if database:
            conninfo += f" dbname={database}"
        self.password = upstream.password
        self.settings |= {"primary_conninfo": conninfo, "primary_slot_name": slot}
        self._write(self.data / "standby.signal", "")

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        give(path, server_user())

    def write_settings(self) -> None:
        self._write(self.data / "postgresql.conf", "".join(f"{name} = '{value}'\n" for name, value in self.settings.items()))

    # Running

    def start(self) -> None:
        self.write_settings()
        # SIGQUIT makes a server and its children stop at once, when all comes to an end.
        self.process = self.processes.start(
            [str(self.postgres.program("postgres")), "-D", str(self.data)],
            self.log,
            name=self.name,
            user=server_user(),
            ending=signal.SIGQUIT,
        )
        wait_until(f"{self.name} answers", self._answers)

    def _answers(self) -> bool:
        if self.process is None or not self.process.running:
            raise Hopeless(f"{self.name} did not start: {self.process.complaint() if self.process else ''}")
        return self.query("SELECT 1") == "1"

    def stop(self, immediately: bool = False) -> None:
        """Cleanly, with a last checkpoint; or as in a crash."""
        if self.process:
            self.process.stop(signal.SIGQUIT if immediately else signal.SIGINT)

    def promote(self) -> None:
        self.sql("SELECT pg_promote()")
        wait_until(f"{self.name} is a primary", lambda: self.query("SELECT pg_is_in_recovery()") == "f")

    def recover(self) -> None:
        """Restarts a primary as a standby of nobody, and promotes it: it goes on in a new timeline, as after a recovery."""
        self.stop()
        self._write(self.data / "standby.signal", "")
        self.start()
        self.promote()

    def change(self, **settings: str) -> None:
        """Changes settings of the running server."""
        self.settings |= settings
        self.write_settings()
        self.sql("SELECT pg_reload_conf()")

    @property
    def pid(self) -> int:
        if self.process is None:
            raise TestbedError(f"{self.name} was never started")
        return self.process.pid

    def cpu_ms(self) -> float:
        return tree_cpu_ms(self.pid)

    # Asking

    def query(self, statement: str) -> str:
        return self.execute(
            "psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.home, "-p", self.port, "-U", SUPERUSER,
            "-d", "postgres", "-c", statement, environment={"PGCONNECT_TIMEOUT": "10"},
        ).strip()  # fmt: skip

    def sql(self, *statements: str) -> None:
        for statement in statements:
            self.query(statement)

    @property
    def connection(self) -> str:
        """For the superuser, over TCP."""
        secret = f" password={self.password}" if self.password else ""
        return f"host={self.address} port={self.port} user={SUPERUSER} dbname=postgres connect_timeout=5{secret}"

    @property
    def monitor_connection(self) -> str:
        """For an exporter; without a password, which belongs into a file."""
        return f"host={self.address} port={self.port} user={MONITOR} dbname=postgres"

    def url(self, host: str | None = None, port: int | None = None) -> str:
        """For exporters that want an URL. sslmode: lib/pq insists on TLS by default."""
        secret = f":{self.password}" if self.password else ""
        return f"postgresql://{MONITOR}{secret}@{host or self.address}:{port or self.port}/postgres?sslmode=disable"

    def session(self, connection: str = "") -> Process:
        """A psql that reads statements from its standard input."""
        command = [str(self.postgres.program("psql")), "-X", "-A", "-t", "-q", "-d", connection or self.connection]
        return self.processes.start(command, self.log, user=server_user(), stdin=subprocess.PIPE)

    # Replication

    @property
    def system_identifier(self) -> str:
        return self.query("SELECT system_identifier FROM pg_control_system()")

    def create_slot(self, name: str, reserve: bool = True) -> None:
        self.sql(f"SELECT pg_create_physical_replication_slot('{name}', {str(reserve).lower()})")

    def drop_slot(self, name: str) -> None:
        """Also of a consumer that comes back at once."""

        def dropped() -> bool:
            try:
                self.sql(
                    f"SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '{name}' AND active",
                    f"SELECT pg_drop_replication_slot('{name}')",
                )
            except TestbedError as error:
                if "is active" not in str(error):
                    raise Hopeless(str(error)) from error
                return False
            return True

        wait_until(f"slot {name} is dropped at {self.name}", dropped, every=0.02)

    def streams(self) -> bool:
        """Whether it really receives WAL; the status alone says so at each vain attempt too."""
        return self.query("SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming' AND latest_end_lsn IS NOT NULL") == "1"

    def has_caught_up(self, upstream: "Server") -> bool:
        """Whether it has replayed all that its upstream has."""
        end = "CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END"
        return self.query(f"SELECT pg_last_wal_replay_lsn() >= '{upstream.query(f'SELECT {end}')}'") == "t"

    # What nothing that asks it can be faster than

    def select_one_ms(self, port: int | None = None, transactions: int = 200) -> float:
        """`select 1`, prepared, on one open TCP connection; the median of the means of 5 runs of pgbench."""
        return statistics.median(self._pgbench(port, "-M", "prepared", "-t", transactions) for _ in range(5))

    def connect_ms(self, transactions: int = 50) -> float:
        """A new TCP connection and `select 1` in it; the mean by pgbench."""
        return self._pgbench(None, "-C", "-t", transactions)

    def _pgbench(self, port: int | None, *arguments: str | int) -> float:
        script = self.home / "select_one.sql"
        self._write(script, "select 1;\n")
        # Not the times of each transaction: pgbench takes those as 0 whose answer is there when it first looks.
        output = self.execute(
            "pgbench", "-n", "-h", self.address, "-p", port or self.port, "-U", MONITOR, "-f", script, *arguments, "postgres",
            environment={"PGPASSWORD": self.password or "", "PGSSLMODE": "disable"},
        )  # fmt: skip
        found = re.search(r"^tps = ([0-9.]+)", output, re.MULTILINE)
        if not found:
            raise TestbedError(f"pgbench: {output}")
        return 1000 / float(found[1])
