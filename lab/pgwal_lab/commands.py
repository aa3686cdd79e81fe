"""The commands' options, exit statuses, and tidying up after a failure or Ctrl-C."""

import argparse
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from testbed.errors import CannotRun, TestbedError, TimeUp
from testbed.namespaces import is_own_network, own_network
from testbed.waiting import interruptible, limited

from . import calm as lab_calm
from . import report, runner
from . import status as lab_status
from .drills import DRILLS
from .folder import default_directory
from .lab import Lab, say

SKIPPED = 77

UP_LIMIT = 240
DOWN_LIMIT = 60


def _parser(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, epilog="Exit status 77: this machine cannot run the lab.")
    parser.add_argument("--directory", type=Path, help=f"everything the lab writes (default: $PGWAL_LAB or {default_directory()})")
    return parser


def _add_up_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--patroni", choices=["4", "3"], default="4", help="Patroni 4.1 of PyPI or Debian's 3.0 (default: 4)")
    parser.add_argument("--exporter", type=Path, metavar="PATH", help="the pgwal_exporter to run, one for the fleet and one on each host")


def _lab(options: argparse.Namespace) -> Lab:
    return Lab(options.directory or default_directory())


def _guarded(command: Callable[[], int]) -> int:
    """Runs a command; turns its errors into a message and an exit status."""
    try:
        with interruptible():
            return command()
    except CannotRun as error:
        say(f"lab: skipped: {error}")
        return SKIPPED
    except (TestbedError, TimeUp) as error:
        say(f"lab: {error}")
        return 1
    except KeyboardInterrupt:
        say("lab: interrupted")
        return 130


def bring_down(lab: Lab) -> None:
    with limited("taking the lab down", DOWN_LIMIT):
        lab.down()


def bring_up(lab: Lab, options: argparse.Namespace) -> None:
    """Brings the lab up, or leaves nothing."""
    was_up = lab.is_up
    try:
        with limited("bringing the lab up", UP_LIMIT):
            lab.up(options.patroni, options.exporter)
    except CannotRun:
        raise
    except BaseException:
        if not was_up and lab.is_up:
            _say_logs(lab)
            bring_down(lab)
        raise


def _say_logs(lab: Lab) -> None:
    for log in sorted((lab.folder.path / "logs").rglob("*.log")):
        text = log.read_text(errors="replace").splitlines()[-8:]
        if text:
            say(f"--- the end of {log.name}")
            say("\n".join(text))


def up() -> int:
    parser = _parser("Brings up two sites with Patroni, and exporters that watch them.")
    _add_up_options(parser)
    options = parser.parse_args()
    lab = _lab(options)

    def command() -> int:
        bring_up(lab, options)
        print("\n".join(lab_status.lines(lab)))
        return 0

    return _guarded(command)


def down() -> int:
    options = _parser("Ends the lab and removes all of it. Harmless when there is none.").parse_args()

    def command() -> int:
        bring_down(_lab(options))
        return 0

    return _guarded(command)


def status() -> int:
    options = _parser("Shows the lab. Exit status 1 when it is not up or something is wrong in it.").parse_args()
    lab = _lab(options)

    def command() -> int:
        if not lab.is_up:
            raise TestbedError(f"no lab in {lab.folder.path}")
        print("\n".join(lab_status.lines(lab)))
        return 1 if lab.faults() else 0

    return _guarded(command)


def drill() -> int:
    names = [drill.name for drill in DRILLS]
    parser = _parser("Breaks something, waits until the exporters say so, cures it, and waits until they say that too.")
    parser.add_argument("names", metavar="NAME", nargs="+", choices=["all", *names], help=f"all, or any of: {', '.join(names)}")
    parser.add_argument("--json", metavar="FILE", help="write all that was found out to this file")
    parser.add_argument("--limit", type=float, default=15, metavar="SECONDS", help="until a fault must be seen (default: %(default)s)")
    parser.add_argument("--keep", action="store_true", help="leave the lab up that was brought up for this")
    _add_up_options(parser)
    options = parser.parse_args()
    return _guarded(lambda: _drill(options))


def _drill(options: argparse.Namespace) -> int:
    lab = _lab(options)
    # The lab that is up; else one that nobody else sees, so that several can be drilled at once. One to be kept must be seen.
    ours = is_own_network() or not lab.is_up
    if ours and not options.keep:
        own_network()
        if not options.directory:
            lab = Lab(Path(tempfile.mkdtemp(prefix="pgwal-lab-")))
    try:
        if ours:
            bring_up(lab, options)
        try:
            facts = lab.folder.facts()
            if not facts["exporter"]:
                raise TestbedError("no exporter watches this lab: name one by --exporter when it is brought up")
            chosen = [drill for drill in DRILLS if "all" in options.names or drill.name in options.names]
            results = [runner.run(lab, drill, options.limit) for drill in chosen]
        finally:
            if ours and not options.keep:
                bring_down(lab)
    finally:
        if ours and not options.directory and not options.keep and lab.folder.path.is_dir() and not any(lab.folder.path.iterdir()):
            os.rmdir(lab.folder.path)
    print("\n".join(report.table(results)))
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"versions": facts["versions"], "limit": options.limit, "drills": results}, file, indent=2)
    missed = [result["drill"] for result in results if not result["passed"]]
    if missed:
        print(f"missed: {', '.join(missed)}")
    return 1 if missed else 0


def calm() -> int:
    parser = _parser("Looks at a healthy lab of its own for long, then at what people do to Patroni: nothing may be found that is not so.")
    parser.add_argument("--minutes", type=float, default=1, help="how long the lab is left alone (default: %(default)s)")
    _add_up_options(parser)
    options = parser.parse_args()

    def command() -> int:
        if not options.exporter:
            raise TestbedError("no exporter: name one by --exporter")
        own_network()
        lab = Lab(options.directory or Path(tempfile.mkdtemp(prefix="pgwal-lab-")))
        try:
            bring_up(lab, options)
            problems = lab_calm.run(lab, 60 * options.minutes)
        finally:
            bring_down(lab)
            if not options.directory and lab.folder.path.is_dir() and not any(lab.folder.path.iterdir()):
                os.rmdir(lab.folder.path)
        print("\n".join(problems) or "calm: nothing was found that is not so")
        return 1 if problems else 0

    return _guarded(command)
