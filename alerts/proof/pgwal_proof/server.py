"""A PostgreSQL server, and writing to it."""

import shutil
import signal
import subprocess
import threading

from .processes import ProofError, wait_until

SETTINGS = {
    "port": "5432",
    "unix_socket_directories": "",
    "fsync": "off",
    "shared_buffers": "16MB",
    "autovacuum": "off",
    "wal_level": "logical",
    "wal_log_hints": "on",
    "max_wal_size": "16MB",
    "min_wal_size": "4MB",
    "wal_keep_size": "64MB",
    "max_slot_wal_keep_size": "512MB",
    "hot_standby_feedback": "off",
    "wal_receiver_status_interval": "1s",
    "wal_retrieve_retry_interval": "500ms",
    "wal_sender_timeout": "10s",
    "wal_receiver_timeout": "10s",
    "archive_mode": "on",
    "archive_command": "true",
    "log_min_messages": "warning",
}


class Server:
    """A PostgreSQL server with an address of its own, standby of another one or not."""

    def __init__(self, proof, name, address, **settings):
        self.proof = proof
        self.name = name
        self.address = address
        self.data = proof.folder / name
        self.log = proof.folder / f"{name}.log"
        self.settings = SETTINGS | {"listen_addresses": address, "cluster_name": name} | settings
        self.process = None

    def _program(self, name):
        return self.proof.postgres / name

    @property
    def connection(self):
        return f"host={self.address} port=5432 user=postgres dbname=postgres connect_timeout=5"

    def create(self, wal_directory=None):
        """Makes it an empty cluster, with a role for the exporter."""
        place = ["--waldir", wal_directory] if wal_directory else []
        self.proof.processes.run(
            [self._program("initdb"), "--no-sync", "--auth=trust", "--username=postgres", "--wal-segsize=1"]
            + ["--encoding=UTF8", "--locale=C", *place, "-D", self.data]
        )
        (self.data / "pg_hba.conf").write_text("host all all 0.0.0.0/0 trust\nhost replication all 0.0.0.0/0 trust\n")
        self.start()
        self.sql("CREATE ROLE monitor LOGIN", "GRANT pg_monitor TO monitor")
        return self

    def follow(self, upstream, slot):
        """Makes it a standby of the upstream, by a slot there and a base backup."""
        upstream.create_slot(slot)
        self.build_from(upstream)
        self.write_standby_settings(upstream, slot)
        self.start()
        return self

    def build_from(self, upstream):
        shutil.rmtree(self.data, ignore_errors=True)
        self.proof.processes.run(
            [self._program("pg_basebackup"), "-d", upstream.connection, "-D", self.data, "-c", "fast", "-X", "stream", "--no-sync"]
        )

    def write_standby_settings(self, upstream, slot):
        self.settings |= {
            "primary_conninfo": f"host={upstream.address} port=5432 user=postgres application_name={self.name}",
            "primary_slot_name": slot,
        }
        (self.data / "standby.signal").touch()

    def write_settings(self):
        lines = [f"{name} = '{value}'\n" for name, value in self.settings.items()]
        (self.data / "postgresql.conf").write_text("".join(lines))

    def start(self):
        self.write_settings()
        # SIGQUIT makes a server and its children stop at once.
        self.process = self.proof.processes.start(
            [self._program("postgres"), "-D", self.data], log=self.log, ended_by=signal.SIGQUIT
        )
        wait_until(f"{self.name} answers", self._answers)

    def _answers(self):
        if self.process.poll() is not None:
            raise ProofError(f"{self.name} did not start: {self.log.read_text(errors='replace')[-600:]}")
        try:
            return self.query("SELECT 1") == "1"
        except ProofError:
            return False

    def stop(self, immediately=False):
        self.proof.processes.stop(self.process, signal.SIGQUIT if immediately else signal.SIGINT)

    def change(self, **settings):
        """Changes settings of the running server."""
        self.settings |= settings
        self.write_settings()
        self.sql("SELECT pg_reload_conf()")

    def query(self, statement):
        return self.proof.processes.run(
            [self._program("psql"), "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.connection, "-c", statement]
        )

    def sql(self, *statements):
        for statement in statements:
            self.query(statement)

    @property
    def system(self):
        return self.query("SELECT system_identifier FROM pg_control_system()")

    def create_slot(self, name, reserve=True):
        self.sql(f"SELECT pg_create_physical_replication_slot('{name}', {str(reserve).lower()})")

    def drop_slot(self, name):
        """Also of a consumer that comes back at once."""
        drop = (
            f"SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '{name}' AND active;"
            f" SELECT pg_drop_replication_slot('{name}')"
        )

        def dropped():
            try:
                self.sql(*drop.split("; "))
            except ProofError as error:
                if "is active" not in str(error):
                    raise
                return False
            return True

        wait_until(f"{name} is dropped at {self.name}", dropped, pause=0.02)

    def session(self, connection=""):
        """A psql that reads statements from its standard input."""
        return self.proof.processes.start(
            [self._program("psql"), "-X", "-A", "-t", "-q", "-d", connection or self.connection],
            log=self.log,
            stdin=subprocess.PIPE,
            text=True,
        )

    def streams(self):
        """Whether it receives WAL."""
        return self.query("SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'") == "1"


class Load:
    """Writes WAL at a steady rate until it is stopped."""

    def __init__(self, server, bytes_per_second, transactions_per_second=5):
        self._server = server
        size = bytes_per_second // transactions_per_second
        self._statement = f"SELECT pg_logical_emit_message(true, 'proof', repeat('x', {size}));\n"
        self._pause = 1 / transactions_per_second
        self._stopping = threading.Event()
        self._thread = None

    def start(self):
        self._stopping.clear()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def _write(self):
        session = self._server.session()
        try:
            # Goes on where commits would wait for a standby.
            session.stdin.write("SET synchronous_commit = off;\n\\o /dev/null\n")
            while not self._stopping.wait(self._pause):
                session.stdin.write(self._statement)
                session.stdin.flush()
        except OSError:
            pass
        finally:
            self._server.proof.processes.stop(session)

    def stop(self):
        self._stopping.set()
        if self._thread:
            self._thread.join(10)
