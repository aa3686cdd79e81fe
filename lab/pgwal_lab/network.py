"""The lab's hosts and cables.

    pgwal-fabric:   bridge of site 1 ──── link ──── bridge of site 2
                     │ │ │ │    │                    │    │ │ │ │
    hosts of site 1 ─┴─┴─┴─┘    └─ this machine ─────┘    └─┴─┴─┴─ hosts of site 2

This machine has a leg in each site, so that an exporter here sees both when the link is cut. "This machine" is the network namespace
that we run in: a drill that brings up a lab for itself has one of its own.
"""

import os

from testbed.commands import run
from testbed.namespaces import Namespace, named

from .plan import FABRIC, HOSTS, INTERFACE_PREFIX, NAMESPACE_PREFIX, NETWORK, SITES, Host, Site, site_of

LINK = [f"{INTERFACE_PREFIX}link1", f"{INTERFACE_PREFIX}link2"]
HOST_INTERFACE = f"{INTERFACE_PREFIX}eth0"

_fabric = Namespace(FABRIC)


def namespaces() -> list[Namespace]:
    """The lab's namespaces that exist now."""
    return named(NAMESPACE_PREFIX)


def build() -> None:
    _fabric.create()
    for site in SITES:
        _fabric.bridge(site.bridge)
    _fabric.ip("link", "add", LINK[0], "type", "veth", "peer", "name", LINK[1])
    for site, end in zip(SITES, LINK, strict=True):
        _fabric.ip("link", "set", end, "master", site.bridge, "up")
    for site in SITES:
        _connect_machine(site)
    for host in HOSTS:
        _connect(host)


def _connect(host: Host) -> None:
    inside = Namespace(host.namespace)
    inside.create()
    _fabric.cable(site_of(host).bridge, INTERFACE_PREFIX + host.name, HOST_INTERFACE, host.namespace)
    inside.ip("address", "add", f"{host.address}/16", "broadcast", NETWORK.broadcast, "dev", HOST_INTERFACE)
    inside.ip("link", "set", HOST_INTERFACE, "up")


def _connect_machine(site: Site) -> None:
    leg = f"{INTERFACE_PREFIX}root{site.number}"
    _fabric.cable(site.bridge, f"{INTERFACE_PREFIX}port{site.number}", leg, str(os.getpid()))
    # The two legs are in one network while the link is there: each shall answer for its own address only.
    run(["sysctl", "-q", "-w", f"net.ipv4.conf.{leg}.arp_ignore=1", f"net.ipv4.conf.{leg}.arp_announce=2"], check=False)
    run(["ip", "address", "add", f"{site.root_address}/24", "dev", leg])
    run(["ip", "link", "set", leg, "up"])


def cut_link() -> None:
    _fabric.ip("link", "set", LINK[0], "down")


def join_link() -> None:
    _fabric.ip("link", "set", LINK[0], "up")


def link_is_up() -> bool:
    return _fabric.is_up(LINK[0])


def addresses(host: Host) -> list[str]:
    """What a host has on its interface: its own address and the virtual ones."""
    return Namespace(host.namespace).addresses(HOST_INTERFACE)


def remove() -> None:
    """Takes all of it away, also after half of a build."""
    for site in SITES:
        run(["ip", "link", "delete", f"{INTERFACE_PREFIX}root{site.number}"], check=False)
    for namespace in namespaces():
        namespace.delete()
