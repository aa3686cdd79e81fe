"""What is packaged, as scripts/version tells it, in the spelling of each kind of package."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def is_trial() -> bool:
    """Whether packages are made to be tried out only, of a binary that is not optimised: without debug information, packed quickly."""
    return bool(os.environ.get("PGWAL_PACKAGES_TRIAL"))


def quietly(command: Sequence[str | Path], cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> None:
    """Runs a talkative command; what it says is shown when it fails."""
    answer = subprocess.run(
        command, check=False, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    if answer.returncode != 0:
        raise SystemExit(f"{answer.stdout}\n{command[0]} failed with status {answer.returncode}")


def checked_out() -> str:
    """When the commit was made that is checked out: for a binary that was not told its own, as of a debug build. Nothing without git."""
    command = ["git", "log", "-1", "--format=%cd", "--date=format-local:%Y-%m-%dT%H:%M:%SZ"]
    answer = subprocess.run(command, check=False, cwd=ROOT, env=os.environ | {"TZ": "UTC"}, capture_output=True, text=True)
    return answer.stdout.strip()


@dataclass(frozen=True)
class Version:
    """One version: `text` as `--version` says it."""

    text: str
    revision: str
    date: str

    @classmethod
    def of(cls, binary: Path) -> "Version":
        """The version that a binary says of itself: it is what is packaged, whatever has been committed since."""
        line = subprocess.run([binary, "--version"], check=True, capture_output=True, text=True).stdout
        found = re.match(r"pgwal_exporter (\S+) \((?:(\S+?)(?: of (\S+?))?, )?Swift ", line)
        if not found:
            raise SystemExit(f"{binary} --version: not understood: {line}")
        return cls(found[1], found[2] or "", found[3] or checked_out() or "1970-01-01T00:00:00Z")

    @property
    def time(self) -> datetime:
        """When its commit was made."""
        return datetime.strptime(self.date, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)

    @property
    def epoch(self) -> int:
        """The same in Unix seconds, for SOURCE_DATE_EPOCH: what is built twice is the same twice."""
        return int(self.time.timestamp())

    @property
    def debian(self) -> str:
        """For dpkg and rpm alike, in whose order 0.2.0~dev.57 is before 0.2.0, and 0.2.0+5 after it."""
        return self.text.replace("-", "~", 1)

    @property
    def semantic(self) -> str:
        """For charts and images: one of SemVer, which ours are."""
        return self.text

    @property
    def tag(self) -> str:
        """For images, whose tags have no plus."""
        return self.text.replace("+", "-")
