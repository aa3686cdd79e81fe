"""Figures, as Markdown tables and as lines of JSON."""

import json
import math
import statistics
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = dict[str, Any]


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(len(ordered) * percent / 100) - 1)]


def number(value: Any) -> str:
    """Three digits, as figures that vary by a tenth deserve."""
    if value is None:
        return "–"
    if isinstance(value, (str, bool)):
        return str(value)
    if value and abs(value) < 100:
        digits = max(0, 2 - math.floor(math.log10(abs(value))))
        text = f"{value:.{min(digits, 3)}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{value:,.0f}"


class Report:
    def __init__(self, json_path: str | None = None) -> None:
        self.json = open(json_path, "w") if json_path else None  # noqa: SIM115

    def say(self, text: str = "") -> None:
        print(text, flush=True)

    def progress(self, text: str) -> None:
        print(f"bench: {text}", file=sys.stderr, flush=True)

    def table(self, scenario: str, title: str, columns: Mapping[str, str], rows: Sequence[Row], notes: Sequence[str] = ()) -> None:
        """Prints the rows, dictionaries, under the columns (key → heading), and writes all their keys as JSON."""
        self.say(f"\n### {scenario}: {title}\n")
        self.say("| " + " | ".join(columns.values()) + " |")
        self.say("| " + " | ".join("---" for _ in columns) + " |")
        for row in rows:
            self.say("| " + " | ".join(number(row.get(key)) for key in columns) + " |")
            self.record(scenario, row)
        if notes:
            self.say()
            for note in notes:
                self.say(f"- {note}")

    def record(self, scenario: str, row: Row) -> None:
        if self.json:
            self.json.write(json.dumps({"scenario": scenario, **row}) + "\n")
            self.json.flush()


def add_ratios(rows: Sequence[Row], key: str, to: str = "ratio", base: float | None = None) -> None:
    """Each row's figure over that of the first row, or over `base`."""
    base = base if base is not None else rows[0].get(key)
    for row in rows:
        if row.get(key) is not None and base:
            row[to] = f"{row[key] / base:.1f} ×" if isinstance(row[key], (int, float)) else None
