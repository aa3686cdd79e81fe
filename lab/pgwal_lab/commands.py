"""The commands' options, exit statuses, and tidying up after a failure or Ctrl-C."""

import argparse
import json
import signal

from . import report, runner
from . import status as lab_status
from .drills import DRILLS
from .folder import default_directory
from .lab import Lab, say
from .shell import CannotRun, LabError, TimeUp, limited

SKIPPED = 77

UP_LIMIT = 240
DOWN_LIMIT = 60


def _parser(description):
    parser = argparse.ArgumentParser(description=description, epilog="Exit status 77: this machine cannot run the lab.")
    parser.add_argument("--directory", default=default_directory(), help="everything the lab writes (default: $PGWAL_LAB or %(default)s)")
    return parser


def _add_up_options(parser):
    parser.add_argument("--patroni", choices=["4", "3"], default="4", help="Patroni 4.1 of PyPI or Debian's 3.0 (default: 4)")
    parser.add_argument("--exporter", metavar="PATH", help="the pgwal_exporter to run, one for the fleet and one on each host")


def _guarded(command):
    """Runs a command; turns its errors into a message and an exit status."""

    def terminated(*_):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, terminated)
    try:
        return command()
    except CannotRun as error:
        say(f"lab: skipped: {error}")
        return SKIPPED
    except (LabError, TimeUp) as error:
        say(f"lab: {error}")
        return 1
    except KeyboardInterrupt:
        say("lab: interrupted")
        return 130


def bring_down(lab):
    with limited(DOWN_LIMIT, "taking the lab down"):
        lab.down()


def bring_up(lab, options):
    """Brings the lab up, or leaves nothing."""
    was_up = lab.is_up
    try:
        with limited(UP_LIMIT, "bringing the lab up"):
            lab.up(options.patroni, options.exporter)
    except CannotRun:
        raise
    except BaseException:
        if not was_up and lab.is_up:
            _say_logs(lab)
            bring_down(lab)
        raise


def _say_logs(lab):
    for log in sorted((lab.folder.path / "logs").rglob("*.log")):
        text = log.read_text(errors="replace").splitlines()[-8:]
        if text:
            say(f"--- the end of {log.name}")
            say("\n".join(text))


def up():
    parser = _parser("Brings up two sites with Patroni, and exporters that watch them.")
    _add_up_options(parser)
    options = parser.parse_args()
    lab = Lab(options.directory)

    def command():
        bring_up(lab, options)
        print("\n".join(lab_status.lines(lab)))
        return 0

    return _guarded(command)


def down():
    options = _parser("Ends the lab and removes all of it. Harmless when there is none.").parse_args()

    def command():
        bring_down(Lab(options.directory))
        return 0

    return _guarded(command)


def status():
    options = _parser("Shows the lab. Exit status 1 when it is not up or something is wrong in it.").parse_args()
    lab = Lab(options.directory)

    def command():
        if not lab.is_up:
            raise LabError(f"no lab in {options.directory}")
        print("\n".join(lab_status.lines(lab)))
        return 1 if lab.faults() else 0

    return _guarded(command)


def drill():
    names = [drill.name for drill in DRILLS]
    parser = _parser("Breaks something, waits until the exporters say so, cures it, and waits until they say that too.")
    parser.add_argument("names", metavar="NAME", nargs="+", choices=["all", *names], help=f"all, or any of: {', '.join(names)}")
    parser.add_argument("--json", metavar="FILE", help="write all that was found out to this file")
    parser.add_argument("--limit", type=float, default=15, metavar="SECONDS", help="until a fault must be seen (default: %(default)s)")
    parser.add_argument("--keep", action="store_true", help="leave the lab up that was brought up for this")
    _add_up_options(parser)
    options = parser.parse_args()
    lab = Lab(options.directory)
    chosen = [drill for drill in DRILLS if "all" in options.names or drill.name in options.names]

    def command():
        ours = not lab.is_up
        if ours:
            bring_up(lab, options)
        try:
            if not lab.folder.facts()["exporter"]:
                raise LabError("no exporter watches this lab: name one by --exporter when it is brought up")
            results = [runner.run(lab, drill, options.limit) for drill in chosen]
            facts = lab.folder.facts()
        finally:
            if ours and not options.keep:
                bring_down(lab)
        print("\n".join(report.table(results)))
        if options.json:
            with open(options.json, "w") as file:
                json.dump({"versions": facts["versions"], "limit": options.limit, "drills": results}, file, indent=2)
        missed = [result["drill"] for result in results if not result["passed"]]
        if missed:
            print(f"missed: {', '.join(missed)}")
        return 1 if missed else 0

    return _guarded(command)
