"""What a drill is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .lab import Lab
from .signs import Sign

#: The situations in which a drill finds the lab, or leaves it.
#: Site 1 has the primary, site 2 is its standby cluster.
HEALTHY = "healthy"
#: Site 1 was stopped cleanly, site 2 is promoted.
FAILED_OVER = "failed over"
#: As failed over, but site 1 was started again for a while, and promoted itself. No drill begins here.
FORKED = "forked"
#: Site 2 has the primary, site 1 is its standby cluster.
SWAPPED = "swapped"


@dataclass(frozen=True)
class Drill:
    name: str
    title: str
    begins: str
    ends: str
    #: Not timed: what must be so before the fault.
    prepare: Callable[[Lab], object]
    #: Makes the fault and returns its sign; the clock runs from its call.
    cause: Callable[[Lab], Sign]
    #: Cures; the clock of clearing runs from its return.
    cure: Callable[[Lab], object]
    #: What is really so while the fault lasts, told by the servers themselves; for the report.
    truth: Callable[[Lab], dict[str, Any]] = lambda lab: {}


def nothing(lab: Lab) -> None:
    """For a drill without preparation."""
