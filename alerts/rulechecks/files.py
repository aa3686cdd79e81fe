"""The files of the rules, their unit tests and runbooks."""

import pathlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

# A piece of a file of rules or of unit tests.
YAML = dict[str, Any]


@dataclass(frozen=True)
class Rule:
    file: str
    text: YAML

    @property
    def name(self) -> str:
        return str(self.text.get("alert") or self.text["record"])

    @property
    def is_alert(self) -> bool:
        return "alert" in self.text

    @property
    def where(self) -> str:
        return f"{self.file}: {self.name}"

    @property
    def annotations(self) -> dict[str, str]:
        return self.text.get("annotations") or {}


@dataclass(frozen=True)
class UnitTest:
    file: str
    text: YAML

    @property
    def where(self) -> str:
        return f"tests/{self.file}: {self.text.get('name', 'a test without a name')}"


@dataclass(frozen=True)
class Problem:
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class Folder:
    """A checkout's rules: `alerts` and what belongs to it in `docs`."""

    root: pathlib.Path

    @property
    def alerts(self) -> pathlib.Path:
        return self.root / "alerts"

    @property
    def runbooks(self) -> pathlib.Path:
        return self.root / "docs" / "runbooks"

    @property
    def manifest(self) -> pathlib.Path:
        return self.alerts / "kubernetes" / "prometheusrule.yaml"

    def rule_files(self) -> list[pathlib.Path]:
        """Thresholds and facts first, then the alerts by name."""
        first = ["thresholds.yml", "facts.yml"]
        return [self.alerts / name for name in first] + sorted(path for path in self.alerts.glob("*.yml") if path.name not in first)

    def test_files(self) -> list[pathlib.Path]:
        return sorted((self.alerts / "tests").glob("*.yml"))

    def groups(self) -> list[YAML]:
        return [group for path in self.rule_files() for group in _read(path)["groups"]]

    def rules(self) -> list[Rule]:
        return [Rule(path.name, rule) for path in self.rule_files() for group in _read(path)["groups"] for rule in group["rules"]]

    def unit_tests(self) -> Iterator[UnitTest]:
        for path in self.test_files():
            for test in _read(path)["tests"]:
                yield UnitTest(path.name, test)


def _read(path: pathlib.Path) -> YAML:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(content, dict), path
    return content
