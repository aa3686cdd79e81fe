"""Commands that end by themselves, and which user they run as."""

import functools
import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from .errors import CannotRun, TestbedError

Command = Sequence[str | Path | int] | Sequence[str | Path] | Sequence[str]

SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


def program(*names: str) -> str:
    """The path of the first program that there is."""
    for name in names:
        path = shutil.which(name) or shutil.which(name, path=SYSTEM_PATH)
        if path:
            return path
    raise CannotRun(f"{' or '.join(names)} is not installed")


@functools.cache
def server_user() -> str | None:
    """As whom servers run when this program is root's, since PostgreSQL refuses root; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def as_user(user: str | None, command: Command) -> list[str]:
    """The command as that user; without one, as it is."""
    words = [str(word) for word in command]
    if user is None:
        return words
    entry = pwd.getpwnam(user)
    return [program("setpriv"), f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups", "--", *words]


def give(path: Path, user: str | None) -> None:
    """Gives a file, or a folder and all in it, to the user."""
    if user is None:
        return
    entry = pwd.getpwnam(user)
    os.chown(path, entry.pw_uid, entry.pw_gid)
    for folder, folders, files in os.walk(path):
        for name in folders + files:
            os.chown(os.path.join(folder, name), entry.pw_uid, entry.pw_gid, follow_symlinks=False)


def run(
    command: Command,
    timeout: float = 60,
    check: bool = True,
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Runs a command to its end, and returns its standard output."""
    words = as_user(user, command)
    try:
        done = subprocess.run(
            words,
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})},
        )
    except subprocess.TimeoutExpired:
        raise TestbedError(f"took longer than {timeout:g} s: {' '.join(map(str, command))}") from None
    except OSError as error:
        raise TestbedError(f"{command[0]}: {error}") from None
    if check and done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise TestbedError(f"exit status {done.returncode}: {' '.join(map(str, command))}\n{said}")
    return done.stdout
