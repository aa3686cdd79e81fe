"""The rpm, by rpmbuild, of the same tree as the Debian package."""

import shutil
import subprocess
from pathlib import Path

from .payload import UNITS, install, stage
from .version import ROOT, Version, is_trial, quietly


def build(binary: Path, work: Path, out: Path) -> list[Path]:
    """Builds the package and the one with its debug information; the folder `work` is made anew."""
    version = Version.of(binary)
    tree = work / "stage"
    shutil.rmtree(work, ignore_errors=True)
    stage(binary, tree, version)
    for unit in UNITS:
        install(ROOT / "packaging/systemd" / unit, tree / "usr/lib/systemd/system" / unit)
    install(ROOT / "packaging/pgwal-exporter.default", tree / "etc/default/pgwal-exporter")
    install(ROOT / "packaging/rpm/pgwal-exporter.sysusers", tree / "usr/lib/sysusers.d/pgwal-exporter.conf")
    install(ROOT / "LICENSE", tree / "usr/share/licenses/pgwal-exporter/LICENSE")
    install(ROOT / "CHANGELOG.md", tree / "usr/share/doc/pgwal-exporter/CHANGELOG.md")
    for page in (tree / "usr/share/man/man1").glob("*.1"):
        subprocess.run(["gzip", "-9n", page], check=True)
    # Where Fedora's shells look for them.
    for before, after in (("zsh/vendor-completions", "zsh/site-functions"), ("fish/vendor_completions.d", "fish/completions")):
        (tree / "usr/share" / after).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(tree / "usr/share" / before, tree / "usr/share" / after)
    definitions = {
        "_topdir": str(work / "rpmbuild"),
        "stage": str(tree),
        "pgwal_version": version.debian,
        "pgwal_date": version.time.strftime("%a %b %d %Y"),
        # The same commit makes the same package.
        "use_source_date_epoch_as_buildtime": "1",
        "clamp_mtime_to_source_date_epoch": "1",
        "_buildhost": "localhost",
    }
    if is_trial():
        definitions["_binary_payload"] = "w1.gzdio"
    arguments = [word for name, value in definitions.items() for word in ("--define", f"{name} {value}")]
    environment = {"SOURCE_DATE_EPOCH": str(version.epoch), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8"}
    quietly(["rpmbuild", "-bb", *arguments, ROOT / "packaging/rpm/pgwal-exporter.spec"], None, environment)
    out.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copy(package, out)) for package in sorted((work / "rpmbuild/RPMS").rglob("*.rpm"))]
