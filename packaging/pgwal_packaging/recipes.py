"""The examples of docs/kubernetes.md: what values there are, and whether the exporter takes the configuration that comes of them."""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import yaml

#: Where a pod has what the values mount.
SECRETS = "/etc/pgwal/secrets/"


def blocks(page: Path) -> list[dict[str, Any]]:
    """All examples in YAML."""
    found = re.findall(r"^```yaml\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    return [block for text in found if isinstance(block := yaml.safe_load(text), dict)]


def values(page: Path) -> list[dict[str, Any]]:
    """Those that are values of the chart."""
    return [block for block in blocks(page) if "config" in block]


def objects(page: Path) -> list[dict[str, Any]]:
    """Those that are objects of Kubernetes itself."""
    return [block for block in blocks(page) if block.get("apiVersion") == "v1"]


def keys(page: Path) -> list[str]:
    """What docs/configuration.md has at the top of its file."""
    return list(next(block for block in blocks(page) if "targets" in block and "patroni" in block))


def unmounted(chosen: dict[str, Any]) -> list[str]:
    """The files of secrets that are named in the configuration, and mounted by nothing."""
    mounted = {mount["name"] for mount in chosen.get("secretMounts", [])}
    named = re.findall(rf"{SECRETS}([\w-]+)/", yaml.safe_dump(chosen["config"], width=10_000))
    return sorted(set(named) - mounted)


def refused(binary: Path, configuration: dict[str, Any]) -> str:
    """What the exporter says of it, when it does not like it; with the files of secrets in a folder of this machine."""
    with tempfile.TemporaryDirectory() as folder:
        text = yaml.safe_dump(configuration, width=10_000)
        for name in re.findall(rf"{SECRETS}([\w./-]+)", text):
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("secret\n")
            file.chmod(0o600)
        path = Path(folder, "pgwal_exporter.yml")
        path.write_text(text.replace(SECRETS, f"{folder}/"))
        answer = subprocess.run([binary, "config", f"--config.file={path}"], check=False, capture_output=True, text=True)
        return "" if answer.returncode == 0 else answer.stdout + answer.stderr
