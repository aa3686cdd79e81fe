"""The names and addresses of everything in the lab."""

from dataclasses import dataclass

#: Network namespaces and interfaces begin with these, so that nothing else on the machine is mistaken for the lab's.
NAMESPACE_PREFIX = "pgwal-"
INTERFACE_PREFIX = "pw-"
FABRIC = NAMESPACE_PREFIX + "fabric"

POSTGRES_PORT = 5432
PATRONI_PORT = 8008
ETCD_PORT = 2379
EXPORTER_PORT = 10195


@dataclass(frozen=True)
class Network:
    """All addresses of the lab."""

    addresses: str
    broadcast: str


NETWORK = Network("10.77.0.0/16", "10.77.255.255")

#: The slot that site 2 is told to use at site 1, and the one for the way back.
SLOT = "standby_cluster"


@dataclass(frozen=True)
class Host:
    """A network namespace with one address."""

    name: str
    site: str
    address: str

    @property
    def namespace(self) -> str:
        return NAMESPACE_PREFIX + self.name

    @property
    def patroni(self) -> str:
        return f"http://{self.address}:{PATRONI_PORT}"

    @property
    def exporter(self) -> str:
        return f"http://{self.address}:{EXPORTER_PORT}"


@dataclass(frozen=True)
class Site:
    """Two PostgreSQL hosts with Patroni, their etcd, a host of an application, and two virtual addresses."""

    name: str
    number: int

    def host(self, role: str, last_part: int) -> Host:
        return Host(f"{self.name}-{role}", self.name, f"10.77.{self.number}.{last_part}")

    @property
    def postgres(self) -> list[Host]:
        return [self.host("pg1", 11), self.host("pg2", 12)]

    @property
    def etcd(self) -> Host:
        return self.host("etcd", 21)

    @property
    def application(self) -> Host:
        return self.host("app", 31)

    @property
    def hosts(self) -> list[Host]:
        return [*self.postgres, self.etcd, self.application]

    @property
    def app_address(self) -> str:
        """Moved by keepalived, to the host whose PostgreSQL is not in recovery."""
        return f"10.77.{self.number}.100"

    @property
    def leader_address(self) -> str:
        """Moved by vip-manager, to the host that holds Patroni's leader key; in a standby cluster that one is read-only."""
        return f"10.77.{self.number}.101"

    @property
    def root_address(self) -> str:
        """The machine itself, on this site's bridge."""
        return f"10.77.{self.number}.1"

    @property
    def bridge(self) -> str:
        return f"{INTERFACE_PREFIX}bridge{self.number}"


SITES = [Site("dc1", 1), Site("dc2", 2)]
SITE1, SITE2 = SITES
HOSTS = [host for site in SITES for host in site.hosts]
POSTGRES_HOSTS = [host for site in SITES for host in site.postgres]
FLEET_EXPORTER = f"http://{SITE1.root_address}:{EXPORTER_PORT}"


def site_of(host: Host) -> Site:
    return next(site for site in SITES if site.name == host.site)


def other_site(site: Site) -> Site:
    return SITE2 if site == SITE1 else SITE1


def host_named(name: str) -> Host:
    return next(host for host in HOSTS if host.name == name)
