"""A fault, the alerts that it has to raise, and its cure."""

import dataclasses
import time
import traceback

from .processes import ProofError


@dataclasses.dataclass
class Expected:
    """An alert with these labels."""

    alert: str
    labels: dict
    #: It is the cure that raises it; it ends by itself.
    after_cure: bool = False
    #: It may end before the cure: the fault has gone as far as it can.
    may_end: bool = False


@dataclasses.dataclass
class Scenario:
    name: str
    cause: object
    cure: object
    expected: list


#: Longest times to firing and to resolved.
LIMIT_FIRING = 200
LIMIT_RESOLVED = 240
#: An alert that stays away so long is resolved, and not only between two tries of a server that comes back.
SETTLED = 8


def run(scenario, webhook, prometheus):
    """A result for each expected alert, fit for JSON."""
    results = [
        {"scenario": scenario.name, "alert": each.alert, "labels": each.labels, "pending": None, "firing": None, "resolved": None, "problems": []}
        for each in scenario.expected
    ]
    pairs = list(zip(scenario.expected, results))
    try:
        # What an earlier scenario of these servers raised is over.
        webhook.wait(lambda: not any(_firing(webhook, each) for each in scenario.expected), 60)
        for each, result in pairs:
            if _firing(webhook, each):
                result["problems"].append("fired before its cause")
        caused = time.time()
        scenario.cause()
        _wait_firing(webhook, [pair for pair in pairs if not pair[0].after_cure], caused)
        for each, result in pairs:
            if not each.after_cure:
                result["pending"] = _rounded(prometheus.seconds_to_pending(each.alert, each.labels, caused))
    except Exception as error:  # noqa: BLE001
        _failed(results, "cause", error)
    try:
        # Some cures take their time, and what they cure first may end first.
        cured = time.time()
        scenario.cure()
        _wait_firing(webhook, [pair for pair in pairs if pair[0].after_cure], cured)
        for each, result in pairs:
            if each.after_cure:
                result["pending"] = _rounded(prometheus.seconds_to_pending(each.alert, each.labels, cured))
        _wait_resolved(webhook, pairs, cured)
    except Exception as error:  # noqa: BLE001
        _failed(results, "cure", error)
    return results


def _failed(results, what, error):
    said = str(error) if isinstance(error, ProofError) else traceback.format_exc()
    for result in results:
        result["problems"].append(f"{what}: {said}")


def _firing(webhook, expected):
    return [fired for fired, resolved in webhook.states(expected.alert, expected.labels).values() if fired and resolved is None]


def _wait_firing(webhook, pairs, since):
    def fired(expected):
        times = [fired for fired, _ in webhook.states(expected.alert, expected.labels).values() if fired and fired >= since]
        return min(times, default=None)

    webhook.wait(lambda: all(fired(expected) for expected, _ in pairs), LIMIT_FIRING)
    for expected, result in pairs:
        when = fired(expected)
        if when:
            result["firing"] = _rounded(when - since)
        else:
            result["problems"].append(f"did not fire within {LIMIT_FIRING} s")


def _wait_resolved(webhook, pairs, since):
    fired = [pair for pair in pairs if pair[1]["firing"] is not None]
    end = time.time() + LIMIT_RESOLVED
    settled = False
    while not settled and time.time() < end:
        webhook.wait(lambda: not any(_firing(webhook, expected) for expected, _ in fired), end - time.time())
        settled = not webhook.wait(lambda: any(_firing(webhook, expected) for expected, _ in fired), SETTLED)
    for expected, result in fired:
        if _firing(webhook, expected):
            result["problems"].append(f"not resolved within {LIMIT_RESOLVED} s")
            continue
        last = max(resolved for _, resolved in webhook.states(expected.alert, expected.labels).values())
        if last < since and not expected.may_end:
            result["problems"].append("resolved before the cure")
        else:
            result["resolved"] = _rounded(max(last - since, 0))


def _rounded(seconds):
    return None if seconds is None else round(seconds, 1)
