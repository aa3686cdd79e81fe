"""The one directory with everything that the lab writes."""

import json
import os
import secrets
import shutil
import subprocess
from pathlib import Path

from .shell import LabError

MARK = "pgwal-lab.json"
USER = "postgres"


def default_directory():
    return Path(os.environ.get("PGWAL_LAB") or "/tmp/pgwal-lab")


class Folder:
    """Paths in the directory, and the facts about the lab that is up."""

    def __init__(self, path):
        self.path = Path(path).absolute()

    @property
    def is_a_lab(self):
        return (self.path / MARK).is_file()

    @property
    def processes(self):
        return self.path / "processes"

    @property
    def exporter(self):
        return self.path / "exporter"

    def of(self, host):
        return self.path / host.name

    def data(self, host):
        return self.of(host) / "data"

    def log(self, name):
        return self.path / "logs" / f"{name}.log"

    def create(self, facts, hosts):
        """Makes the directory; a directory that is there and no lab is left alone."""
        try:
            self.path.mkdir(mode=0o755)
        except FileExistsError:
            if any(self.path.iterdir()) or self.path.stat().st_uid != os.getuid() or self.path.is_symlink():
                raise LabError(f"{self.path} is there and is neither empty nor a lab; name another by --directory") from None
        except OSError as error:
            raise LabError(f"cannot make {self.path}: {error}") from None
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
        if subprocess.run(["setpriv", f"--reuid={USER}", "--clear-groups", "test", "-x", str(self.path)]).returncode != 0:
            raise LabError(f"the user {USER} cannot get into {self.path}; name another place by --directory")

    def facts(self):
        return json.loads((self.path / MARK).read_text())

    def write(self, facts):
        (self.path / MARK).write_text(json.dumps(facts, indent=2) + "\n")

    def password(self, name):
        return self._password_file(name).read_text()

    def remove(self):
        if self.is_a_lab:
            shutil.rmtree(self.path)

    def _password_file(self, name):
        return self.path / f"password-{name}"
