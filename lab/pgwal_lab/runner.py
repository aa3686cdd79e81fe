"""Runs a drill: breaks, looks, cures, looks."""

import time

from .drill import HEALTHY
from .drills import reach
from .lab import say
from .plan import POSTGRES_HOSTS, SITES
from .shell import LabError, TimeUp, limited
from .watch import CHANNELS, Watch

#: A drill with all that leads to its beginning.
DRILL_LIMIT = 240


def run(lab, drill, limit):
    """One drill's result, fit for JSON. Raises neither LabError nor TimeUp: what went wrong is in `problems`."""
    result = {
        "drill": drill.name,
        "title": drill.title,
        "seen": dict.fromkeys(CHANNELS),
        "cleared": None,
        "patroni": {},
        "problems": [],
    }
    say(f"drill {drill.name}: {drill.title}")
    try:
        with limited(DRILL_LIMIT, f"drill {drill.name}"):
            reach(lab, drill.begins)
            lab.situation = f"in drill {drill.name}"
            _run(lab, drill, limit, result)
            lab.situation = drill.ends
    except (LabError, TimeUp) as error:
        result["problems"].append(str(error))
    result["passed"] = not result["problems"]
    return result


def _run(lab, drill, limit, result):
    problems = result["problems"]
    with Watch() as watch:
        drill.prepare(lab)
        before = watch.next_view()
        started = time.monotonic()
        result["caused_at"] = time.time()
        sign = drill.cause(lab)
        result["cause_took"] = time.monotonic() - started
        result["expected_findings"] = sign.codes
        if before:
            result["findings_before"] = _codes(before.findings)
            problems += [f"seen in {channel} before its cause" for channel, seen in before.sees(sign).items() if seen]

        result["seen"] = watch.wait_seen(sign, started, limit)
        result["patroni"] = {host.name: lab.patronis.says(host) for host in POSTGRES_HOSTS}
        result["patroni_clusters"] = {site.name: lab.patronis.cluster(site) for site in SITES}
        result["truth"] = drill.truth(lab)
        view = watch.next_view()
        if view:
            result["findings"] = view.findings
            problems += [f"false alarm: {code}" for code in _codes(view.findings) if code in sign.never]
        for channel, seconds in result["seen"].items():
            if seconds is None or seconds > limit:
                problems.append(f"not seen in {channel} within {limit:g} s")

        drill.cure(lab)
        cured = time.monotonic()
        result["cleared"], remaining = watch.wait_cleared(sign, cured, limit)
        problems += [f"not cleared in {channel} within {limit:g} s" for channel in remaining]
        if drill.ends == HEALTHY:
            problems += [f"false alarm when all is well again: {code}" for code in watch.wait_quiet(cured, limit)]
        view = watch.next_view()
        if view:
            result["findings_after"] = _codes(view.findings)


def _codes(findings):
    return sorted({finding.get("code") for finding in findings})
