"""The healthy lab, looked at for long; and what people do to Patroni every day: nothing above a notice is found but what is so."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from testbed.errors import TestbedError
from testbed.http import json_of
from testbed.waiting import wait_until

from . import etcd
from .lab import Lab, say
from .page import short
from .patroni_configuration import permanent_slot
from .plan import FLEET_EXPORTER, SITE1, SLOT
from .signs import Finding

EVERY = 1.0
#: How long each of the things lasts.
SPELL = 25.0
#: A member that is away with its server.
AWAY = frozenset({"target_down", "standby_missing", "standby_not_streaming", "sync_not_satisfied"})


@dataclass(frozen=True)
class Phase:
    name: str
    #: Brings it about.
    begin: Callable[[], object]
    #: Undoes it.
    end: Callable[[], object]
    seconds: float = SPELL
    #: What may be found meanwhile, for it is so.
    allowed: frozenset[str] = frozenset()
    #: What must be found.
    wanted: frozenset[str] = frozenset()


def findings() -> list[Finding]:
    topology = json_of(f"{FLEET_EXPORTER}/api/v1/topology", timeout=10)
    if not isinstance(topology, dict):
        raise TestbedError(f"{FLEET_EXPORTER} does not answer")
    return list(topology["findings"])


def above_notice() -> list[Finding]:
    return [finding for finding in findings() if finding["severity"] != "notice"]


def phases(lab: Lab, seconds: float) -> Iterator[Phase]:
    """First nothing at all, then each thing and its end."""
    patronis = lab.patronis
    replica = patronis.other(SITE1, patronis.the_leader(SITE1))

    def nothing() -> None:
        pass

    def start_etcd() -> None:
        etcd.start(lab.folder, lab.daemons, SITE1)
        etcd.wait(SITE1)

    yield Phase("nothing happens", nothing, nothing, seconds)
    yield Phase(
        "Patroni of a replica is killed, its server goes on",
        lambda: patronis.kill(replica),
        lambda: patronis.start(replica),
    )
    yield Phase(
        "Patroni of a replica is stopped, its server with it",
        lambda: patronis.stop(replica),
        lambda: patronis.start(replica),
        allowed=AWAY,
        wanted=frozenset({"target_down"}),
    )
    more = permanent_slot() | {"more": {"type": "physical"}}
    yield Phase("a permanent slot more", lambda: patronis.patch(SITE1, slots=more), nothing)
    yield Phase("and one less", lambda: patronis.patch(SITE1, slots={**permanent_slot(), "more": None}), nothing)
    yield Phase(
        "etcd is stopped, in failsafe_mode",
        lambda: lab.daemons.stop([SITE1.etcd.name]),
        start_etcd,
        # vip-manager takes its address away when it knows no leader.
        allowed=frozenset({"patroni_dcs_unreachable", "target_down"}),
        wanted=frozenset({"patroni_dcs_unreachable"}),
    )


def run(lab: Lab, seconds: float) -> list[str]:
    """What was found and should not have been, or was not and should have been."""
    problems = []
    wait_until(f"the slot {SLOT} is in use", lambda: not lab.faults(), 60)
    lab.patronis.patch(SITE1, failsafe_mode=True)
    wait_until("nothing is found", lambda: not above_notice(), 60)
    for phase in phases(lab, seconds):
        say(f"calm: {phase.name}, {phase.seconds:.0f} s")
        looks, found = 0, dict[tuple[str, str, str], int]()
        phase.begin()
        until = time.monotonic() + phase.seconds
        while time.monotonic() < until:
            looks += 1
            for finding in above_notice():
                key = (finding["code"], short(finding.get("target")), finding["summary"])
                found[key] = found.get(key, 0) + 1
            time.sleep(EVERY)
        phase.end()
        codes = {code for code, _, _ in found}
        problems += [
            f"{phase.name}: {code} at {target}, at {count} of {looks} looks: {summary}"
            for (code, target, summary), count in sorted(found.items())
            if code not in phase.allowed
        ]
        problems += [f"{phase.name}: {code} is not found" for code in sorted(phase.wanted - codes)]
        say(f"calm: {phase.name}: found {', '.join(sorted(codes)) or 'nothing'} in {looks} looks")
        lab.wait_healthy()
        wait_until("nothing is found", lambda: not above_notice(), 60)
    return problems
