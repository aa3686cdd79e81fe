"""What is in the program: a bill of materials in CycloneDX's format."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from .libraries import needed, package_of
from .version import ROOT, Version


def swift_packages() -> list[dict[str, Any]]:
    """The Swift packages that the build resolved; what of them is linked is in the program itself."""
    resolved = json.loads((ROOT / "Package.resolved").read_text())
    found = []
    for pin in resolved["pins"]:
        place = pin["location"].removesuffix(".git")
        name, version = pin["identity"], pin["state"].get("version", pin["state"]["revision"])
        found.append(
            {
                "type": "library",
                "name": name,
                "version": version,
                "purl": f"pkg:swift/{re.sub('^https?://', '', place)}@{version}",
                "bom-ref": f"swift:{name}",
            }
        )
    return found


def debian_libraries(binary: Path) -> list[dict[str, Any]]:
    """The packages whose libraries are loaded at run time, as they are on this machine; the image holds just these."""
    packages = sorted({package_of(library) for library in needed(binary)})
    return [
        {
            "type": "library",
            "name": package.name,
            "version": package.version,
            "purl": f"pkg:deb/debian/{package.name}@{package.version}",
            "bom-ref": f"deb:{package.name}",
        }
        for package in packages
    ]


def bill(binary: Path) -> dict[str, Any]:
    """The whole bill."""
    version = Version.of(binary)
    compiler = subprocess.run(["swift", "--version"], check=False, capture_output=True, text=True).stdout.splitlines()[0]
    components = [*swift_packages(), *debian_libraries(binary)]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": version.date,
            "component": {
                "type": "application",
                "name": "pgwal_exporter",
                "version": version.text,
                "bom-ref": "pgwal_exporter",
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
            "properties": [{"name": "compiler", "value": compiler}],
        },
        "components": components,
        "dependencies": [{"ref": "pgwal_exporter", "dependsOn": [component["bom-ref"] for component in components]}],
    }


def build(binary: Path, work: Path, out: Path) -> list[Path]:
    """Writes it."""
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"pgwal-exporter-{Version.of(binary).tag}.cdx.json"
    target.write_text(json.dumps(bill(binary), indent=1) + "\n")
    return [target]
