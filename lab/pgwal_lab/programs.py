"""Where the programs are that the lab starts."""

import os
import pwd
import shutil
from pathlib import Path

from .folder import USER
from .shell import CannotRun, run

PATRONI4 = Path(os.environ.get("PGWAL_LAB_PATRONI", "/var/cache/pgwal-lab/patroni-4.1")) / "bin" / "patroni"
PATRONI3 = Path("/usr/bin/patroni")


def patroni(generation):
    return {"4": PATRONI4, "3": PATRONI3}[generation]


def postgres_bin():
    """The newest PostgreSQL of Debian's layout."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/pg_rewind")]
    if not folders:
        raise CannotRun("no PostgreSQL under /usr/lib/postgresql; run lab/install")
    return max(folders, key=lambda folder: int(folder.parent.name))


def require(generation):
    names = ["ip", "setpriv", "etcd", "keepalived", "vip-manager", "psql"]
    missing = [name for name in names if not shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")]
    if not patroni(generation).exists():
        missing.append(str(patroni(generation)))
    if missing:
        raise CannotRun(f"not installed: {', '.join(missing)}; run lab/install")
    try:
        pwd.getpwnam(USER)
    except KeyError:
        raise CannotRun(f"there is no user {USER}; run lab/install") from None
    postgres_bin()


def versions(generation):
    return {
        "postgresql": run([str(postgres_bin() / "postgres"), "--version"]).split()[2],
        "patroni": run([str(patroni(generation)), "--version"]).split()[-1],
    }
