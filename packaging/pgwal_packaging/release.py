"""A release: what has to hold before it is built, and what is added to the packages: the source, the notes, the checksums."""

import hashlib
import re
import subprocess
from pathlib import Path

from .version import ROOT, Version

SUMS = "SHA256SUMS"
HEADING = re.compile(r"^## (\S+) - (\d{4}-\d\d-\d\d)$", re.M)
#: One of each has to be there; {…} are the spellings of the version.
KINDS = (
    "pgwal-exporter_{debian}_*.deb",
    "pgwal-exporter-dbgsym_{debian}_*.deb",
    "pgwal-exporter-{debian}-1.*.rpm",
    "pgwal-exporter-{tag}.oci.tar",
    "pgwal-exporter-chart-{tag}.tgz",
    "pgwal-exporter-{tag}.cdx.json",
    "pgwal_exporter-{tag}.tar.gz",
    "RELEASE-NOTES.md",
)


def git(*words: str, root: Path = ROOT) -> str:
    """What git says; nothing when it has nothing to say."""
    return subprocess.run(["git", *words], cwd=root, check=False, capture_output=True, text=True).stdout.strip()


def section(changelog: str, version: str) -> str | None:
    """What the changelog has under the version's heading."""
    for heading in HEADING.finditer(changelog):
        if heading[1] == version:
            rest = changelog[heading.end() :]
            end = re.search(r"^## ", rest, re.M)
            return rest[: end.start() if end else None].strip()
    return None


def problems(root: Path = ROOT) -> list[str]:
    """Why nothing can be released from this checkout."""
    tag = git("describe", "--tags", "--exact-match", "--match", "v[0-9]*", root=root)
    if not tag:
        return ["this commit has no tag: git tag -a v0.2.0 -m 0.2.0, where 0.2.0 is what the changelog has a dated heading for"]
    found = []
    version = tag.removeprefix("v")
    if git("status", "--porcelain", "--untracked-files=no", root=root):
        found.append("there are changes that are not committed")
    if not section((root / "CHANGELOG.md").read_text(encoding="utf-8"), version):
        found.append(f"CHANGELOG.md has nothing under a heading '## {version} - DATE'")
    # A build that is not stamped says what comes next, with -dev: not an older version than this one.
    unstamped = re.search(r'unstamped = "(.*)-dev"', (root / "Sources/pgwal_exporter/Version.swift").read_text(encoding="utf-8"))
    if not unstamped or numbers(unstamped[1]) < numbers(version):
        found.append(f"Version.swift says {unstamped[1] if unstamped else 'nothing'}-dev, which is older than {version}")
    return found


def numbers(version: str) -> tuple[int, ...]:
    """1.2.3 as something that can be compared."""
    return tuple(int(number) for number in version.split("-")[0].split("."))


def finish(binary: Path, out: Path, root: Path = ROOT) -> list[str]:
    """Adds source, notes and checksums to the packages in the folder, and tells what does not hold."""
    version = Version.of(binary)
    source = out / f"pgwal_exporter-{version.tag}.tar.gz"
    with source.open("wb") as file:
        archive = ["git", "archive", "--format=tar", f"--prefix=pgwal_exporter-{version.text}/", "HEAD"]
        tar = subprocess.run(archive, cwd=root, check=True, stdout=subprocess.PIPE).stdout
        # Without the time, so that the same commit makes the same file.
        subprocess.run(["gzip", "-9nc"], input=tar, check=True, stdout=file)
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    notes = section(changelog, version.text) or "Not a release: built from a commit without a tag."
    (out / "RELEASE-NOTES.md").write_text(f"# pgwal_exporter {version.text}\n\n{notes}\n", encoding="utf-8")
    files = sorted(path for path in out.iterdir() if path.is_file() and path.name != SUMS)
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (out / SUMS).write_text("".join(sums), encoding="utf-8")
    names = {kind: kind.format(debian=version.debian, tag=version.tag) for kind in KINDS}
    found = [f"not exactly one {name}" for name in names.values() if len(list(out.glob(name))) != 1]
    if version.text != git("describe", "--tags", "--exact-match", "--match", "v[0-9]*", root=root).removeprefix("v"):
        found.append(f"the binary says {version.text}: not the tag")
    return found
