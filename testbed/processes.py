"""Starting processes, and ending each of them by its process id, with its process group, whatever happens.

`Processes` ends with the block that has opened it; `Daemons` are written down in files, and outlive this program.
A process is known by its id and its start time, so that a number used again by another process is never signalled.
"""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

from .commands import SYSTEM_PATH, Command, as_user
from .errors import TestbedError
from .namespaces import inside
from .proc import children, read, start_time

Known = tuple[int, int | None]


def send(known: Known, number: int, group: bool = False) -> None:
    """Signals the process that is meant, or none; also its process group, when it leads one."""
    pid, started = known
    if started is None or start_time(pid) != started:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if group and os.getpgid(pid) == pid:
            os.killpg(pid, number)
        else:
            os.kill(pid, number)


def end(processes: Iterable[Known], number: int = signal.SIGTERM, patience: float = 10) -> None:
    """Ends processes: politely, then not, and then their groups too. Returns when they are gone."""
    known = [each for each in processes if each[1] is not None]
    for each in known:
        send(each, number)
        # One that was stopped would not hear it.
        send(each, signal.SIGCONT)
    deadline = time.monotonic() + patience
    while any(start_time(pid) == started for pid, started in known):
        if time.monotonic() > deadline:
            for each in known:
                send(each, signal.SIGKILL, group=True)
            deadline = time.monotonic() + 5
        time.sleep(0.02)


def launch(
    command: Command,
    log: Path | None,
    *,
    user: str | None = None,
    namespace: str | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
    stdout: int | None = None,
) -> subprocess.Popen[str]:
    """Starts a program in a session of its own: Ctrl-C is for us alone. Its process id is the program's own, also within a namespace."""
    with contextlib.ExitStack() as opened:
        output: IO[bytes] | int = opened.enter_context(open(log, "ab")) if log else subprocess.DEVNULL
        return subprocess.Popen(
            inside(namespace, as_user(user, command)),
            stdin=stdin,
            stdout=output if stdout is None else stdout,
            stderr=output,
            env=dict(environment) if environment is not None else None,
            cwd="/",
            text=True,
            start_new_session=True,
        )


class Process:
    """A running program of ours, to be ended by `stop` or with its block."""

    def __init__(self, popen: subprocess.Popen[str], log: Path | None, ending: int) -> None:
        self.popen, self.log, self.ending = popen, log, ending
        self.pid = popen.pid
        self._stopping = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        # It is collected by `stop` alone: until then nobody else can have its number, nor that of its group.
        if self.popen.returncode is not None:
            return False
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def family(self) -> list[int]:
        return [self.pid, *children(self.pid)]

    def signal(self, number: int) -> None:
        """To the process alone."""
        if self.running:
            self.popen.send_signal(number)

    def signal_all(self, number: int) -> None:
        """To the process and its descendants."""
        for pid in self.family():
            send((pid, start_time(pid)), number)

    def stop(self, number: int | None = None, patience: float = 20) -> None:
        """Ends it in its own way, or by that signal; then what it has left behind in its process group."""
        with self._stopping:
            if self.popen.returncode is not None:
                return
            self.signal_all(signal.SIGCONT)
            self.signal(self.ending if number is None else number)
            deadline = time.monotonic() + patience
            while self.running and time.monotonic() < deadline:
                time.sleep(0.01)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            self.popen.wait()
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def complaint(self) -> str:
        """The end of its log."""
        return read(self.log)[-2000:].strip() if self.log else ""


class Starter(Protocol):
    """What can start programs that have a name: those of a block, or daemons."""

    def start(
        self,
        command: Command,
        log: Path | None,
        *,
        name: str = "",
        user: str | None = None,
        namespace: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> object: ...

    def stop_named(self, name: str) -> None: ...


class Processes:
    """What was started, all ended with the block, the latest first."""

    def __init__(self) -> None:
        self._running: list[tuple[str, Process]] = []
        self._ended = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop_all()

    def start(
        self,
        command: Command,
        log: Path | None,
        *,
        name: str = "",
        user: str | None = None,
        namespace: str | None = None,
        environment: Mapping[str, str] | None = None,
        stdin: int = subprocess.DEVNULL,
        stdout: int | None = None,
        ending: int = signal.SIGTERM,
    ) -> Process:
        """The environment is added to ours. `ending` is the signal that ends it; one that must not leave anything may need another."""
        added = {**os.environ, **environment} if environment else None
        with self._lock:
            if self._ended:
                raise TestbedError("nothing is started any more: the end has begun")
            popen = launch(command, log, user=user, namespace=namespace, environment=added, stdin=stdin, stdout=stdout)
            process = Process(popen, log, ending)
            self._running.append((name, process))
        return process

    def stop_named(self, name: str) -> None:
        for known, process in self._running:
            if known == name:
                process.stop()

    def stop_all(self) -> None:
        with self._lock:
            self._ended = True
            latest_first = [process for _, process in self._running[::-1]]
        for process in latest_first:
            if process.running:
                process.signal(process.ending)
        for process in latest_first:
            process.stop(patience=5)


class Daemons:
    """Programs that outlive this one: a file each in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(
        self,
        command: Command,
        log: Path | None,
        *,
        name: str = "",
        user: str | None = None,
        namespace: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> object:
        """With an environment of its own: nothing of ours."""
        own = {"PATH": SYSTEM_PATH, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", **(environment or {})}
        popen = launch(command, log, user=user, namespace=namespace, environment=own)
        self._file(name).write_text(json.dumps({"pid": popen.pid, "started": start_time(popen.pid)}))
        # It is ended by its number, perhaps by another program.
        _unwaited.append(popen)
        return popen

    def known(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.json"))

    def is_running(self, name: str) -> bool:
        return self._process(name) is not None

    def stop_named(self, name: str) -> None:
        self.stop([name])

    def stop(self, names: list[str], number: int = signal.SIGTERM, patience: float = 10) -> None:
        end([process for process in map(self._process, names) if process], number, patience)
        for name in names:
            self._file(name).unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _process(self, name: str) -> Known | None:
        try:
            entry = json.loads(self._file(name).read_text())
        except (OSError, ValueError):
            return None
        alive = entry["started"] is not None and start_time(entry["pid"]) == entry["started"]
        return (entry["pid"], entry["started"]) if alive else None


_unwaited: list[subprocess.Popen[str]] = []
