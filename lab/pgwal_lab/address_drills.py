"""Drills about virtual addresses."""

from . import signs, vip
from .drill import HEALTHY, Drill
from .plan import SITE1
from .shell import LabError


def _careless_check(lab):
    for host in SITE1.postgres:
        vip.write_check(lab.folder, host, vip.CARELESS_CHECK)


def _switch_with_careless_check(lab):
    old = lab.patronis.primary(SITE1)
    lab.patronis.switchover(SITE1)
    if vip.holders(SITE1.app_address) != [old]:
        raise LabError(f"the address {SITE1.app_address} did not stay on {old.name}")
    return signs.wrong_role("dc1-app")


def _who_answers(lab):
    hosts = vip.holders(SITE1.app_address)
    return {SITE1.app_address: {host.name: "standby" if host != lab.patronis.primary(SITE1) else "primary" for host in hosts}}


def _careful_check(lab):
    for host in SITE1.postgres:
        vip.write_check(lab.folder, host, vip.PRIMARY_CHECK)
    lab.wait_healthy()


DRILLS = [
    Drill(
        name="address-on-wrong-node",
        title="keepalived's check looks at Patroni's port only; switchover",
        begins=HEALTHY,
        ends=HEALTHY,
        prepare=_careless_check,
        cause=_switch_with_careless_check,
        cure=_careful_check,
        truth=_who_answers,
    ),
]
