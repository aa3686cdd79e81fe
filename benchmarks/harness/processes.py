"""Starting, measuring and ending processes. Linux only: all figures are from /proc."""

import os
import random
import signal
import socket
import subprocess
import time
from contextlib import suppress

TICK = 1e3 / os.sysconf("SC_CLK_TCK")  # ms
used_ports = set()


def free_port():
    """A free port below those that the kernel gives to outgoing connections, so that it stays free."""
    for _ in range(200):
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if port not in used_ports:
                with suppress(OSError):
                    probe.bind(("0.0.0.0", port))
                    used_ports.add(port)
                    return port
    raise RuntimeError("no free port between 20000 and 32000")


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def children(pid):
    """The process ids of all descendants."""
    found = []
    for task in tasks(pid):
        for child in read(f"/proc/{pid}/task/{task}/children").split():
            found += [int(child), *children(int(child))]
    return found


def tasks(pid):
    try:
        return os.listdir(f"/proc/{pid}/task")
    except OSError:
        return []


def cpu_ms(pid):
    """CPU time of the living threads of one process."""
    return sum(int((read(f"/proc/{pid}/task/{task}/schedstat") or "0").split()[0]) for task in tasks(pid)) / 1e6


def tree_cpu_ms(pid):
    """CPU time of a process and its descendants, those that have ended (in ticks) included."""
    fields = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    ended = (int(fields[13]) + int(fields[14])) * TICK if fields else 0
    return ended + sum(cpu_ms(each) for each in (pid, *children(pid)))


def memory_mb(pid):
    """Resident memory now, at its peak, the part of it that is no file, and the proportional share."""
    status = dict(line.split(":", 1) for line in read(f"/proc/{pid}/status").splitlines())
    rollup = dict(line.split(":", 1) for line in read(f"/proc/{pid}/smaps_rollup").splitlines()[1:])

    def mb(table, key):
        return int(table.get(key, "0 kB").split()[0]) / 1024

    return {
        "rss": mb(status, "VmRSS"),
        "peak": mb(status, "VmHWM"),
        "anonymous": mb(status, "RssAnon"),
        "pss": mb(rollup, "Pss"),
    }


def sockets_to(pid, port):
    """How many TCP sockets a process has that lead to a port of this machine, whatever their state."""
    inodes = set()
    with suppress(OSError):
        for descriptor in os.listdir(f"/proc/{pid}/fd"):
            with suppress(OSError):
                inodes.add(os.readlink(f"/proc/{pid}/fd/{descriptor}"))
    count = 0
    for line in read("/proc/net/tcp").splitlines()[1:] + read("/proc/net/tcp6").splitlines()[1:]:
        fields = line.split()
        if int(fields[2].split(":")[1], 16) == port and f"socket:[{fields[9]}]" in inodes:
            count += 1
    return count


class Process:
    """A process of ours, ended at the latest with the `with` block, and with its log in a file."""

    def __init__(self, command, log, environment=None, stdin=subprocess.DEVNULL, stdout=None, ending=signal.SIGTERM):
        self.log, self.ending = log, ending
        with open(log, "ab") as output:
            self.popen = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=stdout or output,
                stderr=output,
                env={**os.environ, **(environment or {})},
                text=True,
            )
        self.pid = self.popen.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def running(self):
        return self.popen.poll() is None

    def family(self):
        return [self.pid, *children(self.pid)]

    def stop(self):
        if not self.running:
            return
        family = self.family()
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        for kind, patience in ((self.ending, 5), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            self.popen.send_signal(kind)
            with suppress(subprocess.TimeoutExpired):
                self.popen.wait(patience)
                return

    def complaint(self):
        return read(self.log)[-2000:].strip()


def wait_until(condition, seconds, what, pause=0.05):
    """Waits for a condition; an OSError in it means: not yet."""
    deadline = time.monotonic() + seconds
    while True:
        with suppress(OSError):
            if result := condition():
                return result
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(pause)
