"""Patroni and its PostgreSQL on the four hosts."""

import shutil
import signal

from .folder import USER
from .processes import end, start_time
from .programs import patroni, postgres_bin
from .rest import json_of, request, status_of
from .shell import LabError, run, wait_until


class Patronis:
    """Starts, asks and stops them."""

    def __init__(self, folder, daemons, generation):
        self.folder = folder
        self.daemons = daemons
        self.program = patroni(generation)

    # Processes

    def start(self, host):
        command = [str(self.program), str(self.folder.of(host) / "patroni.yml")]
        self.daemons.start(host.name, command, self.folder.log(host.name), host=host, user=USER)

    def stop(self, host):
        """Stops Patroni, which stops PostgreSQL cleanly."""
        self.daemons.stop(host.name, patience=30)
        self._end_postgres(host, signal.SIGINT)

    def kill(self, host):
        """Kills Patroni alone; PostgreSQL goes on."""
        self.daemons.stop(host.name, signal.SIGKILL)

    def crash(self, hosts):
        """Ends Patroni and PostgreSQL without any goodbye."""
        self.daemons.stop_all([host.name for host in hosts], signal.SIGKILL)
        for host in hosts:
            self._end_postgres(host, signal.SIGQUIT)

    def wipe(self, host):
        """Takes the data directory away, as before a base backup."""
        shutil.rmtree(self.folder.data(host), ignore_errors=True)

    def _end_postgres(self, host, number):
        data = self.folder.data(host)
        try:
            pid = int((data / "postmaster.pid").read_text().split()[0])
            ours = data.samefile(f"/proc/{pid}/cwd")
        except (OSError, ValueError, IndexError):
            return
        if ours:
            end([(pid, start_time(pid))], number, patience=15)

    # PostgreSQL

    def sql(self, host, statement, timeout=15):
        """Runs SQL as the superuser, over the host's own socket."""
        psql = [str(postgres_bin() / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder.of(host)), "-U", "postgres"]
        user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups", "--"]
        return run([*user, *psql, "-d", "postgres", "-c", statement], timeout=timeout, cwd="/").strip()

    def primary(self, site):
        """The host of a site whose PostgreSQL is not in recovery, or None."""
        for host in site.postgres:
            try:
                if self.sql(host, "select pg_is_in_recovery()") == "f":
                    return host
            except LabError:
                pass
        return None

    def slots(self, host):
        """The physical slots of a server: name to whether it is active."""
        rows = self.sql(host, "select slot_name, active from pg_replication_slots").splitlines()
        return {name: active == "t" for name, active in (row.split("|") for row in rows)}

    def is_streaming(self, host):
        """Whether a standby really receives; the status alone says so at each vain attempt too."""
        query = "select count(*) from pg_stat_wal_receiver where status = 'streaming' and latest_end_lsn is not null"
        return self.sql(host, query) == "1"

    # REST

    def member(self, host):
        return json_of(f"{host.patroni}/patroni")

    def leader(self, site):
        """The host that holds the leader key, by what the members say; None when there is none that runs."""
        for host in site.postgres:
            member = self.member(host)
            if member and member.get("state") == "running" and member.get("role") in ("primary", "master", "standby_leader"):
                return host
        return None

    def replica(self, site):
        leader = self.leader(site)
        return next((host for host in site.postgres if host != leader), None)

    def patch(self, site, **changes):
        """Changes the dynamic configuration through any member that answers; None takes a key out."""
        for host in site.postgres:
            try:
                status, text = request(f"{host.patroni}/config", "PATCH", changes)
            except OSError:
                continue
            if status == 200:
                return
            raise LabError(f"PATCH {host.patroni}/config: {status} {text}")
        raise LabError(f"no Patroni of {site.name} answers")

    def switchover(self, site):
        """Hands the leader key to the replica; returns the new leader."""
        old = self.leader(site)
        new = next(host for host in site.postgres if host != old)
        body = {"leader": old.name, "candidate": new.name}
        done = lambda: request(f"{old.patroni}/switchover", "POST", body, timeout=30)[0] == 200
        wait_until(done, 30, f"switchover to {new.name}", every=1)
        return new

    def reinitialize(self, host):
        """Has a replica made anew, by a base backup from its leader."""
        status, text = request(f"{host.patroni}/reinitialize", "POST", {"force": True})
        if status != 200:
            raise LabError(f"POST {host.patroni}/reinitialize: {status} {text}")

    def says(self, host):
        """What a member's REST interface says now: its own words, and the status of its health checks."""
        member = self.member(host) or {}
        checks = ["health", "primary", "standby-leader", "replica", "readiness", "liveness"]
        return {
            "role": member.get("role"),
            "state": member.get("state"),
            "replication_state": member.get("replication_state"),
            "timeline": member.get("timeline"),
            "checks": {check: status_of(f"{host.patroni}/{check}") for check in checks},
        }

    def cluster(self, site):
        """`/cluster` of any member that answers."""
        for host in site.postgres:
            answer = json_of(f"{host.patroni}/cluster")
            if answer:
                return answer
        return None
