"""The Helm chart, with the rules of alerts/ in it, and plain manifests rendered from it."""

import shutil
import subprocess
import tarfile
from pathlib import Path

from .version import ROOT, Version

CHART = ROOT / "packaging/helm/pgwal-exporter"


def rules() -> str:
    """The groups of the PrometheusRule that alerts/manifest writes: what is below its spec."""
    manifest = subprocess.run([ROOT / "alerts/manifest", "--print"], check=True, capture_output=True, text=True).stdout
    lines = manifest.split("\nspec:\n", 1)[1].splitlines()
    return "".join(f"{line.removeprefix('  ')}\n" for line in lines)


def tree(folder: Path, version: Version) -> Path:
    """The chart as it is installed: with its version and the rules."""
    target = folder / "pgwal-exporter"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(CHART, target)
    about = target / "Chart.yaml"
    text = about.read_text().replace("# packaging/build chart sets both to the version that is built.\n", "")
    about.write_text(text.replace("version: 0.0.0\nappVersion: 0.0.0", f'version: {version.semantic}\nappVersion: "{version.text}"'))
    (target / "files").mkdir()
    (target / "files/rules.yml").write_text(rules())
    return target


def build(binary: Path, work: Path, out: Path) -> list[Path]:
    """Builds the chart's archive; the same commit makes the same one."""
    version = Version.of(binary)
    work.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    chart = tree(work, version)
    target = out / f"pgwal-exporter-chart-{version.tag}.tgz"

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = version.epoch
        return entry

    with tarfile.open(work / "chart.tar", "w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(p for p in chart.rglob("*") if p.is_file()):
            archive.add(path, f"pgwal-exporter/{path.relative_to(chart)}", filter=plain)
    with target.open("wb") as file:
        subprocess.run(["gzip", "-9nc", work / "chart.tar"], check=True, stdout=file)
    return [target]
