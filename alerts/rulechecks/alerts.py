"""What every alert has: a severity, words, a runbook, a line in README.md, a unit test that makes it fire and one that keeps it quiet."""

import collections
import re
from collections.abc import Iterable, Iterator, Sequence

from rulechecks.files import Folder, Problem, Rule, UnitTest

RUNBOOK_URL = "https://github.com/pgwal/pgwal_exporter/blob/main/docs/runbooks/{}.md"
SEVERITIES = ("critical", "info", "warning")
# What a template leaves where it failed.
FAILED = ("<no value>", "<error", "%!")


def check(folder: Folder, alerts: Sequence[Rule]) -> Iterator[Problem]:
    readme = (folder.alerts / "README.md").read_text(encoding="utf-8")
    names = collections.Counter(alert.name for alert in alerts)
    for alert in alerts:
        for what in _shape(alert):
            yield Problem(alert.where, what)
        for what in _runbook(folder, alert.name):
            yield Problem(alert.where, what)
        if names[alert.name] > 1:
            yield Problem(alert.where, "there are two alerts of this name")
        severity = _severity(alert)
        if not re.search(rf"^\| \[`{alert.name}`\]\([^)]*/{alert.name}\.md\) \| {severity} \|", readme, re.M):
            yield Problem(alert.where, f"the table in README.md does not have it with the severity {severity}")
    for runbook in sorted(folder.runbooks.glob("Pgwal*.md")):
        if runbook.stem not in names:
            yield Problem(f"docs/runbooks/{runbook.name}", "there is no such alert")


def _severity(alert: Rule) -> str | None:
    severity = alert.text.get("labels", {}).get("severity")
    return None if severity is None else str(severity)


def _shape(alert: Rule) -> Iterator[str]:
    if not alert.name.startswith("Pgwal"):
        yield "its name does not begin with Pgwal"
    if _severity(alert) not in SEVERITIES:
        yield f"its severity is {_severity(alert)}, not one of {', '.join(SEVERITIES)}"
    for key in ("summary", "description"):
        if not alert.annotations.get(key, "").strip():
            yield f"it has no {key}"
    if alert.annotations.get("runbook_url") != RUNBOOK_URL.format(alert.name):
        yield f"its runbook_url is not {RUNBOOK_URL.format(alert.name)}"


def _runbook(folder: Folder, name: str) -> Iterator[str]:
    path = folder.runbooks / f"{name}.md"
    if not path.exists():
        yield f"there is no docs/runbooks/{name}.md"
    elif not path.read_text(encoding="utf-8").startswith(f"# {name}\n"):
        yield f"docs/runbooks/{name}.md does not begin with its name"


def expectations(tests: Iterable[UnitTest]) -> Iterator[tuple[UnitTest, str, list[dict[str, dict[str, str]]]]]:
    """Yields each expectation of the unit tests: the test, the alert's name, and the alerts that are to fire."""
    for test in tests:
        for expected in test.text.get("alert_rule_test", []):
            yield test, expected["alertname"], expected.get("exp_alerts") or []


def check_tests(alerts: Sequence[Rule], tests: Iterable[UnitTest]) -> Iterator[Problem]:
    names = {alert.name for alert in alerts}
    fired: set[str] = set()
    quiet: set[str] = set()
    for test, name, firing in expectations(tests):
        if name not in names:
            yield Problem(test.where, f"there is no alert {name}")
        (fired if firing else quiet).add(name)
        for alert in firing:
            for key, text in (alert.get("exp_annotations") or {}).items():
                if any(mark in text for mark in FAILED):
                    yield Problem(test.where, f"the {key} of {name} is not what it should be: {text}")
    for name in sorted(names - fired):
        yield Problem(name, "no unit test makes it fire")
    for name in sorted(names - quiet):
        yield Problem(name, "no unit test keeps it quiet")
