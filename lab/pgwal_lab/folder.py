"""The one directory with everything that the lab writes."""

import json
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

from testbed.commands import run
from testbed.errors import TestbedError

from .plan import Host

MARK = "pgwal-lab.json"
USER = "postgres"


def default_directory() -> Path:
    return Path(os.environ.get("PGWAL_LAB") or "/tmp/pgwal-lab")


class Folder:
    """Paths in the directory, and the facts about the lab that is up."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    @property
    def is_a_lab(self) -> bool:
        return (self.path / MARK).is_file()

    @property
    def processes(self) -> Path:
        return self.path / "processes"

    @property
    def exporter(self) -> Path:
        return self.path / "exporter"

    def of(self, host: Host) -> Path:
        return self.path / host.name

    def data(self, host: Host) -> Path:
        return self.of(host) / "data"

    def log(self, name: str) -> Path:
        return self.path / "logs" / f"{name}.log"

    def create(self, facts: dict[str, Any], hosts: list[Host]) -> None:
        """Makes the directory; a directory that is there and no lab is left alone."""
        try:
            self.path.mkdir(mode=0o755)
        except FileExistsError:
            if any(self.path.iterdir()) or self.path.stat().st_uid != os.getuid() or self.path.is_symlink():
                raise TestbedError(f"{self.path} is there and is neither empty nor a lab; name another by --directory") from None
        except OSError as error:
            raise TestbedError(f"cannot make {self.path}: {error}") from None
        # PostgreSQL's own user must get through, whatever the umask is.
        self.path.chmod(0o755)
        self.write(facts)
        for folder in [self.processes, self.exporter, self.path / "logs"]:
            folder.mkdir()
        (self.path / "logs" / "postgresql").mkdir()
        shutil.chown(self.path / "logs" / "postgresql", USER, USER)
        for host in hosts:
            self.of(host).mkdir()
            shutil.chown(self.of(host), USER, USER)
        for name in ["superuser", "replicator", "rewind"]:
            self._password_file(name).write_text(secrets.token_hex(16))
            self._password_file(name).chmod(0o600)
        try:
            run(["test", "-x", self.path], user=USER)
        except TestbedError:
            raise TestbedError(f"the user {USER} cannot get into {self.path}; name another place by --directory") from None

    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads((self.path / MARK).read_text())
        return facts

    def write(self, facts: dict[str, Any]) -> None:
        (self.path / MARK).write_text(json.dumps(facts, indent=2) + "\n")

    def password(self, name: str) -> str:
        return self._password_file(name).read_text()

    def remove(self) -> None:
        if self.is_a_lab:
            shutil.rmtree(self.path)

    def _password_file(self, name: str) -> Path:
        return self.path / f"password-{name}"
