"""All scenarios, in the order in which they run."""

from .operations import hang, memory, start, targets
from .scrape_cost import floor, rtt, segments, slots, small

SCENARIOS = {each.__name__: each for each in (floor, small, slots, segments, rtt, hang, start, memory, targets)}
