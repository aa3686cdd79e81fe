"""The Debian package, by debhelper."""

import os
import shutil
from email.utils import format_datetime
from pathlib import Path

from .payload import UNITS, install, stage
from .version import ROOT, Version, is_trial, quietly

DEBIAN = ROOT / "packaging/debian"


def changelog(version: Version) -> str:
    """One entry: what changed is in CHANGELOG.md, which is installed as the upstream's."""
    return (
        f"pgwal-exporter ({version.debian}) unstable; urgency=medium\n\n"
        f"  * Built from {version.revision or 'this source'}; what changed: changelog.gz beside this file.\n\n"
        f" -- pgwal_exporter maintainers <pgwal_exporter@example.org>  {format_datetime(version.time)}\n"
    )


def build(binary: Path, work: Path, out: Path) -> list[Path]:
    """Builds the package and the one with its debug information; the folder `work` is made anew."""
    version = Version.of(binary)
    tree = work / "pgwal-exporter"
    shutil.rmtree(work, ignore_errors=True)
    stage(binary, tree / "stage", version)
    shutil.copytree(DEBIAN, tree / "debian")
    (tree / "debian/changelog").write_text(changelog(version))
    for unit in UNITS:
        install(ROOT / "packaging/systemd" / unit, tree / "debian" / ("pgwal-exporter@.service" if "@" in unit else unit))
    install(ROOT / "packaging/pgwal-exporter.default", tree / "debian/pgwal-exporter.default")
    install(ROOT / "CHANGELOG.md", tree / "CHANGELOG.md")
    (tree / "debian/pgwal-exporter.examples").write_text("debian/pgwal-exporter.default\n")
    environment = os.environ | {
        "SOURCE_DATE_EPOCH": str(version.epoch),
        # Debug information of many megabytes: what takes longest is to compress it.
        "DEB_BUILD_OPTIONS": "nocheck parallel=2" + (" noautodbgsym" if is_trial() else ""),
        "PACKING": "-Zgzip -z1" if is_trial() else "-Zxz -z3",
    }
    quietly(["dpkg-buildpackage", "--build=binary", "--no-sign", "--no-check-builddeps"], tree, environment)
    out.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copy(package, out)) for package in sorted(work.glob("*.deb"))]
