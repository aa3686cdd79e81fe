"""The lab at a glance."""

from collections.abc import Iterator

from . import network, vip
from .lab import Lab
from .plan import FLEET_EXPORTER, POSTGRES_HOSTS, SITES


def lines(lab: Lab) -> Iterator[str]:
    facts = lab.folder.facts()
    patronis = lab.patronis
    yield f"directory  {lab.folder.path}"
    yield f"versions   PostgreSQL {facts['versions']['postgresql']}, Patroni {facts['versions']['patroni']}"
    yield f"link       {'up' if network.link_is_up() else 'cut'}"
    for site in SITES:
        for address in (site.app_address, site.leader_address):
            holders = ", ".join(host.name for host in vip.holders(address)) or "nobody"
            yield f"address    {address} on {holders}"
    for host in POSTGRES_HOSTS:
        member = patronis.member(host).itself() or {}
        said = [str(member[key]) for key in ("role", "state", "replication_state") if member.get(key)]
        yield f"server     {host.name} {host.address}: {' '.join(said) or 'Patroni does not answer'}"
    if facts["exporter"]:
        yield f"exporter   fleet {FLEET_EXPORTER}/metrics, each host at its address with the same port"
    dead = [name for name in lab.daemons.known() if not lab.daemons.is_running(name)]
    if dead:
        yield f"ended      {', '.join(dead)}"
    yield f"faults     {'; '.join(lab.faults()) or 'none'}"
