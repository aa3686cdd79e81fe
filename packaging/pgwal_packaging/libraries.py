"""The shared libraries that a program is run with, and the Debian packages that they are of."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class DebianPackage:
    """An installed package."""

    name: str
    version: str
    source: str


def needed(binary: Path) -> list[Path]:
    """All libraries that the loader would take, the loader itself among them, by the path under which it looks for them."""
    lines = subprocess.run(["ldd", binary], check=True, capture_output=True, text=True).stdout.splitlines()
    found = [match for line in lines if (match := re.match(r"\s*(?:\S+ => )?(/\S+) \(0x", line))]
    if missing := [line.strip() for line in lines if "not found" in line]:
        raise SystemExit(f"{binary}: {'; '.join(missing)}")
    return sorted(Path(match[1]) for match in found)


def package_of(library: Path) -> DebianPackage:
    """The package that a library is of. Its files may be known to dpkg by the path before /usr was merged."""
    real = library.resolve()
    names = {str(real), str(real).removeprefix("/usr"), str(library)}
    for name in sorted(names):
        answer = subprocess.run(["dpkg-query", "-S", name], check=False, capture_output=True, text=True)
        if answer.returncode == 0:
            package = answer.stdout.split(": ")[0]
            fields = ["dpkg-query", "-W", "-f", "${Package}\t${Version}\t${source:Package}", package]
            return DebianPackage(*subprocess.run(fields, check=True, capture_output=True, text=True).stdout.split("\t"))
    raise SystemExit(f"{library} is of no package")
