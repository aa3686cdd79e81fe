"""Prometheus's own tool, whose word counts more than that of the checks."""

import pathlib
import shutil
import subprocess
from collections.abc import Sequence


class Missing(Exception):
    """promtool is not there."""

    def __init__(self) -> None:
        super().__init__("promtool is not in PATH (Debian: apt install prometheus)")


def run(arguments: Sequence[str | pathlib.Path]) -> str | None:
    """What promtool complains of, or nothing."""
    program = shutil.which("promtool")
    if program is None:
        raise Missing
    outcome = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)
    return (outcome.stdout + outcome.stderr).strip() if outcome.returncode else None
