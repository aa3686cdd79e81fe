"""Numbers as Grafana shows them: units, mappings, thresholds."""

import time
from typing import Any

JSON = dict[str, Any]

#: Of a light theme; grey is what Grafana calls text.
COLORS = {"green": "#299c46", "yellow": "#e0b400", "orange": "#ed8128", "red": "#d44a3a", "blue": "#1f60c4", "text": "#55606e"}
BYTES = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
SECONDS = ((86400.0 * 7, "weeks"), (86400.0, "days"), (3600.0, "hours"), (60.0, "mins"), (1.0, "s"), (0.001, "ms"))


def shown(value: float, unit: str, decimals: int | None = None) -> str:
    """A value with its unit."""
    if value != value:
        return "NaN"
    if unit in ("bytes", "Bps"):
        return _bytes(value) + ("/s" if unit == "Bps" else "")
    if unit == "s":
        return _seconds(value)
    if unit == "percentunit":
        return f"{value * 100:.{decimals if decimals is not None else 1}f} %"
    if unit == "dateTimeFromNow":
        return f"{_seconds(max(time.time() - value / 1000, 1))} ago"
    if decimals is not None:
        return f"{value:.{decimals}f}"
    return f"{value:.0f}" if value == int(value) else f"{value:.3g}"


def _bytes(value: float) -> str:
    size, names = value, iter(BYTES)
    name = next(names)
    while abs(size) >= 1024 and name != BYTES[-1]:
        size, name = size / 1024, next(names)
    return f"{size:.0f} {name}" if name == "B" else f"{size:.3g} {name}"


def _seconds(value: float) -> str:
    if value == 0:
        return "0 s"
    for size, name in SECONDS:
        if abs(value) >= size:
            return f"{value / size:.3g} {name}"
    return f"{value * 1e6:.3g} µs"


def mapped(value: float | str, mappings: list[JSON]) -> JSON | None:
    """The text and colour that a value mapping has for it."""
    key = shown(value, "none") if isinstance(value, float) else value
    for mapping in mappings:
        if mapping["type"] == "value" and key in mapping["options"]:
            found: JSON = mapping["options"][key]
            return found
    return None


def color_by_thresholds(value: float, thresholds: JSON | None) -> str | None:
    """The colour of the highest step that the value reaches."""
    found = None
    for step in (thresholds or {}).get("steps", []):
        if step["value"] is None or value >= step["value"]:
            found = step["color"]
    return COLORS.get(found or "")


def cell(value: float, field: JSON) -> tuple[str, str | None]:
    """Text and colour of a value, by the options of its field."""
    if found := mapped(value, field.get("mappings", [])):
        return found["text"], COLORS.get(found["color"])
    return shown(value, field.get("unit", "none"), field.get("decimals")), color_by_thresholds(value, field.get("thresholds"))
