"""Rule files in which time passes faster."""

import re

#: No scaled window is longer: what looks back a day would otherwise not resolve within the run.
LONGEST = 120.0
#: No scaled window is shorter: a rate needs two scrapes.
SHORTEST = 2.0

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0, "y": 31536000.0}
DURATION = r"(?:\d+(?:ms|[smhdwy]))+"
PLACES = [
    re.compile(rf"(?m)(^\s*(?:- )?(?:for|keep_firing_for|interval):\s*)({DURATION})"),
    re.compile(rf"(\[)({DURATION})(?=[\]:])"),
    re.compile(rf"(\[{DURATION}:)({DURATION})(?=\])"),
    re.compile(rf"(\boffset\s+-?)({DURATION})"),
]


def scaled(text: str, factor: float, longest: float = LONGEST) -> str:
    """The text of a rule file with every `for`, `keep_firing_for`, `interval`, range and offset divided by the factor, and none longer."""
    for place in PLACES:
        text = place.sub(lambda match: match.group(1) + shorter(match.group(2), factor, longest), text)
    return text


def shorter(duration: str, factor: float, longest: float = LONGEST) -> str:
    seconds = sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)(ms|[smhdwy])", duration))
    if not seconds:
        return duration
    return f"{round(min(max(seconds / factor, SHORTEST), longest) * 1000)}ms"
