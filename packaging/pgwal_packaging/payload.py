"""What an installation consists of, as one tree that deb, rpm and image take from."""

import shutil
import subprocess
from pathlib import Path

from . import manual
from .version import ROOT, Version

DOC = "usr/share/doc/pgwal-exporter"
SHARE = "usr/share/pgwal-exporter"
UNITS = ("pgwal-exporter.service", "pgwal-exporter.socket", "pgwal-exporter@.service")


def install(source: Path, target: Path, mode: int = 0o644) -> None:
    """Copies one file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(mode)


def completions(binary: Path, stage: Path) -> None:
    """For bash, zsh and fish, where Debian and Fedora alike look for them."""
    places = {
        "bash": "usr/share/bash-completion/completions/pgwal_exporter",
        "zsh": "usr/share/zsh/vendor-completions/_pgwal_exporter",
        "fish": "usr/share/fish/vendor_completions.d/pgwal_exporter.fish",
    }
    for shell, place in places.items():
        script = subprocess.run([binary, "--generate-completion-script", shell], check=True, capture_output=True, text=True).stdout
        (stage / place).parent.mkdir(parents=True, exist_ok=True)
        (stage / place).write_text(script.removeprefix("#!/bin/bash\n") if shell == "bash" else script)


def documents(stage: Path) -> None:
    """Rules, dashboards and the pages of docs/ with their runbooks."""
    for rules in sorted((ROOT / "alerts").glob("*.yml")):
        install(rules, stage / SHARE / "alerts" / rules.name)
    for manifest in sorted((ROOT / "alerts" / "kubernetes").glob("*.y*ml")):
        install(manifest, stage / SHARE / "alerts" / "kubernetes" / manifest.name)
    for rules in sorted((ROOT / "alerts/migrating").glob("*.yml")):
        install(rules, stage / SHARE / "alerts/migrating" / rules.name)
    install(ROOT / "alerts/alertmanager/alertmanager.yml", stage / SHARE / "alerts/alertmanager/alertmanager.yml")
    for dashboard in sorted((ROOT / "dashboards").glob("*.json")):
        install(dashboard, stage / SHARE / "dashboards" / dashboard.name)
    for file in sorted((ROOT / "dashboards/provisioning").rglob("*.yaml")):
        install(file, stage / SHARE / "grafana" / file.relative_to(ROOT / "dashboards"))
    for page in sorted((ROOT / "docs").rglob("*.md")):
        install(page, stage / DOC / page.relative_to(ROOT / "docs"))
    install(ROOT / "alerts" / "README.md", stage / DOC / "alerts.md")
    install(ROOT / "dashboards" / "README.md", stage / DOC / "dashboards.md")
    install(ROOT / "SECURITY.md", stage / DOC / "SECURITY.md")


def stage(binary: Path, folder: Path, version: Version) -> None:
    """Lays the whole tree into an empty folder, but for what each kind of package has a place of its own for."""
    shutil.rmtree(folder, ignore_errors=True)
    install(binary, folder / "usr/bin/pgwal_exporter", 0o755)
    manual.write(binary, folder / "usr/share/man/man1", version)
    completions(binary, folder)
    documents(folder)
    install(ROOT / "packaging/pgwal_exporter.yml", folder / "etc/pgwal_exporter/pgwal_exporter.yml")
