"""Drills about virtual addresses."""

from typing import Any

from testbed.waiting import wait_until

from . import signs, vip
from .drill import HEALTHY, Drill
from .lab import Lab
from .plan import SITE1
from .signs import Sign


def _careless_check(lab: Lab) -> None:
    for host in SITE1.postgres:
        vip.write_check(lab.folder, host, vip.CARELESS_CHECK)


def _switch_with_careless_check(lab: Lab) -> Sign:
    def stayed() -> bool:
        """Where the address happens to move all the same, nothing is wrong yet, and the next switchover may do it."""
        old = lab.patronis.the_primary(SITE1)
        new = lab.patronis.switchover(SITE1)
        return lab.patronis.the_primary(SITE1) == new and vip.holders(SITE1.app_address) == [old]

    wait_until(f"the address {SITE1.app_address} stays behind", stayed, 40, every=1)
    return signs.wrong_role("dc1-app")


def _who_answers(lab: Lab) -> dict[str, Any]:
    hosts = vip.holders(SITE1.app_address)
    return {SITE1.app_address: {host.name: "standby" if host != lab.patronis.the_primary(SITE1) else "primary" for host in hosts}}


def _careful_check(lab: Lab) -> None:
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
