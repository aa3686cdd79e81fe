"""A pgwal_exporter with a configuration file."""

import json
import shutil
from pathlib import Path
from typing import Any

from .commands import run, server_user
from .http import request, status_of
from .processes import Starter
from .waiting import wait_until


class Exporter:
    """Started by what starts programs here, in a network namespace or not."""

    def __init__(self, starter: Starter, program: Path, folder: Path, name: str, address: str, namespace: str | None = None) -> None:
        self.starter, self.program, self.name = starter, program, name
        self.address, self.namespace = address, namespace
        self.url = f"http://{address}"
        self.configuration, self.log = folder / f"{name}.yml", folder / f"{name}.log"

    @staticmethod
    def copy(program: Path, folder: Path) -> Path:
        """Takes a copy: a build that goes on meanwhile, or a folder that only root may enter, shall not matter."""
        copied = folder / "pgwal_exporter"
        shutil.copy(program, copied)
        copied.chmod(0o755)
        return copied

    def write(self, configuration: dict[str, Any]) -> None:
        # JSON is YAML.
        self.configuration.write_text(json.dumps(configuration, indent=1))

    def check(self) -> None:
        """Whether the exporter likes its configuration."""
        run([self.program, "config", f"--config.file={self.configuration}"], user=server_user())

    def start(self, configuration: dict[str, Any] | None = None, *options: str) -> None:
        if configuration is not None:
            self.write(configuration)
        command = [str(self.program), "serve", f"--config.file={self.configuration}", f"--web.listen-address={self.address}", *options]
        self.starter.start(command, self.log, name=self.name, user=server_user(), namespace=self.namespace)

    def wait(self) -> None:
        wait_until(f"the exporter at {self.address} is healthy", lambda: status_of(f"{self.url}/-/healthy") == 200, 30)

    def reload(self, configuration: dict[str, Any]) -> bool:
        """Has it read another configuration, which takes `--web.enable-lifecycle`; whether it likes that."""
        self.write(configuration)
        return request(f"{self.url}/-/reload", "POST", timeout=30)[0] == 200

    def stop(self) -> None:
        self.starter.stop_named(self.name)
