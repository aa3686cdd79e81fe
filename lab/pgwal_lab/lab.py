"""The whole lab: up, down, and everything between."""

import os
import signal
import sys
import time

from . import etcd, network, programs, vip
from .exporters import Exporters
from .folder import Folder
from .patroni import Patronis
from .patroni_configuration import configure, permanent_slot
from .plan import HOSTS, POSTGRES_HOSTS, SITE1, SITE2, SITES, SLOT
from .processes import Daemons, end, start_time
from .shell import CannotRun, LabError, wait_until


def say(text):
    print(text, file=sys.stderr, flush=True)


class Lab:
    """The lab in one directory; there can be one lab on a machine, because its namespaces have fixed names."""

    def __init__(self, directory):
        self.folder = Folder(directory)
        self.daemons = Daemons(self.folder.processes)

    @property
    def is_up(self):
        return self.folder.is_a_lab

    @property
    def patronis(self):
        return Patronis(self.folder, self.daemons, self.folder.facts()["patroni_generation"])

    @property
    def exporters(self):
        return Exporters(self.folder, self.daemons)

    @property
    def situation(self):
        """In which state the last drill left the lab."""
        return self.folder.facts()["situation"]

    @situation.setter
    def situation(self, name):
        self.folder.write(self.folder.facts() | {"situation": name})

    # Up

    def up(self, generation, exporter):
        if os.geteuid() != 0:
            raise CannotRun("network namespaces need root")
        programs.require(generation)
        if self.is_up:
            raise LabError(f"the lab in {self.folder.path} is up already; lab/down ends it")
        if network.namespaces():
            raise LabError(f"there are namespaces of another lab: {' '.join(network.namespaces())}; lab/down ends it")
        network.require_namespaces()
        if exporter and not os.access(exporter, os.X_OK):
            raise LabError(f"no such program: {exporter}")

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

    def bootstrap(self):
        """Makes both clusters anew, on hosts that have none."""
        for site in SITES:
            for host in site.postgres:
                configure(self.folder, host, site, standby=site == SITE2)
        self.bootstrap_site1()
        self.bootstrap_site2()

    def bootstrap_site1(self):
        patronis, (first, second) = self.patronis, SITE1.postgres
        patronis.start(first)
        wait_until(lambda: patronis.primary(SITE1) == first and patronis.leader(SITE1), 60, f"{first.name} is a primary")
        patronis.sql(first, "create role monitor login; grant pg_monitor to monitor")
        patronis.start(second)
        wait_until(lambda: vip.holders(SITE1.app_address) == [first], 30, f"{SITE1.app_address} is on {first.name}")
        wait_until(lambda: patronis.is_streaming(second), 60, f"{second.name} streams")

    def bootstrap_site2(self, streaming=True):
        """Site 2 by a base backup from site 1; without the slot there it comes up, but does not stream."""
        patronis, (first, second) = self.patronis, SITE2.postgres
        patronis.start(first)
        wait_until(lambda: patronis.leader(SITE2) == first, 90, f"{first.name} is the standby leader")
        patronis.start(second)
        if streaming:
            self.wait_healthy()

    # Between

    def rebuild(self):
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

    def wait_healthy(self, seconds=90):
        wait_until(lambda: not self.faults(), seconds, "the lab is healthy", every=0.5)

    def faults(self):
        """What differs from the healthy lab: a primary in site 1, and all the others streaming, through their slots."""
        patronis, faults = self.patronis, []
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
            except LabError:
                faults.append(f"{host.name} does not answer")
        if not patronis.slots(primary).get(SLOT):
            faults.append(f"no active slot {SLOT} on {primary.name}")
        if vip.holders(SITE1.app_address) != [primary]:
            faults.append(f"{SITE1.app_address} is not on {primary.name}")
        return faults

    def use_permanent_slot(self):
        """The right way: Patroni knows the slot and makes it on whoever leads."""
        patronis = self.patronis
        patronis.patch(SITE1, slots=permanent_slot())
        wait_until(lambda: patronis.slots(patronis.primary(SITE1)).get(SLOT), 30, f"the permanent slot {SLOT} is in use")

    def use_handmade_slot(self):
        """The usual way: somebody made the slot once, and Patroni knows nothing of it."""
        patronis = self.patronis
        patronis.patch(SITE1, slots=None)
        primary = patronis.primary(SITE1)

        def dropped():
            senders = "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '{}' and active"
            patronis.sql(primary, senders.format(SLOT))
            return SLOT not in patronis.slots(primary)

        # Patroni drops the slot that it no longer knows as soon as nobody uses it.
        wait_until(dropped, 40, f"Patroni has dropped the slot {SLOT}", every=0.5)
        time.sleep(4)
        self.make_slot(primary)

    def make_slot(self, primary):
        patronis = self.patronis
        if SLOT not in patronis.slots(primary):
            patronis.sql(primary, f"select pg_create_physical_replication_slot('{SLOT}')")
        wait_until(lambda: patronis.slots(primary).get(SLOT), 30, f"the slot {SLOT} on {primary.name} is in use")

    # Down

    def down(self):
        """Ends every process and takes everything away; harmless where there is nothing, or only a half."""
        daemons, folder = self.daemons, self.folder
        if os.geteuid() != 0:
            raise CannotRun("network namespaces need root")
        if self.is_up:
            self.exporters.stop()
            postgres = [host.name for host in POSTGRES_HOSTS]
            others = [name for name in daemons.known() if name not in postgres]
            self.patronis.crash(POSTGRES_HOSTS)
            daemons.stop_all(others, patience=3)
        # What a half-failed start has left without a record lives in the lab's namespaces, like everything of the lab.
        for name in network.namespaces():
            end([(pid, start_time(pid)) for pid in network.pids(name)], signal.SIGKILL)
        network.remove()
        folder.remove()
