"""Every alert without a finding has a healthy look-alike in docs/findings.md, which a unit test keeps it quiet in."""

import re
from collections.abc import Iterable, Iterator, Sequence

from rulechecks.alerts import expectations
from rulechecks.files import Folder, Problem, Rule, UnitTest
from rulechecks.verdicts import Verdict

WHERE = "docs/findings.md: alerts without a finding"
LINE = re.compile(r"^\| \[`(\w+)`\]\([^)]*\) \|.*\| `([\w-]+\.yml): (.+)` \|$", re.M)


def table(folder: Folder) -> list[tuple[str, str, str]]:
    """The alert, the file of the unit test, and how its name begins."""
    text = (folder.root / "docs" / "findings.md").read_text(encoding="utf-8")
    return LINE.findall(text.partition("<!-- alerts -->")[2].partition("<!-- end of alerts -->")[0])


def check(
    rows: Sequence[tuple[str, str, str]], alerts: Sequence[Rule], verdicts: Sequence[Verdict], tests: Iterable[UnitTest]
) -> Iterator[Problem]:
    quiet = {(name, test.file, str(test.text.get("name"))) for test, name, firing in expectations(tests) if not firing}
    told = {verdict.alert for verdict in verdicts} | {alert for alert, _, _ in rows}
    for rule in alerts:
        if rule.name not in told:
            yield Problem(WHERE, f"{rule.name} has no line, and no finding")
    for alert, file, begin in rows:
        if not any(name == alert and where == file and test.startswith(begin) for name, where, test in quiet):
            yield Problem(WHERE, f"no unit test of {file} that begins with {begin!r} keeps {alert} quiet")
