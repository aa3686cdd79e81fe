"""Daemons, known by process id and start time, so that a number used again by another process is never signalled."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path


def start_time(pid):
    """When a process began, in ticks since boot; None when it is gone, or dead and only not yet collected."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def send(pid, started, number):
    """Signals the process that is meant, or none."""
    if started is not None and start_time(pid) == started:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def end(processes, number=signal.SIGTERM, patience=10):
    """Ends processes, given as (pid, start time): politely, then not. Returns when they are gone."""
    for pid, started in processes:
        send(pid, started, number)
    deadline = time.monotonic() + patience
    while any(start_time(pid) == started is not None for pid, started in processes):
        if time.monotonic() > deadline:
            for pid, started in processes:
                send(pid, started, signal.SIGKILL)
            deadline = time.monotonic() + 5
        time.sleep(0.05)


class Daemons:
    """The daemons of a lab: a file each in one folder, which outlives this program."""

    def __init__(self, folder):
        self.folder = folder

    def start(self, name, command, log, host=None, user=None):
        """Starts a daemon inside a host and as a user; its process id is the daemon's own."""
        if user:
            command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--", *command]
        if host:
            command = ["ip", "netns", "exec", host.namespace, *command]
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
        with open(log, "ab") as output:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, cwd="/", env=environment
            )
        self._file(name).write_text(json.dumps({"pid": process.pid, "started": start_time(process.pid)}))

    def known(self):
        return sorted(path.stem for path in self.folder.glob("*.json"))

    def is_running(self, name):
        return self._process(name) is not None

    def stop(self, name, number=signal.SIGTERM, patience=10):
        process = self._process(name)
        if process:
            end([process], number, patience)
        self._file(name).unlink(missing_ok=True)

    def stop_all(self, names, number=signal.SIGTERM, patience=10):
        end([process for process in map(self._process, names) if process], number, patience)
        for name in names:
            self._file(name).unlink(missing_ok=True)

    def _file(self, name):
        return self.folder / f"{name}.json"

    def _process(self, name):
        try:
            entry = json.loads(self._file(name).read_text())
        except (OSError, ValueError):
            return None
        alive = entry["started"] is not None and start_time(entry["pid"]) == entry["started"]
        return (entry["pid"], entry["started"]) if alive else None
