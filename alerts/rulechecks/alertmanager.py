"""The example for Alertmanager: it can be loaded, names alerts that there are, sends each where its severity belongs, and lets none be
silenced by a lesser one.
"""

import itertools
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from rulechecks.files import YAML, Folder, Problem, Rule

RECEIVERS = {"critical": "page", "warning": "ticket", "info": "log"}
LEAST_FIRST = ["info", "warning", "critical"]
NAMES = re.compile(r'alertname\s*(=~|=)\s*"?([\w|]+)"?')
WHERE = "alertmanager/alertmanager.yml"


def path(folder: Folder) -> Path:
    return folder.alerts / "alertmanager" / "alertmanager.yml"


def read(folder: Folder) -> YAML:
    content = yaml.safe_load(path(folder).read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def check(folder: Folder, alerts: Sequence[Rule]) -> Iterator[Problem]:
    severities = {alert.name: alert.text["labels"]["severity"] for alert in alerts if "severity" in alert.text.get("labels", {})}
    text = path(folder).read_text(encoding="utf-8")
    for name in sorted({name for _, names in NAMES.findall(text) for name in names.split("|")} - set(severities)):
        yield Problem(WHERE, f"there is no alert {name}")
    for rule in read(folder)["inhibit_rules"]:
        yield from _inhibition(rule, severities)
    if shutil.which("amtool") is None:
        yield Problem("amtool", "it is not in PATH (Debian: apt install prometheus-alertmanager)")
        return
    yield from _amtool(folder, severities)


def _named(matchers: Sequence[str]) -> list[str]:
    return [name for matcher in matchers for _, names in NAMES.findall(matcher) for name in names.split("|")]


def _inhibition(rule: YAML, severities: dict[str, str]) -> Iterator[Problem]:
    sources, targets = _named(rule["source_matchers"]), _named(rule["target_matchers"])
    if not sources or not targets or not rule.get("equal"):
        yield Problem(WHERE, f"an inhibition without names of alerts or without equal: {rule}")
    # Where labels are equal that both lack, one server would silence all others.
    if not {"target", "instance", "system_identifier"} & set(rule["equal"]) and 'cluster =~ ".+"' not in rule["source_matchers"]:
        yield Problem(WHERE, f"{', '.join(sources)} silences other targets although it has no cluster")
    for source, target in itertools.product(sources, targets):
        if source == target:
            yield Problem(WHERE, f"{source} silences itself")
        weight = [LEAST_FIRST.index(severities.get(name, "critical")) for name in (source, target)]
        if weight[0] < weight[1]:
            yield Problem(WHERE, f"{source}, {severities.get(source)}, silences {target}, {severities.get(target)}")


def _amtool(folder: Folder, severities: dict[str, str]) -> Iterator[Problem]:
    file = f"--config.file={path(folder)}"
    checked = subprocess.run(["amtool", "check-config", str(path(folder))], capture_output=True, text=True, check=False)
    if checked.returncode:
        yield Problem("amtool check-config", (checked.stdout + checked.stderr).strip())
        return
    for name, severity in sorted(severities.items()):
        for cluster in ("cluster=orders", "cluster="):
            command = ["amtool", "config", "routes", "test", file, f"--verify.receivers={RECEIVERS[severity]}"]
            tested = subprocess.run(
                [*command, f"alertname={name}", f"severity={severity}", cluster], capture_output=True, text=True, check=False
            )
            if tested.returncode:
                yield Problem("amtool config routes test", f"{name}, {severity}: {(tested.stdout + tested.stderr).strip()}")
