"""The drills' results, for people."""

from collections.abc import Iterator
from typing import Any

from .watch import CHANNELS


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _patroni(said: dict[str, Any]) -> Iterator[str]:
    """One member a line: what it says, and which of its health checks succeed."""
    for name, member in said.items():
        words = [member.get(key) for key in ("role", "state", "replication_state")]
        good = [check for check, status in member["checks"].items() if status == 200]
        if member.get("role"):
            yield f"{name}: {' '.join(word for word in words if word)}; 200: {', '.join(good) or 'none'}"
        else:
            yield f"{name}: no answer"


def table(results: list[dict[str, Any]]) -> Iterator[str]:
    """Drill, seconds until seen in each channel, seconds until cleared, and what Patroni said meanwhile."""
    heads = ["drill", *CHANNELS, "cleared", "what Patroni said then"]
    rows = []
    for result in results:
        first = [result["drill"], *(_seconds(result["seen"].get(channel)) for channel in CHANNELS), _seconds(result["cleared"])]
        words = list(_patroni(result["patroni"])) or [""]
        rows += [[*first, words[0]], *([""] * len(first) + [word] for word in words[1:])]
        rows += [[""] * len(first) + [f"MISSED: {problem}"] for problem in result["problems"]]
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads) - 1)]
    for row in [heads, ["-" * width for width in widths] + ["-" * len(heads[-1])], *rows]:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) + "  " + row[-1]
