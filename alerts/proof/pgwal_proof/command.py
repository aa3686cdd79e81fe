"""The command line, and the run from start to end."""

import argparse
import contextlib
import functools
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from testbed.commands import run
from testbed.errors import CannotRun, TestbedError
from testbed.exporter import Exporter
from testbed.folders import temporary
from testbed.namespaces import own_network
from testbed.processes import Processes
from testbed.prometheus import Prometheus, start_alertmanager
from testbed.slowness import Slowness
from testbed.waiting import Deadline, interruptible, together

from . import scaling
from . import scenario as scenarios
from .noise import Noise
from .scenario import Result, Scenario
from .systems import SYSTEMS, Bed, System
from .webhook import Webhook

HERE = Path(__file__).resolve().parent.parent
ALERTS = HERE.parent
OWN = "10.77.0.1"


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        description="Shows each main alert firing and resolving on real servers. Needs root.",
        epilog="What it uses is installed by scripts/install-debian-packages test.",
    )
    options.add_argument("--exporter", required=True, type=Path, metavar="PATH", help="the pgwal_exporter to run")
    options.add_argument("--json", type=Path, metavar="FILE", help="where to write what was found")
    options.add_argument("--keep", action="store_true", help="keep the folder with logs and data")
    options.add_argument("--factor", type=float, default=30, help="how many times faster the rules' time passes (default %(default)s)")
    options.add_argument(
        "--noise",
        type=float,
        metavar="MINUTES",
        help="only a healthy installation, so long and in real time: nothing but infos may fire",
    )
    options.add_argument("--only", metavar="REGEX", help="systems whose class name matches, for trying out; proves nothing")
    return options


def main() -> int:
    options = parser().parse_args()
    if not os.access(options.exporter, os.X_OK):
        sys.exit(f"no program: {options.exporter}")
    try:
        # In which each server has an address of its own, and a small filesystem to fill.
        own_network()
        # Of a network on the loopback interface every address is ours.
        run(["ip", "address", "add", f"{OWN}/16", "dev", "lo"])
        with interruptible(), temporary("pgwal-proof-", keep=options.keep) as folder, contextlib.ExitStack() as undo:
            if options.keep:
                print(f"kept: {folder}", flush=True)
            return (prove if options.noise is None else listen)(folder, options, undo)
    except (CannotRun, TestbedError) as error:
        print(f"proof: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def listen(folder: Path, options: argparse.Namespace, undo: contextlib.ExitStack) -> int:
    """The healthy installation alone, in real time."""
    began = time.monotonic()
    bed = Bed(undo.enter_context(Processes()), folder, options.exporter)
    noise = Noise(bed, 1, sorted(ALERTS.glob("*.yml")), seconds=options.noise * 60, factor=1)
    noise.create()
    say(began, f"a healthy installation runs, for {options.noise:g} minutes")
    problems = noise.run()
    for problem in problems:
        print(f"PROBLEM {problem}")
    say(began, f"{len(problems)} problems")
    return 1 if problems else 0


def prove(folder: Path, options: argparse.Namespace, undo: contextlib.ExitStack) -> int:
    began, slowness = time.monotonic(), Slowness()
    rules = sorted(ALERTS.glob("*.yml"))
    names = {name for path in rules for name in re.findall(r"(?m)^\s*- alert: (\w+)", path.read_text(encoding="utf-8"))}
    excused = read_excused(HERE / "not-proven.txt")

    processes = undo.enter_context(Processes())
    bed = Bed(processes, folder, options.exporter)
    systems = [kind(bed, network + 1) for network, kind in enumerate(SYSTEMS) if not options.only or re.search(options.only, kind.__name__)]
    for system in systems:
        undo.callback(stop_quietly, system)
    noise = Noise(bed, len(SYSTEMS) + 1, rules) if not options.only or re.search(options.only, Noise.__name__) else None
    together([*(system.create for system in systems), *([noise.create] if noise else [])])
    say(began, f"{len(systems)} systems run")

    webhook = Webhook(OWN, 9095)
    start_alertmanager(processes, folder, f"{OWN}:9093", webhook.url)
    exporter = Exporter(processes, bed.exporter, folder, "exporter", f"{OWN}:9187")
    targets = [entry for system in systems for entry in system.targets()]
    exporter.start({"targets": targets, "collection": {"directory_interval": "1s"}}, "--timeout-offset", "100ms")
    exporter.wait()
    exporters = [exporter.address, *(address for system in systems for address in system.exporters())]
    prometheus = Prometheus(processes, folder, f"{OWN}:9090")
    texts = {path.name: scaling.scaled(path.read_text(encoding="utf-8"), options.factor) for path in [*rules, HERE / "overrides.yml"]}
    prometheus.start(exporters, texts, f"{OWN}:9093")
    say(began, "Prometheus runs")

    problems = calm(prometheus)
    plans = [list(system.scenarios()) for system in systems]
    planned = {each.alert for plan in plans for scenario in plan for each in scenario.expected}
    if not options.only:
        problems += [f"{name}: neither proven nor in not-proven.txt" for name in sorted(names - planned - set(excused))]
    problems += [f"{name}: no such alert" for name in sorted((planned | set(excused)) - names)]
    say(began, "scenarios begin")

    def go_through(plan: list[Scenario]) -> list[Result]:
        return [result for scenario in plan for result in told(began, scenario, scenarios.run(scenario, webhook, prometheus))]

    heard: list[str] = []

    def listen_too() -> list[Result]:
        if noise:
            heard.extend(noise.run())
            say(began, f"a healthy installation: {len(heard)} problems")
        return []

    goers: list[Callable[[], list[Result]]] = [functools.partial(go_through, plan) for plan in plans]
    results = [result for results in together([*goers, listen_too]) for result in results]
    problems += heard

    evaluated = prometheus.rules()
    problems += [f"rule {rule['name']}: {rule['lastError']}" for rule in evaluated if rule.get("lastError")]
    problems += [f"rule {rule['name']} is not scaled" for rule in evaluated if rule.get("duration", 0) > scaling.LONGEST]
    waiting = {rule["name"] for rule in evaluated if rule.get("duration", 0) > 0}
    for result in results:
        if result["alert"] in waiting and result["firing"] is not None and result["pending"] is None:
            result["problems"].append("was not seen as pending")
    if not options.only:
        problems += run_dashboards(prometheus)
    problems += [f"{result['alert']} ({result['scenario']}): {problem}" for result in results for problem in result["problems"]]
    others = also_fired(webhook, results)
    print_table(results, others)
    for problem in problems:
        print(f"PROBLEM {problem}")
    seconds = time.monotonic() - began
    shown = len({result["alert"] for result in results} - {result["alert"] for result in results if result["problems"]})
    print(
        f"{shown} of {len(names)} alerts proven, {len(problems)} problems, {seconds:.0f} s, time divided by {options.factor:g},"
        f" machine {slowness.factor:.1f} times slower than alone"
    )
    if options.json:
        found = {
            "factor": options.factor,
            "seconds": round(seconds),
            "slowness": round(slowness.factor, 2),
            "results": results,
            "also_fired": others,
            "not_proven": excused,
            "problems": problems,
        }
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 1 if problems else 0


def say(began: float, text: str) -> None:
    print(f"{time.monotonic() - began:5.0f} s  {text}", flush=True)


def told(began: float, scenario: Scenario, results: list[Result]) -> list[Result]:
    bad = sum(1 for result in results if result["problems"])
    say(began, f"{scenario.name}: {len(results) - bad} of {len(results)} alerts")
    return results


def stop_quietly(system: System) -> None:
    with contextlib.suppress(AttributeError, OSError):
        system.stop()


def read_excused(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split(": ", 1) for line in lines)


def calm(prometheus: Prometheus, seconds: float = 60) -> list[str]:
    """Waits until windows have filled and no alert is there; else tells which is."""
    deadline = Deadline(seconds)
    since: float | None = None
    found: list[dict[str, Any]] = []
    while not deadline.over:
        found = prometheus.query("ALERTS")
        up = prometheus.query("pgwal_up")
        if found or not up:
            since = None
        elif since is None:
            since = time.monotonic()
        elif time.monotonic() - since > 15:
            return []
        time.sleep(1)
    return [f"before any cause: {each['metric']}" for each in found]


def run_dashboards(prometheus: Prometheus) -> list[str]:
    """Every query of the dashboards returns something, or is on their list."""
    query = ALERTS.parent / "dashboards" / "query"
    if not query.exists():
        return []
    done = subprocess.run(
        [sys.executable, "-B", str(query), "--prometheus", prometheus.url, "--wait", "30s", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout.strip())
    return [f"dashboards/query: {(done.stdout + done.stderr).strip()}"] if done.returncode else []


def also_fired(webhook: Webhook, results: list[Result]) -> dict[str, int]:
    """Alerts that fired and that no scenario waited for, with how often."""
    others: dict[str, int] = {}
    for _, status, labels in list(webhook.events):
        name = labels["alertname"]
        awaited = any(
            name == result["alert"] and all(labels.get(key) == value for key, value in result["labels"].items()) for result in results
        )
        if status == "firing" and not awaited:
            where = labels.get("target") or labels.get("system_identifier") or labels.get("instance", "")
            others[f"{name} {where}"] = others.get(f"{name} {where}", 0) + 1
    return dict(sorted(others.items()))


def print_table(results: list[Result], others: dict[str, int]) -> None:
    def seconds(value: float | None) -> str:
        return "–" if value is None else f"{value:.1f}"

    print("\n| alert | of | s to pending | s to firing | s to resolved | |\n|---|---|---:|---:|---:|---|")
    for result in sorted(results, key=lambda result: result["alert"]):
        where = result["labels"].get("target") or next(iter(result["labels"].values()))
        times = " | ".join(seconds(result[name]) for name in ("pending", "firing", "resolved"))
        print(f"| {result['alert']} | {where} | {times} | {'FAILED' if result['problems'] else ''} |")
    if others:
        print("\nAlso fired: " + ", ".join(f"{name} ({count})" for name, count in others.items()))
    print()
