"""VictoriaMetrics with its agent and its evaluator of rules, Debian's."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .commands import give, program, server_user
from .http import status_of
from .processes import Processes
from .prometheus import query
from .waiting import wait_until


def is_installed() -> bool:
    """Whether all of it is; not every release of Debian has it."""
    return all(Path("/usr/bin", name).exists() for name in ("victoria-metrics", "vmagent", "vmalert"))


class Victoria:
    """One store, with what writes to it and what evaluates rules on it; each with its defaults."""

    def __init__(self, processes: Processes, folder: Path, address: str) -> None:
        self.processes, self.folder, self.address = processes, folder / "victoria", address
        self.url = f"http://{address}"
        self.folder.mkdir()

    def _run(self, name: str, command: Sequence[str], address: str) -> None:
        log = self.folder / f"{name}.log"
        give(self.folder, server_user())
        self.processes.start([*command, f"-httpListenAddr={address}", "-loggerLevel=WARN"], log, name=name, user=server_user())
        wait_until(f"{name} is ready", lambda: status_of(f"http://{address}/health") == 200)

    def start(self) -> None:
        self._run("victoria-metrics", [program("victoria-metrics"), f"-storageDataPath={self.folder / 'data'}"], self.address)

    def agent(self, name: str, address: str, exporters: Sequence[str], labels: Mapping[str, str], scrape: str) -> None:
        """Scrapes exporters, and sends what they say to the store, with labels of its own."""
        configuration: dict[str, Any] = {
            "global": {"scrape_interval": scrape, "scrape_timeout": scrape, "external_labels": dict(labels)},
            "scrape_configs": [{"job_name": "pgwal", "static_configs": [{"targets": list(exporters)}]}],
        }
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(configuration))
        command = [program("vmagent"), f"-promscrape.config={path}", f"-remoteWrite.url={self.url}/api/v1/write"]
        self._run(name, [*command, f"-remoteWrite.tmpDataPath={self.folder / name}"], address)

    def rules(self, address: str, files: Sequence[Path], alertmanager: str, labels: Mapping[str, str], evaluation: str) -> None:
        """Evaluates the rule files as they are, writes what they record into the store, and sends alerts."""
        command = [program("vmalert"), *(f"-rule={path}" for path in files), f"-evaluationInterval={evaluation}"]
        command += [f"-{what}.url={self.url}" for what in ("datasource", "remoteRead", "remoteWrite")]
        command += [f"-notifier.url=http://{alertmanager}", *(f"-external.label={name}={value}" for name, value in labels.items())]
        self._run("vmalert", command, address)

    def query(self, expression: str) -> list[dict[str, Any]]:
        return query(self.url, expression)
