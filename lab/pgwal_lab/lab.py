"""The whole lab: up, down, and everything between."""

import os
import signal
import sys
import time
from pathlib import Path

from testbed.errors import CannotRun, TestbedError
from testbed.namespaces import require_namespaces
from testbed.proc import start_time
from testbed.processes import Daemons, end
from testbed.waiting import wait_until

from . import etcd, network, programs, vip
from .exporters import Exporters
from .folder import Folder
from .patroni import Patronis
from .patroni_configuration import configure, permanent_slot
from .plan import HOSTS, NAMESPACE_PREFIX, POSTGRES_HOSTS, SITE1, SITE2, SITES, SLOT, Host


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Lab:
    """The lab in one directory; there can be one lab in a network, because its namespaces have fixed names."""

    def __init__(self, directory: Path) -> None:
        self.folder = Folder(directory)
        self.daemons = Daemons(self.folder.processes)

    @property
    def is_up(self) -> bool:
        return self.folder.is_a_lab

    @property
    def patronis(self) -> Patronis:
        return Patronis(self.folder, self.daemons, self.folder.facts()["patroni_generation"])

    @property
    def exporters(self) -> Exporters:
        return Exporters(self.folder, self.daemons)

    @property
    def situation(self) -> str:
        """In which state the last drill left the lab."""
        return str(self.folder.facts()["situation"])

    @situation.setter
    def situation(self, name: str) -> None:
        self.folder.write(self.folder.facts() | {"situation": name})

    # Up

    def up(self, generation: str, exporter: Path | None) -> None:
        if os.geteuid() != 0:
            raise CannotRun("network namespaces need root")
        programs.require(generation)
        if self.is_up:
            raise TestbedError(f"the lab in {self.folder.path} is up already; lab/down ends it")
        if network.namespaces():
            names = " ".join(namespace.name for namespace in network.namespaces())
            raise TestbedError(f"there are namespaces of another lab: {names}; lab/down ends it")
        require_namespaces(NAMESPACE_PREFIX)
        if exporter and not os.access(exporter, os.X_OK):
            raise TestbedError(f"no such program: {exporter}")

        started = time.monotonic()
        versions = programs.versions(generation)
        facts = {"patroni_generation": generation, "versions": versions, "exporter": bool(exporter), "situation": "unknown"}
        self.folder.create(facts, HOSTS)
        say(f"lab: PostgreSQL {versions['postgresql']}, Patroni {versions['patroni']}, in {self.folder.path}")
        network.build()
        for site in SITES:
            etcd.start(self.folder, self.daemons, site)
        for site in SITES:
            etcd.wait(site)
            vip.start(self.folder, self.daemons, site)
        if exporter:
            self.exporters.install(exporter)
        self.bootstrap()
        if exporter:
            self.exporters.start()
        self.situation = "healthy"
        say(f"lab: up after {time.monotonic() - started:.0f} s")

    def bootstrap(self) -> None:
        """Makes both clusters anew, on hosts that have none."""
        for site in SITES:
            for host in site.postgres:
                configure(self.folder, host, site, standby=site == SITE2)
        self.bootstrap_site1()
        self.bootstrap_site2()

    def bootstrap_site1(self) -> None:
        patronis, (first, second) = self.patronis, SITE1.postgres
        patronis.start(first)
        wait_until(f"{first.name} is a primary", lambda: patronis.primary(SITE1) == first and patronis.leader(SITE1) == first, 60)
        patronis.sql(first, "create role monitor login; grant pg_monitor to monitor")
        patronis.start(second)
        wait_until(f"{SITE1.app_address} is on {first.name}", lambda: vip.holders(SITE1.app_address) == [first], 30)
        wait_until(f"{second.name} streams", lambda: patronis.is_streaming(second), 60)

    def bootstrap_site2(self, streaming: bool = True) -> None:
        """Site 2 by a base backup from site 1; without the slot there it comes up, but does not stream."""
        patronis, (first, second) = self.patronis, SITE2.postgres
        patronis.start(first)
        wait_until(f"{first.name} is the standby leader", lambda: patronis.leader(SITE2) == first, 90)
        patronis.start(second)
        if streaming:
            self.wait_healthy()

    # Between

    def rebuild(self) -> None:
        """From whatever state to the healthy one, by making both clusters anew."""
        watched = self.folder.facts()["exporter"]
        network.join_link()
        # Servers of another system behind the same names are not what the drills are about.
        self.exporters.stop()
        patronis = self.patronis
        patronis.crash(POSTGRES_HOSTS)
        for site in SITES:
            etcd.forget_cluster(site)
            for host in site.postgres:
                patronis.wipe(host)
                vip.write_check(self.folder, host, vip.PRIMARY_CHECK)
        self.bootstrap()
        if watched:
            self.exporters.start()
        self.situation = "healthy"

    def wait_healthy(self, seconds: float = 90) -> None:
        wait_until("the lab is healthy", lambda: not self.faults(), seconds, every=0.5)

    def faults(self) -> list[str]:
        """What differs from the healthy lab: a primary in site 1, and all the others streaming, through their slots."""
        patronis, faults = self.patronis, list[str]()
        if not network.link_is_up():
            faults.append("the link is cut")
        primary, leader2 = patronis.primary(SITE1), patronis.leader(SITE2)
        if not primary:
            return [*faults, "site 1 has no primary"]
        if patronis.primary(SITE2):
            faults.append("site 2 has a primary")
        if not leader2:
            faults.append("site 2 has no leader")
        for host in POSTGRES_HOSTS:
            try:
                if host != primary and not patronis.is_streaming(host):
                    faults.append(f"{host.name} does not stream")
            except TestbedError:
                faults.append(f"{host.name} does not answer")
        if not patronis.slots(primary).get(SLOT):
            faults.append(f"no active slot {SLOT} on {primary.name}")
        if vip.holders(SITE1.app_address) != [primary]:
            faults.append(f"{SITE1.app_address} is not on {primary.name}")
        return faults

    def use_permanent_slot(self) -> None:
        """The right way: Patroni knows the slot and makes it on whoever leads."""
        patronis = self.patronis
        patronis.patch(SITE1, slots=permanent_slot())
        wait_until(f"the permanent slot {SLOT} is in use", lambda: patronis.slots(patronis.the_primary(SITE1)).get(SLOT), 30)

    def use_handmade_slot(self) -> None:
        """The usual way: somebody made the slot once, and Patroni knows nothing of it."""
        patronis = self.patronis
        patronis.patch(SITE1, slots=None)
        primary = patronis.the_primary(SITE1)

        def dropped() -> bool:
            senders = "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '{}' and active"
            patronis.sql(primary, senders.format(SLOT))
            return SLOT not in patronis.slots(primary)

        # Patroni drops the slot that it no longer knows as soon as nobody uses it.
        wait_until(f"Patroni has dropped the slot {SLOT}", dropped, 40, every=0.5)
        # It reads in its next turn which slots there are now; one that it then does not know would go the same way.
        patronis.wait_loops(primary, 1)
        self.make_slot(primary)

    def make_slot(self, primary: Host) -> None:
        patronis = self.patronis
        if SLOT not in patronis.slots(primary):
            patronis.sql(primary, f"select pg_create_physical_replication_slot('{SLOT}')")
        wait_until(f"the slot {SLOT} on {primary.name} is in use", lambda: patronis.slots(primary).get(SLOT), 30)

    # Down

    def down(self) -> None:
        """Ends every process and takes everything away; harmless where there is nothing, or only a half."""
        daemons, folder = self.daemons, self.folder
        if os.geteuid() != 0:
            raise CannotRun("network namespaces need root")
        if self.is_up:
            self.exporters.stop()
            postgres = [host.name for host in POSTGRES_HOSTS]
            others = [name for name in daemons.known() if name not in postgres]
            self.patronis.crash(POSTGRES_HOSTS)
            daemons.stop(others, patience=3)
        # What a half-failed start has left without a record lives in the lab's namespaces, like everything of the lab.
        for namespace in network.namespaces():
            end([(pid, start_time(pid)) for pid in namespace.pids()], signal.SIGKILL)
        network.remove()
        folder.remove()
