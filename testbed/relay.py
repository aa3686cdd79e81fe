"""A TCP relay, the one between any client and any server here: it counts, delays, cuts, leads elsewhere, or swallows all.

As a thread of this program (`Relay`), or, where this program's own work must not disturb it, as one of its own:

    python3 -m testbed.relay LISTEN_ADDRESS:PORT SERVER_ADDRESS:PORT DELAY_MS

which says "ready", and answers each line of its standard input by a line of JSON with its counts. It ends with that input.
"""

import contextlib
import heapq
import json
import os
import selectors
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Self

Address = tuple[str, int]

#: Nothing more is read for a side that does not take what it has, beyond so many bytes.
MOST_WAITING = 1 << 20
_PIECE = 1 << 18


@dataclass(eq=False)
class _Side:
    """One end of a relayed connection."""

    connection: socket.socket
    towards_server: bool
    other: "_Side | None" = None
    #: Kept at the client's side: who of the two spoke last.
    turn: "_Side | None" = None
    #: What this end is still to be sent.
    unsent: bytearray = field(default_factory=bytearray)
    #: Bytes that are on their way to this end.
    under_way: int = 0
    connecting: bool = False
    #: Nothing more comes from here, and nothing more is to be sent there.
    read_ended: bool = False
    write_ended: bool = False
    closed: bool = False


class Relay:
    """Use as a context. All that changes it can be called from any thread, and holds when it returns."""

    def __init__(self, server: Address, listen: Address = ("127.0.0.1", 0), delay: float = 0) -> None:
        self._server, self._delay = server, delay
        self._hole = False
        self._listener = socket.create_server(listen, backlog=1000)
        self._listener.setblocking(False)
        self.address: str = self._listener.getsockname()[0]
        self.port: int = self._listener.getsockname()[1]
        self._selector = selectors.DefaultSelector()
        self._sides: set[_Side] = set()
        # When, in which order, to whom, what; empty is the end.
        self._due: list[tuple[float, int, _Side, bytes]] = []
        self._sequence = 0
        self._connections = self._round_trips = self._to_server = self._to_client = 0
        self._lock = threading.RLock()
        self._wake_read, self._wake_write = os.pipe()
        self._over = False
        self._selector.register(self._listener, selectors.EVENT_READ, None)
        self._selector.register(self._wake_read, selectors.EVENT_READ, None)
        self._thread = threading.Thread(target=self._run, daemon=True, name="relay")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self._thread.start()

    # What may be asked and changed

    def counts(self) -> dict[str, int]:
        """Connections accepted so far; round trips, of which each is a change of direction towards the server; bytes passed on."""
        with self._lock:
            return {
                "connections": self._connections,
                "round_trips": self._round_trips,
                "bytes_to_server": self._to_server,
                "bytes_to_client": self._to_client,
            }

    def cut(self) -> None:
        """Ends all connections there are; new ones are welcome."""
        with self._lock:
            for side in list(self._sides):
                self._drop(side)

    def move(self, server: Address) -> None:
        """New connections lead there; those that are open are lost, as with a virtual address that moves."""
        with self._lock:
            self._server = server
            self.cut()

    def delay(self, seconds: float) -> None:
        """Each direction takes so long from now on."""
        with self._lock:
            self._delay = seconds

    def black_hole(self, swallows: bool) -> None:
        """Connections stay and are accepted, but what is sent gets lost without a word, as behind a broken cable, and stays lost."""
        with self._lock:
            self._hole = swallows

    def stop(self) -> None:
        with self._lock:
            if self._over:
                return
            self._over = True
            self._wake()
        if self._thread.is_alive():
            self._thread.join(10)
        with self._lock:
            self.cut()
            self._listener.close()
            self._selector.close()
            os.close(self._wake_read)
            os.close(self._wake_write)

    # The thread

    def _wake(self) -> None:
        os.write(self._wake_write, b"x")

    def _run(self) -> None:
        while True:
            with self._lock:
                if self._over:
                    return
                wait = max(0.0, self._due[0][0] - time.monotonic()) if self._due else 1.0
            ready = self._selector.select(min(wait, 1.0))
            with self._lock:
                for key, events in ready:
                    side: _Side | None = key.data
                    if side is None:
                        if key.fileobj is self._listener:
                            self._accept()
                        else:
                            os.read(self._wake_read, 4096)
                    elif not side.closed:
                        if events & selectors.EVENT_WRITE:
                            self._writable(side)
                        if events & selectors.EVENT_READ and not side.closed:
                            self._readable(side)
                self._deliver()

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        self._connections += 1
        client, server = _Side(connection, True), _Side(socket.socket(socket.AF_INET, socket.SOCK_STREAM), False, connecting=True)
        client.other, server.other = server, client
        for side in (client, server):
            side.connection.setblocking(False)
            side.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sides.add(side)
        with contextlib.suppress(BlockingIOError):
            try:
                server.connection.connect(self._server)
            except BlockingIOError:
                pass
            except OSError:
                self._drop(client)
                return
        self._watch(client)
        self._watch(server)

    def _watch(self, side: _Side) -> None:
        """Has the selector tell what can now be done with this side."""
        if side.closed:
            return
        other = side.other
        events = selectors.EVENT_WRITE if side.connecting or side.unsent else 0
        full = other is not None and len(other.unsent) + other.under_way > MOST_WAITING
        if not side.read_ended and not side.connecting and not full:
            events |= selectors.EVENT_READ
        known = side.connection in self._selector.get_map()
        if not events and known:
            self._selector.unregister(side.connection)
        elif events and known:
            self._selector.modify(side.connection, events, side)
        elif events:
            self._selector.register(side.connection, events, side)

    def _writable(self, side: _Side) -> None:
        if side.connecting:
            if side.connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                self._drop(side)
                return
            side.connecting = False
        self._send(side)

    def _send(self, side: _Side) -> None:
        try:
            if side.unsent and not side.connecting:
                sent = side.connection.send(side.unsent)
                del side.unsent[:sent]
            if side.write_ended and not side.unsent and not side.connecting:
                side.connection.shutdown(socket.SHUT_WR)
                if side.read_ended:
                    self._drop(side)
                    return
        except BlockingIOError:
            pass
        except OSError:
            self._drop(side)
            return
        self._watch(side)
        if side.other:
            self._watch(side.other)

    def _readable(self, side: _Side) -> None:
        try:
            data = side.connection.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        other = side.other
        if other is None:
            return
        side.read_ended = not data
        if self._hole:
            # The end gets lost as well.
            self._watch(side)
            return
        if not data:
            pass
        elif side.towards_server:
            if side.turn is not side:
                self._round_trips += 1
            side.turn = side
            self._to_server += len(data)
        else:
            other.turn = side
            self._to_client += len(data)
        other.under_way += len(data)
        self._sequence += 1
        heapq.heappush(self._due, (time.monotonic() + self._delay, self._sequence, other, data))
        self._watch(side)

    def _deliver(self) -> None:
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            _, _, side, data = heapq.heappop(self._due)
            if side.closed:
                continue
            side.under_way -= len(data)
            side.unsent += data
            side.write_ended = side.write_ended or not data
            self._send(side)

    def _drop(self, side: _Side) -> None:
        for each in (side, side.other):
            if each is not None and not each.closed:
                each.closed = True
                self._sides.discard(each)
                with contextlib.suppress(KeyError, ValueError):
                    self._selector.unregister(each.connection)
                each.connection.close()


def _address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    return host, int(port)


def main() -> None:
    with Relay(_address(sys.argv[2]), _address(sys.argv[1]), float(sys.argv[3]) / 1000) as relay:
        print("ready", flush=True)
        for _ in sys.stdin:
            print(json.dumps(relay.counts()), flush=True)


if __name__ == "__main__":
    main()
