"""Runs a drill: breaks, looks, cures, looks."""

import time
from typing import Any

from testbed.errors import TestbedError, TimeUp
from testbed.slowness import Slowness
from testbed.waiting import Deadline, limited

from .drill import HEALTHY, Drill
from .drills import reach
from .lab import Lab, say
from .plan import POSTGRES_HOSTS, SITES
from .signs import Finding
from .watch import CHANNELS, Watch

#: A drill with all that leads to its beginning.
DRILL_LIMIT = 240

Result = dict[str, Any]


def run(lab: Lab, drill: Drill, limit: float) -> Result:
    """One drill's result, fit for JSON. Raises neither TestbedError nor TimeUp: what went wrong is in `problems`."""
    result: Result = {
        "drill": drill.name,
        "title": drill.title,
        "seen": dict.fromkeys(CHANNELS),
        "cleared": None,
        "patroni": {},
        "problems": [],
    }
    say(f"drill {drill.name}: {drill.title}")
    began, slowness = time.monotonic(), Slowness()
    try:
        with limited(f"drill {drill.name}", DRILL_LIMIT):
            reach(lab, drill.begins)
            lab.situation = f"in drill {drill.name}"
            _run(lab, drill, limit, result)
            lab.situation = drill.ends
    except (TestbedError, TimeUp) as error:
        result["problems"].append(str(error))
    result["took"], result["slowness"] = time.monotonic() - began, slowness.factor
    result["passed"] = not result["problems"]
    return result


def _run(lab: Lab, drill: Drill, limit: float, result: Result) -> None:
    problems = result["problems"]
    with Watch() as watch:
        drill.prepare(lab)
        before = watch.next_view()
        started = time.monotonic()
        result["caused_at"] = time.time()
        sign = drill.cause(lab)
        result["cause_took"] = time.monotonic() - started
        result["expected_findings"] = sign.codes
        result["findings_before"] = _codes(before.findings)
        problems += [f"seen in {channel} before its cause" for channel, seen in before.sees(sign).items() if seen]

        # Shown are the seconds from the beginning of the cause; the limit is for the exporter, and some causes take their time.
        result["seen"] = watch.wait_seen(sign, started, Deadline(limit))
        result["patroni"] = {host.name: lab.patronis.member(host).says() for host in POSTGRES_HOSTS}
        result["patroni_clusters"] = {site.name: lab.patronis.cluster(site) for site in SITES}
        result["truth"] = drill.truth(lab)
        view = watch.next_view()
        result["findings"] = view.findings
        problems += [f"false alarm: {code}" for code in _codes(view.findings) if code in sign.never]
        problems += [f"not seen in {channel} within {limit:g} s" for channel, seconds in result["seen"].items() if seconds is None]

        drill.cure(lab)
        cured = time.monotonic()
        result["cleared"], remaining = watch.wait_cleared(sign, cured, Deadline(limit))
        problems += [f"not cleared in {channel} within {limit:g} s" for channel in remaining]
        if drill.ends == HEALTHY:
            problems += [f"false alarm when all is well again: {code}" for code in watch.wait_quiet(cured, Deadline(limit))]
        result["findings_after"] = _codes(watch.next_view().findings)


def _codes(findings: list[Finding]) -> list[str]:
    return sorted({finding["code"] for finding in findings})
