"""Drills about a site that comes back: by nothing that works, by pg_rewind, by base backup."""

from typing import Any

from testbed.errors import TestbedError
from testbed.http import json_of
from testbed.waiting import wait_until

from . import failover, network, signs, vip
from .drill import FAILED_OVER, HEALTHY, SWAPPED, Drill
from .lab import Lab
from .page import short
from .plan import FLEET_EXPORTER, POSTGRES_HOSTS, SITE1, SITE2, SLOT
from .signs import Sign
from .site_drills import site1_order, site1_returns


def _are_remembered() -> bool:
    """Whether the exporter has seen two primaries, not only by their addresses, and long enough to remember them."""
    topology = json_of(f"{FLEET_EXPORTER}/api/v1/topology", timeout=10) or {}
    hosts = {host.name for host in POSTGRES_HOSTS}
    found = [
        each
        for each in topology.get("findings", [])
        if each["code"] == "two_primaries" and {short(each["target"]), short(each["upstream"])} <= hosts
    ]
    return any(evidence["name"] == "both seen since" for each in found for evidence in each["evidence"])


def _site1_returns_and_writes(lab: Lab) -> None:
    # Once only: each further start would add a timeline, and Patroni would see the difference, and rewind.
    site1_returns(lab)
    old = lab.patronis.the_primary(SITE1)
    # More than site 2 writes meanwhile, and within one WAL file: the standby asks for WAL from the beginning of its file, which
    # site 2 has, and streams. A file further, site 2 would refuse it.
    failover.write_marker(lab.patronis, lab.patronis.the_primary(SITE2), "only in site 2")
    failover.write_marker(lab.patronis, old, "only in site 1")
    failover.write_wal(lab.patronis, old, 1)
    wait_until("site 2 has its address", lambda: vip.holders(SITE2.app_address), 20)
    # What it never saw, it cannot remember: a machine that is busy may bring site 1 back and down again between two of its looks.
    wait_until("the exporter has seen both primaries", _are_remembered, 60)


def _naive_failback(lab: Lab) -> Sign:
    old, new = lab.patronis.the_primary(SITE1), lab.patronis.the_primary(SITE2)
    failover.become_standby_live(lab.patronis, SITE1)
    return signs.diverged(old.name, SITE1, new.name)


def _rows(lab: Lab) -> dict[str, Any]:
    """Whose history each server has, whatever it says of itself; None for one that does not answer."""
    rows: dict[str, Any] = {}
    for host in POSTGRES_HOSTS:
        try:
            rows[host.name] = failover.markers(lab.patronis, host)
        except TestbedError:
            rows[host.name] = None
    return rows


def _have_same_rows(lab: Lab) -> bool:
    first, *others = _rows(lab).values()
    return first is not None and all(other == first for other in others)


def _wait_same_rows(lab: Lab, seconds: float = 20) -> None:
    """A cure after which all stream and some differ is none."""
    wait_until("all servers have the same rows", lambda: _have_same_rows(lab), seconds, every=0.5)


def _base_backup_of_site1(lab: Lab) -> None:
    failover.base_backup(lab.patronis, SITE1, failover.stop_site(lab.patronis, SITE1))
    _wait_same_rows(lab)


def _write_a_marker(lab: Lab) -> None:
    failover.write_marker(lab.patronis, lab.patronis.the_primary(SITE1), "before")


def _isolate_and_promote(lab: Lab) -> Sign:
    old = lab.patronis.the_primary(SITE1)
    network.cut_link()
    new = failover.promote(lab.patronis, SITE2)
    failover.write_marker(lab.patronis, old, "only in site 1")
    failover.write_wal(lab.patronis, old, 2)
    return signs.two_primaries_rewindable(old.name, new.name)


def _rewind_site1(lab: Lab) -> None:
    network.join_link()
    wait_until("site 2 has its address", lambda: vip.holders(SITE2.app_address), 20)
    failover.become_standby_live(lab.patronis, SITE1)
    wait_until("site 1 has no primary any more", lambda: not lab.patronis.primary(SITE1), 30)
    leader = lab.patronis.the_leader(SITE1)
    wait_until(f"{leader.name} streams", lambda: lab.patronis.is_streaming(leader), 60)
    # Patroni 4 rewinds the replica too. 3.0 leaves it on its old timeline, and says "running, lag 0" of it.
    try:
        _wait_same_rows(lab)
    except TestbedError:
        replica = lab.patronis.other(SITE1, lab.patronis.the_leader(SITE1))
        lab.patronis.member(replica).reinitialize()
        _wait_same_rows(lab, seconds=40)
    failover.wait_following(lab.patronis, SITE1)


def _stop_site1_and_lose_its_wal(lab: Lab) -> None:
    failover.stop_site(lab.patronis, SITE1)
    new = failover.promote(lab.patronis, SITE2, slot=False)
    failover.write_marker(lab.patronis, new, "only in site 2")
    failover.remove_wal(lab.patronis, new)
    # Now there is a slot, but too late.
    failover.promote(lab.patronis, SITE2)
    failover.become_standby_offline(SITE1)
    wait_until(f"the slot {SLOT} on {new.name}", lambda: SLOT in lab.patronis.slots(new), 20)


def _start_site1_without_its_wal(lab: Lab) -> Sign:
    hosts = site1_order(lab)
    failover.start_site(lab.patronis, hosts)
    return signs.wal_gone(hosts[0].name, lab.patronis.the_primary(SITE2).name)


DRILLS = [
    Drill(
        name="failback-diverges",
        title="site 1, once promoted, is told to follow as it is; cured by a base backup",
        begins=FAILED_OVER,
        ends=SWAPPED,
        prepare=_site1_returns_and_writes,
        cause=_naive_failback,
        cure=_base_backup_of_site1,
        truth=_rows,
    ),
    Drill(
        name="failback-by-rewind",
        title="site 2 is promoted while site 1 is cut off and writes; site 1 is told to follow, and Patroni rewinds it",
        begins=HEALTHY,
        ends=SWAPPED,
        prepare=_write_a_marker,
        cause=_isolate_and_promote,
        cure=_rewind_site1,
        truth=_rows,
    ),
    Drill(
        name="failback-by-base-backup",
        title="site 1 comes back when site 2 has removed the WAL it needs; cured by a base backup",
        begins=HEALTHY,
        ends=SWAPPED,
        prepare=_stop_site1_and_lose_its_wal,
        cause=_start_site1_without_its_wal,
        cure=_base_backup_of_site1,
    ),
]
