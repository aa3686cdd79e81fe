"""The exporter, in both ways to run it: one for the fleet, and one on each node."""

import shutil

from .folder import USER
from .plan import EXPORTER_PORT, FLEET_EXPORTER, POSTGRES_HOSTS, SITE1, SITE2, SITES, SLOT, site_of
from .rest import status_of
from .shell import run, wait_until

DSN = "dbname=postgres user=monitor connect_timeout=2"

# The lab looks every second; listings of the WAL directory shall not be much older than that.
COLLECTION = """\
collection:
  timeout: 3s
  directory_interval: 3s
"""


def addresses_to_expect():
    """Virtual addresses in the healthy lab: name, site, address, and the role of the server that shall answer there."""
    return [
        ("dc1-app", SITE1, SITE1.app_address, "primary"),
        ("dc1-leader", SITE1, SITE1.leader_address, "primary"),
        # vip-manager follows the leader key, which the leader of a standby cluster holds too.
        ("dc2-leader", SITE2, SITE2.leader_address, "standby"),
    ]


def _address_target(name, site, address, role):
    return f"""\
  - name: {name}
    dsn: host={address} {DSN}
    labels: {{site: {site.name}}}
    expect: {{role: {role}}}
"""


def _expected_slots(site):
    """Site 1 expects the slot of site 2, whether Patroni knows of it or somebody made it by hand."""
    return f"{{slots: [{{name: {SLOT}, type: physical}}]}}" if site == SITE1 else "{}"


def fleet_configuration():
    """All members of both clusters, found through Patroni, and the virtual addresses."""
    lines = "targets:\n" + "".join(_address_target(*entry) for entry in addresses_to_expect()) + "\npatroni:\n"
    for site in SITES:
        lines += f"""\
  - name: {site.name}
    urls: [{", ".join(host.patroni for host in site.postgres)}]
    dsn: {DSN}
    interval: 2s
    labels: {{site: {site.name}}}
    expect: {_expected_slots(site)}
"""
    return lines + "\n" + COLLECTION


def node_configuration(host):
    """The server on this host, and what is expected of it."""
    return f"""\
targets:
  - name: {host.name}
    dsn: host=127.0.0.1 {DSN}
    labels: {{site: {host.site}}}
    expect: {_expected_slots(site_of(host))}

{COLLECTION}"""


def application_configuration(site):
    """What an application of this site reaches by the virtual addresses."""
    targets = [_address_target(*entry) for entry in addresses_to_expect() if entry[1] == site]
    return "targets:\n" + "".join(targets) + "\n" + COLLECTION


class Exporters:
    """Starts and stops them."""

    def __init__(self, folder, daemons):
        self.folder = folder
        self.daemons = daemons

    def install(self, program):
        """Takes a copy: a build that goes on meanwhile, or a folder that only root may enter, shall not matter."""
        shutil.copy(program, self._program)
        self._program.chmod(0o755)
        self._write("fleet", fleet_configuration())
        for host in POSTGRES_HOSTS:
            self._write(host.name, node_configuration(host))
        for site in SITES:
            self._write(site.application.name, application_configuration(site))
        for file in sorted(self.folder.exporter.glob("*.yml")):
            run([str(self._program), "config", f"--config.file={file}"])

    def start(self):
        """Starts all and waits until they answer."""
        self._start("fleet", None, SITE1.root_address)
        hosts = POSTGRES_HOSTS + [site.application for site in SITES]
        for host in hosts:
            self._start(host.name, host, host.address)
        for url in [FLEET_EXPORTER, *(host.exporter for host in hosts)]:
            wait_until(lambda url=url: status_of(url + "/-/healthy") == 200, 20, f"the exporter at {url} is healthy")

    def stop(self):
        names = [name for name in self.daemons.known() if name.startswith("exporter-")]
        self.daemons.stop_all(names, patience=5)

    @property
    def _program(self):
        return self.folder.exporter / "pgwal_exporter"

    def _write(self, name, text):
        (self.folder.exporter / f"{name}.yml").write_text(text)

    def _start(self, name, host, address):
        command = [
            str(self._program),
            f"--config.file={self.folder.exporter}/{name}.yml",
            f"--web.listen-address={address}:{EXPORTER_PORT}",
        ]
        self.daemons.start(f"exporter-{name}", command, self.folder.log(f"exporter-{name}"), host=host, user=USER)
