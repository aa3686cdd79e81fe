"""The programs that the lab starts."""

import os
import pwd
import shutil
from pathlib import Path

from testbed.commands import SYSTEM_PATH, run
from testbed.errors import CannotRun
from testbed.postgres import Installation

from .folder import USER

PATRONI4 = Path(os.environ.get("PGWAL_LAB_PATRONI", "/var/cache/pgwal-lab/patroni-4.1")) / "bin" / "patroni"
PATRONI3 = Path("/usr/bin/patroni")


def patroni(generation: str) -> Path:
    return {"4": PATRONI4, "3": PATRONI3}[generation]


def postgres() -> Installation:
    """The newest PostgreSQL of Debian's layout."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/pg_rewind")]
    if not folders:
        raise CannotRun("no PostgreSQL under /usr/lib/postgresql; run lab/install")
    return Installation(max(folders, key=lambda folder: int(folder.parent.name)))


def require(generation: str) -> None:
    names = ["ip", "setpriv", "etcd", "keepalived", "vip-manager", "psql"]
    missing = [name for name in names if not shutil.which(name, path=SYSTEM_PATH)]
    if not patroni(generation).exists():
        missing.append(str(patroni(generation)))
    if missing:
        raise CannotRun(f"not installed: {', '.join(missing)}; run lab/install")
    try:
        pwd.getpwnam(USER)
    except KeyError:
        raise CannotRun(f"there is no user {USER}; run lab/install") from None
    postgres()


def versions(generation: str) -> dict[str, str]:
    return {"postgresql": postgres().version(), "patroni": run([patroni(generation), "--version"]).split()[-1]}
