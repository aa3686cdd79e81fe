"""Patroni and its PostgreSQL on the four hosts."""

import shutil
import signal
from typing import Any

from testbed.commands import run
from testbed.errors import TestbedError
from testbed.patroni import Member
from testbed.postgres import SUPERUSER
from testbed.proc import start_time
from testbed.processes import Daemons, end
from testbed.waiting import wait_until

from .folder import USER, Folder
from .plan import Host, Site
from .programs import patroni, postgres


class Patronis:
    """Starts, asks and stops them."""

    def __init__(self, folder: Folder, daemons: Daemons, generation: str) -> None:
        self.folder = folder
        self.daemons = daemons
        self.program = patroni(generation)

    # Processes

    def start(self, host: Host) -> None:
        command = [self.program, self.folder.of(host) / "patroni.yml"]
        self.daemons.start(command, self.folder.log(host.name), name=host.name, user=USER, namespace=host.namespace)

    def stop(self, host: Host) -> None:
        """Stops Patroni, which stops PostgreSQL cleanly."""
        self.daemons.stop([host.name], patience=30)
        self._end_postgres(host, signal.SIGINT)

    def kill(self, host: Host) -> None:
        """Kills Patroni alone; PostgreSQL goes on."""
        self.daemons.stop([host.name], signal.SIGKILL)

    def crash(self, hosts: list[Host]) -> None:
        """Ends Patroni and PostgreSQL without any goodbye."""
        self.daemons.stop([host.name for host in hosts], signal.SIGKILL)
        for host in hosts:
            self._end_postgres(host, signal.SIGQUIT)

    def wipe(self, host: Host) -> None:
        """Takes the data directory away, as before a base backup."""
        shutil.rmtree(self.folder.data(host), ignore_errors=True)

    def _end_postgres(self, host: Host, number: int) -> None:
        data = self.folder.data(host)
        try:
            pid = int((data / "postmaster.pid").read_text().split()[0])
            ours = data.samefile(f"/proc/{pid}/cwd")
        except (OSError, ValueError, IndexError):
            return
        if ours:
            end([(pid, start_time(pid))], number, patience=15)

    # PostgreSQL

    def sql(self, host: Host, statement: str, timeout: float = 15) -> str:
        """Runs SQL as the superuser, over the host's own socket."""
        psql = [str(postgres().program("psql")), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder.of(host)), "-U", SUPERUSER]
        return run([*psql, "-d", "postgres", "-c", statement], timeout=timeout, user=USER).strip()

    def primary(self, site: Site) -> Host | None:
        """The host of a site whose PostgreSQL is not in recovery, or None."""
        for host in site.postgres:
            try:
                if self.sql(host, "select pg_is_in_recovery()") == "f":
                    return host
            except TestbedError:
                pass
        return None

    def the_primary(self, site: Site) -> Host:
        """The primary that a site has, or is about to have."""
        return wait_until(f"{site.name} has a primary", lambda: self.primary(site), 30)

    def slots(self, host: Host) -> dict[str, bool]:
        """The physical slots of a server: name to whether it is active."""
        rows = self.sql(host, "select slot_name, active from pg_replication_slots").splitlines()
        return {name: active == "t" for name, active in (row.split("|") for row in rows)}

    def is_streaming(self, host: Host) -> bool:
        """Whether a standby really receives; the status alone says so at each vain attempt too."""
        query = "select count(*) from pg_stat_wal_receiver where status = 'streaming' and latest_end_lsn is not null"
        return self.sql(host, query) == "1"

    # REST

    def member(self, host: Host) -> Member:
        return Member(host.patroni)

    def leader(self, site: Site) -> Host | None:
        """The host that holds the leader key, by what the members say; None when there is none that runs."""
        return next((host for host in site.postgres if self.member(host).leads()), None)

    def the_leader(self, site: Site) -> Host:
        """The leader that a site has, or is about to have."""
        return wait_until(f"{site.name} has a leader", lambda: self.leader(site), 30)

    def other(self, site: Site, host: Host) -> Host:
        return next(other for other in site.postgres if other != host)

    def patch(self, site: Site, **changes: Any) -> None:
        """Changes the dynamic configuration through any member that answers; None takes a key out."""

        def patched() -> bool:
            for host in site.postgres:
                try:
                    self.member(host).patch(**changes)
                    return True
                except OSError:
                    pass
            return False

        wait_until(f"a Patroni of {site.name} takes a new configuration", patched, 30, every=0.5)

    def switchover(self, site: Site) -> Host:
        """Hands the leader key to the replica; returns the new leader."""
        old = self.the_leader(site)
        new = self.other(site, old)

        def done() -> bool:
            # It may have been done, and the answer have come too late.
            return self.member(old).switchover(old.name, new.name) or self.leader(site) == new

        wait_until(f"switchover to {new.name}", done, 30, every=1)
        return new

    def wait_loops(self, host: Host, loops: int) -> None:
        """Until Patroni has looked after its server so many times more, from the beginning."""
        seen = set()

        def passed() -> bool:
            said = self.member(host).itself() or {}
            seen.add(said.get("dcs_last_seen"))
            # The first may have begun before, and the next tells that it has ended.
            return len(seen - {None}) > loops + 1

        wait_until(f"Patroni of {host.name} has looked after its server", passed, 40, every=0.2)

    def cluster(self, site: Site) -> dict[str, Any] | None:
        """`/cluster` of any member that answers."""
        return next((answer for host in site.postgres if (answer := self.member(host).cluster())), None)
