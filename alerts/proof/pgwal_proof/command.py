"""The command line."""

import argparse
import contextlib
import functools
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from . import scenario as scenarios
from .processes import Processes, ProofError, program, together
from .stack import Exporter, Prometheus, start_alertmanager
from .systems import SYSTEMS
from .webhook import Webhook

#: Debian packages that the proof uses.
PACKAGES = ["postgresql", "prometheus", "prometheus-alertmanager", "iproute2", "util-linux"]

HERE = pathlib.Path(__file__).resolve().parent.parent
ALERTS = HERE.parent
USER = "postgres"
OWN = "10.77.0.1"
INSIDE = "PGWAL_PROOF_INSIDE"


class Proof:
    """What all servers and programs of a run share."""

    def __init__(self, folder, exporter):
        self.folder = folder
        self.processes = Processes(USER)
        self.postgres = find_postgres()
        self.exporter = folder / "pgwal_exporter"
        shutil.copy(exporter, self.exporter)
        self.own(folder)

    def own(self, folder):
        """Gives a folder and all in it to the user that the programs run as."""
        subprocess.run(["chown", "-R", f"{USER}:", folder], check=True)


def find_postgres():
    """The programs of Debian's PostgreSQL 15, else of what pg_config tells."""
    folder = pathlib.Path("/usr/lib/postgresql/15/bin")
    if not (folder / "initdb").exists():
        told = subprocess.run([program("pg_config"), "--bindir"], capture_output=True, text=True, check=True)
        folder = pathlib.Path(told.stdout.strip())
    program(str(folder / "initdb"))
    return folder


def main():
    options = argparse.ArgumentParser(
        description="Shows each main alert firing and resolving on real servers. Needs root.",
        epilog=f"Debian packages that it uses: {', '.join(PACKAGES)}",
    )
    options.add_argument("--exporter", required=True, type=pathlib.Path, metavar="PATH", help="the pgwal_exporter to run")
    options.add_argument("--json", type=pathlib.Path, metavar="FILE", help="where to write what was found")
    options.add_argument("--keep", action="store_true", help="keep the folder with logs and data")
    options.add_argument("--factor", type=float, default=30, help="how many times faster the rules' time passes (default %(default)s)")
    options.add_argument("--only", metavar="REGEX", help="systems whose class name matches, for trying out; proves nothing")
    options = options.parse_args()
    if os.environ.get(INSIDE) != "1":
        return enter()
    if not os.access(options.exporter, os.X_OK):
        sys.exit(f"no program: {options.exporter}")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(130))
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    # Of a network on the loopback interface every address is ours.
    subprocess.run(["ip", "address", "add", f"{OWN}/16", "dev", "lo"], check=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pgwal-proof-"))
    folder.chmod(0o755)
    proof = None
    with contextlib.ExitStack() as undo:
        if not options.keep:
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
        try:
            proof = Proof(folder, options.exporter)
            undo.callback(proof.processes.stop_all)
            return prove(proof, options, undo)
        except ProofError as error:
            print(f"proof: {error}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            return 130
        finally:
            if options.keep:
                print(f"kept: {folder}")


def enter():
    """Runs it again in a network of its own, where each server has an address, and with mounts of its own."""
    if os.geteuid() != 0:
        sys.exit("proof: needs root, for a network namespace and small filesystem of its own; servers run as postgres")
    os.environ[INSIDE] = "1"
    os.execv(program("unshare"), ["unshare", "--net", "--mount", sys.executable, "-B", *sys.argv])


def prove(proof, options, undo):
    began = time.monotonic()
    rules = sorted(ALERTS.glob("*.yml"))
    names = {name for path in rules for name in re.findall(r"(?m)^\s*- alert: (\w+)", path.read_text(encoding="utf-8"))}
    excused = read_excused(HERE / "not-proven.txt")

    systems = [kind(proof, network + 1) for network, kind in enumerate(SYSTEMS) if not options.only or re.search(options.only, kind.__name__)]
    for system in systems:
        undo.callback(stop_quietly, system)
    together([system.create for system in systems])
    say(began, f"{len(systems)} systems run")

    webhook = Webhook(OWN, 9095)
    start_alertmanager(proof, f"{OWN}:9093", webhook.url)
    exporter = Exporter(proof, "exporter", f"{OWN}:9187")
    exporter.start({"targets": [entry for system in systems for entry in system.targets()], "collection": {"directory_interval": "1s"}})
    exporters = [exporter.address, *(system.exporter.address for system in systems if hasattr(system, "exporter"))]
    prometheus = Prometheus(proof, f"{OWN}:9090")
    prometheus.start([*rules, HERE / "overrides.yml"], options.factor, exporters, f"{OWN}:9093")
    say(began, "Prometheus runs")

    problems = calm(prometheus)
    plans = [list(system.scenarios()) for system in systems]
    planned = {each.alert for plan in plans for scenario in plan for each in scenario.expected}
    if not options.only:
        problems += [f"{name}: neither proven nor in not-proven.txt" for name in sorted(names - planned - set(excused))]
    problems += [f"{name}: no such alert" for name in sorted((planned | set(excused)) - names)]
    say(began, "scenarios begin")

    def go_through(plan):
        return [result for scenario in plan for result in told(began, scenario, scenarios.run(scenario, webhook, prometheus))]

    results = [result for results in together([functools.partial(go_through, plan) for plan in plans]) for result in results]

    problems += prometheus.problems()
    waiting = prometheus.waiting()
    for result in results:
        if result["alert"] in waiting and result["firing"] is not None and result["pending"] is None:
            result["problems"].append("was not seen as pending")
    dashboards = run_dashboards(prometheus) if not options.only else []
    problems += dashboards
    problems += [f"{result['alert']} ({result['scenario']}): {problem}" for result in results for problem in result["problems"]]
    others = also_fired(webhook, results)
    print_table(results, others)
    for problem in problems:
        print(f"PROBLEM {problem}")
    seconds = time.monotonic() - began
    shown = len({result["alert"] for result in results} - {result["alert"] for result in results if result["problems"]})
    print(f"{shown} of {len(names)} alerts proven, {len(problems)} problems, {seconds:.0f} s, time divided by {options.factor:g}")
    if options.json:
        found = {
            "factor": options.factor,
            "seconds": round(seconds),
            "results": results,
            "also_fired": others,
            "not_proven": excused,
            "problems": problems,
        }
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 1 if problems else 0


def say(began, text):
    print(f"{time.monotonic() - began:5.0f} s  {text}", flush=True)


def told(began, scenario, results):
    bad = sum(1 for result in results if result["problems"])
    say(began, f"{scenario.name}: {len(results) - bad} of {len(results)} alerts")
    return results


def stop_quietly(system):
    with contextlib.suppress(AttributeError, OSError):
        system.stop()


def read_excused(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split(": ", 1) for line in lines)


def calm(prometheus, timeout=60):
    """Waits until windows have filled and no alert is there; else tells which is."""
    end = time.monotonic() + timeout
    since = None
    found = []
    while time.monotonic() < end:
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


def run_dashboards(prometheus):
    """Every query of the dashboards returns something, or is on their list."""
    query = ALERTS.parent / "dashboards" / "query"
    if not query.exists():
        return []
    done = subprocess.run([sys.executable, "-B", str(query), "--prometheus", prometheus.url, "--quiet"], capture_output=True, text=True)
    print(done.stdout.strip())
    return [f"dashboards/query: {(done.stdout + done.stderr).strip()}"] if done.returncode else []


def also_fired(webhook, results):
    """Alerts that fired and that no scenario waited for, with how often."""
    others = {}
    for _, status, labels in list(webhook.events):
        name = labels["alertname"]
        awaited = any(
            name == result["alert"] and all(labels.get(key) == value for key, value in result["labels"].items()) for result in results
        )
        if status == "firing" and not awaited:
            where = labels.get("target") or labels.get("system_identifier") or labels.get("instance", "")
            others[f"{name} {where}"] = others.get(f"{name} {where}", 0) + 1
    return dict(sorted(others.items()))


def print_table(results, others):
    def seconds(value):
        return "–" if value is None else f"{value:.1f}"

    print("\n| alert | of | s to pending | s to firing | s to resolved | |\n|---|---|---:|---:|---:|---|")
    for result in sorted(results, key=lambda result: result["alert"]):
        where = result["labels"].get("target") or next(iter(result["labels"].values()))
        times = " | ".join(seconds(result[name]) for name in ("pending", "firing", "resolved"))
        print(f"| {result['alert']} | {where} | {times} | {'FAILED' if result['problems'] else ''} |")
    if others:
        print("\nAlso fired: " + ", ".join(f"{name} ({count})" for name, count in others.items()))
    print()
