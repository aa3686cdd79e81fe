"""All scenarios, in the order in which they run."""

from collections.abc import Callable

from .bench import Bench
from .many import clusters, members, targets_2000
from .operations import hang, memory, size, start, targets
from .scrape_cost import floor, rtt, segments, slots, small

EVERY = (floor, small, slots, segments, rtt, hang, start, memory, size, targets, targets_2000, members, clusters)
SCENARIOS: dict[str, Callable[[Bench], None]] = {each.__name__.replace("_", "-"): each for each in EVERY}
