"""PromQL's durations, such as 5m and 1h30m."""

import re

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0, "y": 31536000.0}
PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdwy])")


def seconds(text: str) -> float:
    """Raises ValueError for what is no duration."""
    parts = PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"not a duration such as 5m: {text}")
    return sum(float(number) * UNITS[unit] for number, unit in parts)
