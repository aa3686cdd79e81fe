"""Namespaces, bridges and cables.

    pgwal-fabric:   bridge of site 1 ──── link ──── bridge of site 2
                     │ │ │ │    │                    │    │ │ │ │
    hosts of site 1 ─┴─┴─┴─┘    └─ this machine ─────┘    └─┴─┴─┴─ hosts of site 2

This machine has a leg in each site, so that an exporter here sees both when the link is cut.
"""

import os

from .plan import FABRIC, HOSTS, INTERFACE_PREFIX, NAMESPACE_PREFIX, SITES, site_of
from .shell import CannotRun, LabError, run

LINK = [f"{INTERFACE_PREFIX}link1", f"{INTERFACE_PREFIX}link2"]
HOST_INTERFACE = f"{INTERFACE_PREFIX}eth0"


def namespaces():
    """The lab's namespaces that exist now."""
    names = [line.split()[0] for line in run(["ip", "netns", "list"]).splitlines() if line.strip()]
    return [name for name in names if name.startswith(NAMESPACE_PREFIX)]


def require_namespaces():
    name = NAMESPACE_PREFIX + "test"
    try:
        run(["ip", "netns", "add", name])
        try:
            run(["ip", "-n", name, "link", "add", "pw-test-a", "type", "veth", "peer", "name", "pw-test-b"])
            run(["ip", "-n", name, "link", "add", "pw-test-c", "type", "bridge"])
        finally:
            run(["ip", "netns", "delete", name], check=False)
    except (LabError, OSError) as error:
        raise CannotRun(f"this machine does not allow network namespaces, veth pairs and bridges: {error}") from None


def build():
    in_fabric = ["ip", "-n", FABRIC]
    run(["ip", "netns", "add", FABRIC])
    for site in SITES:
        run([*in_fabric, "link", "add", site.bridge, "type", "bridge"])
        run([*in_fabric, "link", "set", site.bridge, "up"])
    run([*in_fabric, "link", "add", LINK[0], "type", "veth", "peer", "name", LINK[1]])
    for site, end in zip(SITES, LINK):
        run([*in_fabric, "link", "set", end, "master", site.bridge, "up"])
    for site in SITES:
        _connect_root(site)
    for host in HOSTS:
        _connect(host)


def _connect(host):
    port = INTERFACE_PREFIX + host.name
    run(["ip", "netns", "add", host.namespace])
    run(["ip", "-n", FABRIC, "link", "add", port, "type", "veth", "peer", "name", HOST_INTERFACE, "netns", host.namespace])
    run(["ip", "-n", FABRIC, "link", "set", port, "master", site_of(host).bridge, "up"])
    inside = ["ip", "-n", host.namespace]
    run([*inside, "link", "set", "lo", "up"])
    run([*inside, "address", "add", f"{host.address}/16", "broadcast", "10.77.255.255", "dev", HOST_INTERFACE])
    run([*inside, "link", "set", HOST_INTERFACE, "up"])


def _connect_root(site):
    port, leg = f"{INTERFACE_PREFIX}port{site.number}", f"{INTERFACE_PREFIX}root{site.number}"
    run(["ip", "-n", FABRIC, "link", "add", port, "type", "veth", "peer", "name", leg, "netns", str(os.getpid())])
    run(["ip", "-n", FABRIC, "link", "set", port, "master", site.bridge, "up"])
    # The two legs are in one network while the link is there: each shall answer for its own address only.
    run(["sysctl", "-q", "-w", f"net.ipv4.conf.{leg}.arp_ignore=1", f"net.ipv4.conf.{leg}.arp_announce=2"], check=False)
    run(["ip", "address", "add", f"{site.root_address}/24", "dev", leg])
    run(["ip", "link", "set", leg, "up"])


def cut_link():
    run(["ip", "-n", FABRIC, "link", "set", LINK[0], "down"])


def join_link():
    run(["ip", "-n", FABRIC, "link", "set", LINK[0], "up"])


def link_is_up():
    return "state UP" in run(["ip", "-n", FABRIC, "-o", "link", "show", "dev", LINK[0]])


def addresses(host):
    """What a host has on its interface: its own address and the virtual ones."""
    lines = run(["ip", "-n", host.namespace, "-o", "-4", "address", "show", "dev", HOST_INTERFACE]).splitlines()
    return [line.split()[3].split("/")[0] for line in lines]


def pids(namespace):
    return [int(pid) for pid in run(["ip", "netns", "pids", namespace], check=False).split()]


def remove():
    """Takes all of it away, also after half of a build."""
    for site in SITES:
        run(["ip", "link", "delete", f"{INTERFACE_PREFIX}root{site.number}"], check=False)
    for name in namespaces():
        run(["ip", "netns", "delete", name], check=False)
