"""Entered by benchmarks/run."""

import argparse
import os
import platform
import secrets
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from testbed.errors import CannotRun, TestbedError, TimeUp
from testbed.folders import temporary
from testbed.postgres import Installation
from testbed.proc import read
from testbed.processes import Processes
from testbed.waiting import interruptible, limited

from . import exporters
from .bench import Bench
from .report import Report
from .scenarios import SCENARIOS

LIMIT = 900  # seconds for the whole run


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run", description="Measures exporters of PostgreSQL on throwaway servers.")
    parser.add_argument("exporter", help="the program pgwal_exporter")
    parser.add_argument("scenario", nargs="*", metavar="scenario", help=f"which of: {', '.join(SCENARIOS)}; all without it")
    parser.add_argument("--json", metavar="FILE", help="write the figures as lines of JSON, too")
    parser.add_argument(
        "--other",
        action="append",
        default=[],
        metavar="NAME=UP_METRIC=COMMAND",
        help="measure a further exporter; COMMAND has {port}, gets DATA_SOURCE_NAME and serves /metrics",
    )
    given = parser.parse_args()
    for name in given.scenario:
        if name not in SCENARIOS:
            parser.error(f"there is no scenario {name}; known: {', '.join(SCENARIOS)}")
    if not os.access(given.exporter, os.X_OK):
        parser.error(f"{given.exporter} is no program")
    return given


def machine() -> str:
    names = {line.split(":")[1].strip() for line in read("/proc/cpuinfo").splitlines() if line.startswith("model name")}
    memory = int(read("/proc/meminfo").split()[1]) / (1 << 20)
    return f"{os.cpu_count()} cores ({', '.join(sorted(names)) or platform.machine()}), {memory:.0f} GB, Linux {platform.release()}"


def main() -> None:
    given = arguments()
    report = Report(given.json)
    measured = [exporters.ours(str(Path(given.exporter).resolve())), *exporters.debian(), *map(exporters.other, given.other)]
    with ExitStack() as stack:
        folder = stack.enter_context(temporary("pgwal-bench."))
        processes = stack.enter_context(Processes())
        postgres = Installation.find()
        conditions = {
            "date": time.strftime("%Y-%m-%d"),
            "machine": machine(),
            "postgresql": postgres.version(),
            "scheduling": "round-robin real-time" if os.sched_getscheduler(0) == os.SCHED_RR else "ordinary",
            "load": round(os.getloadavg()[0], 1),
        }
        report.record("conditions", conditions)
        report.say(
            "Measured on {date}: {machine}, PostgreSQL {postgresql}, TCP with SCRAM-SHA-256.\n"
            "Scheduling of all measured processes: {scheduling}. Load average at the start: {load}.".format(**conditions)
        )
        if len(measured) == 1 + len(given.other):
            report.say(f"{exporters.DEBIAN} is not installed, so it is left out.")
        bench = Bench(processes, postgres, folder, secrets.token_hex(12), measured, report, stack)
        for name in given.scenario or SCENARIOS:
            SCENARIOS[name](bench)
        report.say(f"\nLoad average at the end: {os.getloadavg()[0]:.1f}.")


try:
    with interruptible(), limited("the whole run", LIMIT):
        main()
except KeyboardInterrupt:
    sys.exit("bench: interrupted")
except (TestbedError, CannotRun, TimeUp) as error:
    sys.exit(f"bench: {error}")
