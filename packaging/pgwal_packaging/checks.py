"""What holds for the packages."""

import json
import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from . import boot, chart, deb, image, image_check, manual, recipes, rpm, sbom
from .payload import UNITS
from .version import ROOT, Version

SYSTEMD = ROOT / "packaging/systemd"
MOST_EXPOSED = 1.5


class Failed(Exception):
    """What does not hold."""


class Skipped(Exception):
    """Why it cannot be seen here."""


def output(*command: str | Path) -> str:
    """What a command says, wherever it says it."""
    answer = subprocess.run(command, check=False, capture_output=True, text=True)
    return answer.stdout + answer.stderr


def units(binary: Path, work: Path) -> None:
    """systemd finds nothing wrong with the units, and little that they expose."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for unit in UNITS:
            text = (SYSTEMD / unit).read_text()
            # Where the program is before it is installed.
            (root / unit).write_text(text.replace("/usr/bin/pgwal_exporter", str(binary)))
            said = output("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", root / unit)
            if said.strip():
                raise Failed(f"systemd-analyze verify {unit}:\n{said}")
            if unit.endswith(".service"):
                said = output("systemd-analyze", "security", "--offline=true", "--no-pager", root / unit)
                score = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)
                if not score or float(score[1]) > MOST_EXPOSED:
                    raise Failed(f"{unit}: {score[0] if score else said}")
                print(f"  {score[0]}")


def pages(binary: Path, work: Path) -> None:
    """groff has nothing to say of the manual pages, and every option of the program is on one."""
    with tempfile.TemporaryDirectory() as folder:
        for page in manual.write(binary, Path(folder), Version.of(binary)):
            said = output("groff", "-ww", "-z", "-man", "-Tutf8", page)
            if said.strip():
                raise Failed(f"{page.name}:\n{said}")
        text = (Path(folder) / "pgwal_exporter-serve.1").read_text().replace("\\-", "-")
        missing = [flag for flag in re.findall(r"--[a-z][-a-z.]+", output(binary, "serve", "--help")) if flag not in text]
        if set(missing) - {"--help", "--version"}:
            raise Failed(f"not on the page of serve: {missing}")


def older(package: Path, work: Path) -> Path:
    """The same package as an older version, to upgrade from."""
    tree = work / ".older"
    subprocess.run(["rm", "-rf", tree], check=True)
    subprocess.run(["dpkg-deb", "-R", package, tree], check=True)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"(?m)^Version: .*$", "Version: 0.0.1", control.read_text()))
    target = work / "pgwal-exporter_0.0.1.deb"
    subprocess.run(["dpkg-deb", "-Znone", "--root-owner-group", "-b", tree, target], check=True, stdout=subprocess.DEVNULL)
    return target


def booted(script: str, *packages: Path) -> None:
    """Runs one of packaging/checks with the packages, on a system of its own that is booted for it."""
    status, log = boot.run(ROOT / "packaging/checks" / script, list(packages), limit=420)
    print("".join(f"  {line}\n" for line in log.splitlines()), end="")
    if status == 77:
        raise Skipped("no system can be booted here")
    if status != 0:
        raise Failed(f"status {status}")


def debian(binary: Path, work: Path) -> None:
    """lintian finds no error and no warning; installed, upgraded, watched, removed and purged on a system of its own."""
    package = next(p for p in deb.build(binary, work / ".deb", work) if "dbgsym" not in p.name)
    changes = next((work / ".deb").glob("*.changes"))
    said = output("lintian", "--allow-root", "--profile", "debian", "--fail-on", "error,warning", changes)
    if said.strip():
        raise Failed(f"lintian:\n{said}")
    contents = output("dpkg-deb", "--contents", package)
    for path in ("alerts/slots.yml", "dashboards/fleet.json", "runbooks/PgwalSlotLost.md", "man1/pgwal_exporter-health.1.gz"):
        if path not in contents:
            raise Failed(f"{path} is not in the package")
    booted("inside", older(package, work), package)


RPMLINT = ROOT / "packaging/rpm/rpmlint.toml"


def rpms(binary: Path, work: Path) -> None:
    """rpmlint finds no error; what is needed is as in the Debian package; installed, upgraded and removed by rpm on a system of its own."""
    package = rpm.build(binary, work / ".rpm", work)[0]
    said = output("rpmlint", "--config", RPMLINT, package)
    if not re.search(r"\b0 errors", said):
        raise Failed(f"rpmlint:\n{said}")
    needs = output("rpm", "-qp", "--requires", package)
    for need in ("libpq.so.5", "libyaml-0.so.2"):
        if need not in needs:
            raise Failed(f"it does not need {need}:\n{needs}")
    configuration = output("rpm", "-qp", "--configfiles", package)
    if "/etc/pgwal_exporter/pgwal_exporter.yml" not in configuration:
        raise Failed(f"no configuration: {configuration}")
    booted("inside-rpm", package)


def images(binary: Path, work: Path) -> None:
    """The image is the same twice, small, without a shell, and works as nobody with a read-only root."""
    version = Version.of(binary)
    work = work / ".image"
    work.mkdir(parents=True, exist_ok=True)
    digests = {image.layout(binary, work / folder, version, work) for folder in ("layout", "again")}
    if len(digests) != 1:
        raise Failed(f"not the same twice: {digests}")
    print(f"  {digests.pop()}, twice")
    described = json.loads(output("skopeo", "inspect", "--config", f"oci:{work / 'layout'}:{version.tag}"))["config"]
    if described["User"] != "10195:10195" or described["Labels"]["org.opencontainers.image.version"] != version.text:
        raise Failed(f"{described}")
    if problem := image_check.at_work(work / "layout", version):
        raise Failed(problem)


def charts(binary: Path, work: Path) -> None:
    """Helm lints and renders the chart, Kubernetes' schemas know what comes of it; values that are wrong are refused."""
    version = Version.of(binary)
    archives = {chart.build(binary, work / ".chart", work)[0].read_bytes() for _ in range(2)}
    if len(archives) != 1:
        raise Failed("the chart is not the same twice")
    tools = subprocess.run([ROOT / "packaging/python-tools"], check=True, capture_output=True, text=True).stdout.strip()
    manifests = work / f"pgwal-exporter-manifests-{version.tag}.yaml"
    page = ROOT / "docs/kubernetes.md"
    arguments = [work / ".chart/pgwal-exporter", ROOT / "alerts/kubernetes/prometheusrule.yaml", manifests, page]
    said = subprocess.run(
        [f"{tools}/python", ROOT / "packaging/pgwal_packaging/chart_check.py", *arguments], check=False, capture_output=True, text=True
    )
    if said.returncode != 0:
        raise Failed(f"{said.stdout}{said.stderr}")
    schema = json.loads((ROOT / "packaging/helm/pgwal-exporter/values.schema.json").read_text())
    known = set(schema["properties"]["config"]["properties"])
    if unknown := set(recipes.keys(ROOT / "docs/configuration.md")) - known:
        raise Failed(f"the chart refuses {unknown} in a configuration")
    for chosen in recipes.values(page):
        if complaint := recipes.refused(binary, chosen["config"]) or ", ".join(recipes.unmounted(chosen)):
            raise Failed(f"docs/kubernetes.md: {chosen}: {complaint}")


def bills(binary: Path, work: Path) -> None:
    """What the program is made of is listed, each with its version: Swift packages and the libraries that it loads."""
    components = json.loads(sbom.build(binary, work / ".sbom", work)[0].read_text())["components"]
    versions = {component["name"]: component["version"] for component in components}
    for name in ("swift-nio", "swift-nio-ssl", "hummingbird", "libpq5", "libc6", "libssl3"):
        if not versions.get(name):
            raise Failed(f"no version of {name}: {versions}")


ALL: dict[str, Callable[[Path, Path], None]] = {
    "units": units,
    "pages": pages,
    "deb": debian,
    "rpm": rpms,
    "image": images,
    "chart": charts,
    "sbom": bills,
}
