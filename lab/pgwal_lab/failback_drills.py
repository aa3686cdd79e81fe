"""Drills about a site that comes back: by nothing that works, by pg_rewind, by base backup."""

from . import failover, network, signs, vip
from .drill import FAILED_OVER, HEALTHY, SWAPPED, Drill
from .plan import POSTGRES_HOSTS, SITE1, SITE2, SLOT
from .shell import LabError, wait_until
from .site_drills import site1_order, site1_returns


def _site1_returns_and_writes(lab):
    # Once only: each further start would add a timeline, and Patroni would see the difference, and rewind.
    site1_returns(lab)
    old = lab.patronis.primary(SITE1)
    # More than site 2 writes meanwhile, and within one WAL file: the standby asks for WAL from the beginning of its file, which
    # site 2 has, and streams. A file further, site 2 would refuse it.
    failover.write_marker(lab.patronis, lab.patronis.primary(SITE2), "only in site 2")
    failover.write_marker(lab.patronis, old, "only in site 1")
    failover.write_wal(lab.patronis, old, 1)
    wait_until(lambda: vip.holders(SITE2.app_address), 20, "site 2 has its address")


def _naive_failback(lab):
    old, new = lab.patronis.primary(SITE1), lab.patronis.primary(SITE2)
    failover.become_standby_live(lab.patronis, SITE1)
    return signs.diverged(old.name, SITE1, new.name)


def _rows(lab):
    """Whose history each server has, whatever it says of itself; None for one that does not answer."""
    rows = {}
    for host in POSTGRES_HOSTS:
        try:
            rows[host.name] = failover.markers(lab.patronis, host)
        except LabError:
            rows[host.name] = None
    return rows


def _have_same_rows(lab):
    first, *others = _rows(lab).values()
    return first is not None and all(other == first for other in others)


def _wait_same_rows(lab, seconds=20):
    """A cure after which all stream and some differ is none."""
    wait_until(lambda: _have_same_rows(lab), seconds, "all servers have the same rows", every=0.5)


def _base_backup_of_site1(lab):
    failover.base_backup(lab.patronis, SITE1, failover.stop_site(lab.patronis, SITE1))
    _wait_same_rows(lab)


def _write_a_marker(lab):
    failover.write_marker(lab.patronis, lab.patronis.primary(SITE1), "before")


def _isolate_and_promote(lab):
    old = lab.patronis.primary(SITE1)
    network.cut_link()
    new = failover.promote(lab.patronis, SITE2)
    failover.write_marker(lab.patronis, old, "only in site 1")
    failover.write_wal(lab.patronis, old, 2)
    return signs.two_primaries_rewindable(old.name, new.name)


def _rewind_site1(lab):
    network.join_link()
    wait_until(lambda: vip.holders(SITE2.app_address), 20, "site 2 has its address")
    failover.become_standby_live(lab.patronis, SITE1)
    wait_until(lambda: not lab.patronis.primary(SITE1), 30, "site 1 has no primary any more")
    leader = wait_until(lambda: lab.patronis.leader(SITE1), 30, "site 1 has a leader")
    wait_until(lambda: lab.patronis.is_streaming(leader), 60, f"{leader.name} streams")
    # Patroni 4 rewinds the replica too. 3.0 leaves it on its old timeline, and says "running, lag 0" of it.
    try:
        _wait_same_rows(lab)
    except LabError:
        lab.patronis.reinitialize(lab.patronis.replica(SITE1))
        _wait_same_rows(lab, seconds=40)
    failover.wait_following(lab.patronis, SITE1)


def _stop_site1_and_lose_its_wal(lab):
    failover.stop_site(lab.patronis, SITE1)
    new = failover.promote(lab.patronis, SITE2, slot=False)
    failover.write_marker(lab.patronis, new, "only in site 2")
    failover.remove_wal(lab.patronis, new)
    # Now there is a slot, but too late.
    failover.promote(lab.patronis, SITE2)
    failover.become_standby_offline(SITE1)
    wait_until(lambda: SLOT in lab.patronis.slots(new), 20, f"the slot {SLOT} on {new.name}")


def _start_site1_without_its_wal(lab):
    hosts = site1_order(lab)
    failover.start_site(lab.patronis, hosts)
    return signs.wal_gone(hosts[0].name, lab.patronis.primary(SITE2).name)


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
