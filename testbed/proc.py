"""What Linux tells of processes in /proc."""

import contextlib
import os
from pathlib import Path

TICK = 1e3 / os.sysconf("SC_CLK_TCK")  # ms


def read(path: str | Path) -> str:
    """A file's text; empty when it cannot be read, as of a process that has ended."""
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""


def start_time(pid: int) -> int | None:
    """When a process began, in ticks since boot; None when it is gone, or dead and only not yet collected."""
    fields = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return None if not fields or fields[0] in "ZX" else int(fields[19])


def tasks(pid: int) -> list[str]:
    try:
        return os.listdir(f"/proc/{pid}/task")
    except OSError:
        return []


def children(pid: int) -> list[int]:
    """The process ids of all descendants."""
    found: list[int] = []
    for task in tasks(pid):
        for child in read(f"/proc/{pid}/task/{task}/children").split():
            found += [int(child), *children(int(child))]
    return found


def cpu_ms(pid: int) -> float:
    """CPU time of the living threads of one process."""
    return sum(int((read(f"/proc/{pid}/task/{task}/schedstat") or "0").split()[0]) for task in tasks(pid)) / 1e6


def tree_cpu_ms(pid: int) -> float:
    """CPU time of a process and its descendants, those that have ended (in ticks) included."""
    fields = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    ended = (int(fields[13]) + int(fields[14])) * TICK if fields else 0
    return ended + sum(cpu_ms(each) for each in (pid, *children(pid)))


def memory_mb(pid: int) -> dict[str, float]:
    """Resident memory now, at its peak, the part of it that is no file, and the proportional share."""
    status = dict(line.split(":", 1) for line in read(f"/proc/{pid}/status").splitlines())
    rollup = dict(line.split(":", 1) for line in read(f"/proc/{pid}/smaps_rollup").splitlines()[1:])

    def mb(table: dict[str, str], key: str) -> float:
        return int(table.get(key, "0 kB").split()[0]) / 1024

    return {"rss": mb(status, "VmRSS"), "peak": mb(status, "VmHWM"), "anonymous": mb(status, "RssAnon"), "pss": mb(rollup, "Pss")}


def sockets_to(pid: int, port: int) -> int:
    """How many TCP sockets a process has that lead to a port of this machine, whatever their state."""
    inodes = set()
    with contextlib.suppress(OSError):
        for descriptor in os.listdir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                inodes.add(os.readlink(f"/proc/{pid}/fd/{descriptor}"))
    count = 0
    for line in read("/proc/net/tcp").splitlines()[1:] + read("/proc/net/tcp6").splitlines()[1:]:
        fields = line.split()
        if int(fields[2].split(":")[1], 16) == port and f"socket:[{fields[9]}]" in inodes:
            count += 1
    return count
