"""The rules that record the names of other exporters: tested, documented, and of metrics that there are."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from promcheck.catalogue import Catalogue
from rulechecks import names
from rulechecks.files import Folder, Problem, Rule


def rule_files(folder: Folder) -> list[Path]:
    """One for each exporter."""
    return sorted((folder.alerts / "migrating").glob("*.yml"))


def test_files(folder: Folder) -> list[Path]:
    """One for each of them, of the same name."""
    return sorted((folder.alerts / "migrating" / "tests").glob("*.yml"))


def rules(path: Path) -> list[Rule]:
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
    return [Rule(f"migrating/{path.name}", rule) for group in groups for rule in group["rules"]]


def tested(folder: Folder, path: Path) -> set[str]:
    """The names that the exporter's tests expect."""
    tests = folder.alerts / "migrating" / "tests" / path.name
    if not tests.exists():
        return set()
    found = yaml.safe_load(tests.read_text(encoding="utf-8"))["tests"]
    return {expected["expr"] for test in found for expected in test["promql_expr_test"] if expected["exp_samples"]}


def documented(text: str) -> set[str]:
    """The names in docs/migrating.md, where `a_{b,c}_d` are two."""
    found: set[str] = set()
    for quoted in re.findall(r"`([a-z_{},]+)`", text):
        found.update(expanded(quoted))
    return found


def expanded(text: str) -> Iterable[str]:
    """Each name of one with alternatives in braces."""
    match = re.search(r"\{([^{}]*)\}", text)
    if match is None:
        return [text]
    return [name for word in match[1].split(",") for name in expanded(text[: match.start()] + word + text[match.end() :])]


def check(folder: Folder, series: Catalogue) -> Iterator[Problem]:
    known = documented((folder.root / "docs" / "migrating.md").read_text(encoding="utf-8"))
    for path in rule_files(folder):
        recorded = rules(path)
        yield from names.check_rules(recorded, series)
        expected = tested(folder, path)
        for rule in {rule.name: rule for rule in recorded}.values():
            if rule.name not in expected:
                yield Problem(rule.where, "no unit test expects a sample of it")
            if rule.name not in known:
                yield Problem(rule.where, "docs/migrating.md does not name it")
