"""A fault, the alerts that it has to raise, and its cure."""

import dataclasses
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from testbed.errors import TestbedError
from testbed.prometheus import Prometheus
from testbed.waiting import Deadline

from .webhook import Labels, Webhook

Result = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Expected:
    """An alert with these labels."""

    alert: str
    labels: Labels
    #: It is the cure that raises it; it ends by itself.
    after_cure: bool = False
    #: It may end before the cure: the fault has gone as far as it can.
    may_end: bool = False


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    cause: Callable[[], object]
    cure: Callable[[], object]
    expected: Sequence[Expected]


Pair = tuple[Expected, Result]

#: Longest times to firing and to resolved.
LIMIT_FIRING = 200
LIMIT_RESOLVED = 240
#: An alert that stays away so long is resolved, and not only between two tries of a server that comes back.
SETTLED = 8


def run(scenario: Scenario, webhook: Webhook, prometheus: Prometheus) -> list[Result]:
    """A result for each expected alert, fit for JSON."""
    results: list[Result] = [
        {
            "scenario": scenario.name,
            "alert": each.alert,
            "labels": each.labels,
            "pending": None,
            "firing": None,
            "resolved": None,
            "problems": [],
        }
        for each in scenario.expected
    ]
    pairs = list(zip(scenario.expected, results, strict=True))
    before = [pair for pair in pairs if not pair[0].after_cure]
    after = [pair for pair in pairs if pair[0].after_cure]
    try:
        # What an earlier scenario of these servers raised is over.
        webhook.wait(lambda: not any(_firing(webhook, each) for each in scenario.expected), 60)
        for each, result in pairs:
            if _firing(webhook, each):
                result["problems"].append("fired before its cause")
        caused = time.time()
        scenario.cause()
        _wait_firing(webhook, before, caused)
        _tell_pending(prometheus, before, caused)
    except Exception as error:
        _failed(results, "cause", error)
    try:
        # Some cures take their time, and what they cure first may end first.
        cured = time.time()
        scenario.cure()
        _wait_firing(webhook, after, cured)
        _tell_pending(prometheus, after, cured)
        _wait_resolved(webhook, pairs, cured)
    except Exception as error:
        _failed(results, "cure", error)
    return results


def _failed(results: list[Result], what: str, error: Exception) -> None:
    said = str(error) if isinstance(error, TestbedError) else traceback.format_exc()
    for result in results:
        result["problems"].append(f"{what}: {said}")


def _firing(webhook: Webhook, expected: Expected) -> list[float]:
    return [fired for fired, resolved in webhook.states(expected.alert, expected.labels).values() if resolved is None]


def _tell_pending(prometheus: Prometheus, pairs: list[Pair], since: float) -> None:
    for each, result in pairs:
        seconds = prometheus.seconds_to_pending(each.alert, each.labels, since)
        result["pending"] = None if seconds is None else round(seconds, 1)


def _wait_firing(webhook: Webhook, pairs: list[Pair], since: float) -> None:
    def fired(expected: Expected) -> float | None:
        times = [fired for fired, _ in webhook.states(expected.alert, expected.labels).values() if fired >= since]
        return min(times, default=None)

    webhook.wait(lambda: all(fired(expected) for expected, _ in pairs), LIMIT_FIRING)
    for expected, result in pairs:
        when = fired(expected)
        if when:
            result["firing"] = round(when - since, 1)
        else:
            result["problems"].append(f"did not fire within {LIMIT_FIRING} s")


def _wait_resolved(webhook: Webhook, pairs: list[Pair], since: float) -> None:
    fired = [pair for pair in pairs if pair[1]["firing"] is not None]
    deadline = Deadline(LIMIT_RESOLVED)
    settled = False

    def any_fires() -> bool:
        return any(_firing(webhook, expected) for expected, _ in fired)

    while not settled and not deadline.over:
        webhook.wait(lambda: not any_fires(), deadline.left)
        settled = not webhook.wait(any_fires, SETTLED)
    for expected, result in fired:
        states = webhook.states(expected.alert, expected.labels).values()
        ended = [resolved for _, resolved in states if resolved is not None]
        if len(ended) < len(states):
            result["problems"].append(f"not resolved within {LIMIT_RESOLVED} s")
        elif max(ended) < since and not expected.may_end:
            result["problems"].append("resolved before the cure")
        else:
            result["resolved"] = round(max(max(ended) - since, 0), 1)
