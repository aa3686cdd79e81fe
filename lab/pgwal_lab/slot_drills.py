"""Drills about the slot of site 2, which gets lost in three ways."""

from testbed.waiting import wait_until

from . import etcd, network, signs
from .drill import HEALTHY, Drill
from .lab import Lab
from .plan import SITE1, SITE2, SLOT
from .signs import Sign

STANDBY = SITE2.postgres[0].name


def _slot_missing_now(lab: Lab) -> Sign:
    return signs.slot_missing(STANDBY, lab.patronis.the_primary(SITE1).name, {"dc1-app", f"{SITE1.app_address}:5432"})


def _site2_anew_without_slot(lab: Lab) -> None:
    patronis = lab.patronis
    patronis.crash(SITE2.postgres)
    etcd.forget_cluster(SITE2)
    for host in SITE2.postgres:
        patronis.wipe(host)
    patronis.patch(SITE1, slots=None)

    def gone() -> bool:
        primary = patronis.the_primary(SITE1)
        if SLOT in patronis.slots(primary):
            patronis.sql(primary, f"select pg_drop_replication_slot('{SLOT}')")
        return SLOT not in patronis.slots(primary)

    wait_until(f"the slot {SLOT} is dropped", gone, 30)


def _start_site2(lab: Lab) -> Sign:
    lab.bootstrap_site2(streaming=False)
    return _slot_missing_now(lab)


def _make_slot_then_let_patroni_have_it(lab: Lab) -> None:
    lab.make_slot(lab.patronis.the_primary(SITE1))
    lab.use_permanent_slot()
    lab.wait_healthy()


def _switch_site1(lab: Lab) -> Sign:
    lab.patronis.switchover(SITE1)
    return _slot_missing_now(lab)


def _permanent_slot(lab: Lab) -> None:
    network.join_link()
    lab.use_permanent_slot()
    lab.wait_healthy()


def _handmade_slot_and_standby_away(lab: Lab) -> None:
    lab.use_handmade_slot()
    network.cut_link()
    primary = lab.patronis.the_primary(SITE1)
    wait_until(f"the slot {SLOT} is inactive", lambda: lab.patronis.slots(primary).get(SLOT) is False, 40)


def _restart_patroni_of_primary(lab: Lab) -> Sign:
    patronis = lab.patronis
    primary = patronis.the_primary(SITE1)
    patronis.kill(primary)
    patronis.start(primary)
    return signs.slot_missing(STANDBY, primary.name, {"dc1-app", f"{SITE1.app_address}:5432"})


DRILLS = [
    Drill(
        name="slot-never-created",
        title="site 2 is set up, and nobody made its slot in site 1",
        begins=HEALTHY,
        ends=HEALTHY,
        prepare=_site2_anew_without_slot,
        cause=_start_site2,
        cure=_make_slot_then_let_patroni_have_it,
    ),
    Drill(
        name="slot-lost-by-failover",
        title="a slot made by hand; switchover inside site 1",
        begins=HEALTHY,
        ends=HEALTHY,
        prepare=lambda lab: lab.use_handmade_slot(),
        cause=_switch_site1,
        cure=_permanent_slot,
    ),
    Drill(
        name="slot-lost-by-restart",
        title="a slot made by hand; Patroni restarts while the standby is away",
        begins=HEALTHY,
        ends=HEALTHY,
        prepare=_handmade_slot_and_standby_away,
        cause=_restart_patroni_of_primary,
        cure=_permanent_slot,
    ),
]
