"""Ports for servers on this machine."""

import contextlib
import random
import socket

#: Below those that the kernel gives to outgoing connections, so that one that is free stays free.
FIRST, LAST = 20000, 31999

#: Each port given is taken for UDP as long as this program lives: by that its other copies see that it is given.
_taken: dict[int, socket.socket] = {}


def free_port() -> int:
    """A TCP port that nothing uses, and that nobody else is given as long as this program lives."""
    for _ in range(500):
        port = random.randint(FIRST, LAST)
        if port in _taken:
            continue
        mark = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                mark.bind(("127.0.0.1", port))
                probe.bind(("0.0.0.0", port))
            except OSError:
                mark.close()
                continue
        _taken[port] = mark
        return port
    raise OSError(f"no free port between {FIRST} and {LAST}")


def is_open(port: int, address: str = "127.0.0.1") -> bool:
    """Whether something listens there."""
    with contextlib.suppress(OSError), socket.create_connection((address, port), timeout=1):
        return True
    return False
