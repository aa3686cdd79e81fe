"""An alert that says the same as a finding has the severity, time and threshold of the table of verdicts in docs/findings.md."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from promcheck import durations
from rulechecks.files import Folder, Problem, Rule

THRESHOLD = "pgwal:threshold:"
CELL_ALERT = re.compile(r"\[`(\w+)`\]")
CELL_THRESHOLD = re.compile(r"`(\w+)` (\d+)")
SEVERITIES = {"critical": "critical", "warning": "warning", "notice": "info"}


@dataclass(frozen=True)
class Verdict:
    """A line of the table that has an alert."""

    code: str
    severity: str
    thresholds: dict[str, float]
    alert: str
    hold: str


def table(text: str) -> list[Verdict]:
    lines = text.partition("<!-- verdicts -->")[2].partition("<!-- end -->")[0].strip().split("\n")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    head = rows[0]
    found = []
    for cells in rows[2:]:
        row = dict(zip(head, cells, strict=True))
        if alert := CELL_ALERT.search(row["alert"]):
            thresholds = {name: float(value) for name, value in CELL_THRESHOLD.findall(row["threshold"])}
            found.append(Verdict(row["code"].strip("`"), SEVERITIES[row["severity"]], thresholds, alert[1], row["for"]))
    return found


def read(folder: Folder) -> list[Verdict]:
    return table((folder.root / "docs" / "findings.md").read_text(encoding="utf-8"))


def check(verdicts: Sequence[Verdict], rules: Sequence[Rule]) -> Iterator[Problem]:
    alerts = {rule.name: rule for rule in rules if rule.is_alert}
    defaults = {rule.name.removeprefix(THRESHOLD): default(rule) for rule in rules if rule.name.startswith(THRESHOLD)}
    if not verdicts:
        yield Problem("docs/findings.md", "it has no table of verdicts")
    for verdict in verdicts:
        alert = alerts.get(verdict.alert)
        if alert is None:
            yield Problem(f"docs/findings.md: {verdict.code}", f"there is no alert {verdict.alert}")
            continue
        severity = alert.text.get("labels", {}).get("severity")
        if severity != verdict.severity:
            yield Problem(alert.where, f"its severity is {severity}, and {verdict.severity} that of the finding {verdict.code}")
        hold = alert.text.get("for", "0s")
        if durations.seconds(hold) != durations.seconds(verdict.hold):
            yield Problem(alert.where, f"it holds for {hold}, and {verdict.hold} with the finding {verdict.code}")
        for name, value in verdict.thresholds.items():
            if THRESHOLD + name not in alert.text["expr"]:
                yield Problem(alert.where, f"it does not compare with {THRESHOLD}{name}, as the finding {verdict.code} does")
            elif (found := defaults.get(name)) != value:
                yield Problem(THRESHOLD + name, f"its default is {found}, and {value} that of the finding {verdict.code}")


def default(rule: Rule) -> float | None:
    """The number that counts where nobody has overridden it: what the expression multiplies a series of ones with at its end."""
    match = re.search(r"or [a-z:_]+ \* ([\d.e* ^]+)\s*$", str(rule.text["expr"]))
    if match is None:
        return None
    factors = re.findall(r"([\d.e]+)(?:\s*\^\s*(\d+))?", match[1])
    return math.prod(math.pow(float(base), float(power or 1)) for base, power in factors)
