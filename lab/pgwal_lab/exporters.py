"""The exporter, in both ways to run it: one for the fleet, and one on each node."""

from pathlib import Path
from typing import Any

from testbed.exporter import Exporter
from testbed.processes import Daemons

from .folder import Folder
from .plan import EXPORTER_PORT, POSTGRES_HOSTS, SITE1, SITE2, SITES, SLOT, Host, Site, site_of

DSN = "dbname=postgres user=monitor connect_timeout=2"

# The lab looks every second; listings of the WAL directory shall not be much older than that.
COLLECTION = {"timeout": "3s", "directory_interval": "3s"}

Configuration = dict[str, Any]


def addresses_to_expect() -> list[tuple[str, Site, str, str]]:
    """Virtual addresses in the healthy lab: name, site, address, and the role of the server that shall answer there."""
    return [
        ("dc1-app", SITE1, SITE1.app_address, "primary"),
        ("dc1-leader", SITE1, SITE1.leader_address, "primary"),
        # vip-manager follows the leader key, which the leader of a standby cluster holds too.
        ("dc2-leader", SITE2, SITE2.leader_address, "standby"),
    ]


def _target(name: str, site: Site, address: str, expect: Configuration) -> Configuration:
    return {"name": name, "dsn": f"host={address} {DSN}", "labels": {"site": site.name}, "expect": expect}


def _expected_slots(site: Site) -> Configuration:
    """Site 1 expects the slot of site 2, whether Patroni knows of it or somebody made it by hand."""
    return {"slots": [{"name": SLOT, "type": "physical"}]} if site == SITE1 else {}


def fleet_configuration() -> Configuration:
    """All members of both clusters, found through Patroni, and the virtual addresses."""
    clusters = [
        {
            "name": site.name,
            "urls": [host.patroni for host in site.postgres],
            "dsn": DSN,
            "interval": "2s",
            "labels": {"site": site.name},
            "expect": _expected_slots(site),
        }
        for site in SITES
    ]
    targets = [_target(name, site, address, {"role": role}) for name, site, address, role in addresses_to_expect()]
    return {"targets": targets, "patroni": clusters, "collection": COLLECTION}


def node_configuration(host: Host) -> Configuration:
    """The server on this host, and what is expected of it."""
    site = site_of(host)
    return {"targets": [_target(host.name, site, "127.0.0.1", _expected_slots(site))], "collection": COLLECTION}


def application_configuration(site: Site) -> Configuration:
    """What an application of this site reaches by the virtual addresses."""
    targets = [_target(name, of, address, {"role": role}) for name, of, address, role in addresses_to_expect() if of == site]
    return {"targets": targets, "collection": COLLECTION}


class Exporters:
    """Starts and stops them."""

    def __init__(self, folder: Folder, daemons: Daemons) -> None:
        self.folder, self.daemons = folder, daemons
        program = folder.exporter / "pgwal_exporter"

        def exporter(name: str, address: str, namespace: str | None = None) -> Exporter:
            return Exporter(daemons, program, folder.exporter, f"exporter-{name}", f"{address}:{EXPORTER_PORT}", namespace)

        self._all = [(exporter("fleet", SITE1.root_address), fleet_configuration())]
        for host in POSTGRES_HOSTS:
            self._all.append((exporter(host.name, host.address, host.namespace), node_configuration(host)))
        for site in SITES:
            host = site.application
            self._all.append((exporter(host.name, host.address, host.namespace), application_configuration(site)))

    def install(self, program: Path) -> None:
        Exporter.copy(program, self.folder.exporter)
        for exporter, configuration in self._all:
            exporter.log = self.folder.log(exporter.name)
            exporter.write(configuration)
            exporter.check()

    def start(self) -> None:
        """Starts all and waits until they answer."""
        for exporter, _ in self._all:
            exporter.log = self.folder.log(exporter.name)
            exporter.start()
        for exporter, _ in self._all:
            exporter.wait()

    def stop(self) -> None:
        names = [name for name in self.daemons.known() if name.startswith("exporter-")]
        self.daemons.stop(names, patience=5)
