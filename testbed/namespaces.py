"""Network namespaces: hosts and cables on one machine; and one around a whole program, so that several can run side by side."""

import os
import sys

from .commands import Command, program, run
from .errors import CannotRun, TestbedError

#: Where `ip` keeps names of namespaces.
NAMES = "/run/netns"
_INSIDE = "PGWAL_TESTBED_INSIDE"


def inside(namespace: str | None, command: Command) -> list[str]:
    """The command within a namespace; without one, as it is."""
    words = [str(word) for word in command]
    return words if namespace is None else [program("ip"), "netns", "exec", namespace, *words]


def is_own_network() -> bool:
    """Whether this program runs in a network of its own already."""
    return os.environ.get(_INSIDE) == str(os.getpid())


def own_network() -> None:
    """Runs this program again in a network of its own, with names of namespaces and mounts of its own. Returns in that.

    Its process id stays. Nothing outside is touched: no port, no address, no name.
    """
    if not is_own_network():
        if os.geteuid() != 0:
            raise CannotRun("a network namespace of its own needs root")
        os.environ[_INSIDE] = str(os.getpid())
        unshare = [program("unshare"), "--net", "--mount", sys.executable, "-B", *sys.argv]
        sys.stdout.flush()
        os.execv(unshare[0], unshare)
    run(["ip", "link", "set", "lo", "up"])
    os.makedirs(NAMES, exist_ok=True)
    run(["mount", "-t", "tmpfs", "testbed", NAMES])


def can_unshare() -> bool:
    """Whether this machine allows a network namespace and mounts of one's own."""
    try:
        run([program("unshare"), "--net", "--mount", "true"])
    except (CannotRun, TestbedError):
        return False
    return os.geteuid() == 0


def require_namespaces(prefix: str) -> None:
    """Tries out all that a network of namespaces needs."""
    name = f"{prefix}test"
    try:
        run(["ip", "netns", "add", name])
        try:
            run(["ip", "-n", name, "link", "add", "testbed-a", "type", "veth", "peer", "name", "testbed-b"])
            run(["ip", "-n", name, "link", "add", "testbed-c", "type", "bridge"])
        finally:
            run(["ip", "netns", "delete", name], check=False)
    except TestbedError as error:
        raise CannotRun(f"this machine does not allow network namespaces, veth pairs and bridges: {error}") from None


class Namespace:
    """A network namespace with a name: a host, or a place for bridges."""

    def __init__(self, name: str) -> None:
        self.name = name

    def create(self) -> None:
        run(["ip", "netns", "add", self.name])
        self.ip("link", "set", "lo", "up")

    def ip(self, *words: str) -> str:
        return run(["ip", "-n", self.name, *words])

    def bridge(self, name: str) -> None:
        self.ip("link", "add", name, "type", "bridge")
        self.ip("link", "set", name, "up")

    def cable(self, bridge: str, port: str, far: str, namespace: str) -> None:
        """A cable from a port of a bridge in here to a new interface `far` of another namespace: its name, or a process in it."""
        self.ip("link", "add", port, "type", "veth", "peer", "name", far, "netns", namespace)
        self.ip("link", "set", port, "master", bridge, "up")

    def addresses(self, interface: str) -> list[str]:
        lines = self.ip("-o", "-4", "address", "show", "dev", interface).splitlines()
        return [line.split()[3].split("/")[0] for line in lines]

    def is_up(self, interface: str) -> bool:
        return "state UP" in self.ip("-o", "link", "show", "dev", interface)

    def pids(self) -> list[int]:
        return [int(pid) for pid in run(["ip", "netns", "pids", self.name], check=False).split()]

    def delete(self) -> None:
        run(["ip", "netns", "delete", self.name], check=False)


def named(prefix: str) -> list[Namespace]:
    """The namespaces whose names begin so."""
    names = [line.split()[0] for line in run(["ip", "netns", "list"]).splitlines() if line.strip()]
    return [Namespace(name) for name in names if name.startswith(prefix)]
