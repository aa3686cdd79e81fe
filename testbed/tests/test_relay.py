import socket
import threading
import time
import unittest
from collections.abc import Callable
from pathlib import Path

from testbed.ports import free_port
from testbed.processes import Processes
from testbed.relay import Relay
from testbed.relay_process import RelayProcess
from testbed.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]


class Echo:
    """Sends back what it gets, after a word of its own."""

    def __init__(self, word: bytes) -> None:
        self.word = word
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = ("127.0.0.1", int(self.listener.getsockname()[1]))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                while data := connection.recv(65536):
                    connection.sendall(self.word + data)
            except OSError:
                pass


class Relays(unittest.TestCase):
    def setUp(self) -> None:
        self.server = Echo(b"")
        self.addCleanup(self.server.listener.close)

    def client(self, relay: Relay) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", relay.port), timeout=20)
        self.addCleanup(connection.close)
        return connection

    def standing_still(self, relay: Relay) -> Callable[[], bool]:
        seen = [-1]

        def still() -> bool:
            time.sleep(0.2)
            seen.append(relay.counts()["bytes_to_server"])
            return seen[-1] == seen[-2] > 0

        return still

    def ask(self, connection: socket.socket, data: bytes = b"x") -> bytes:
        connection.sendall(data)
        return connection.recv(65536)

    def test_it_counts(self) -> None:
        with Relay(self.server.address) as relay:
            client = self.client(relay)
            for _ in range(3):
                self.assertEqual(self.ask(client), b"x")
            self.client(relay)
            wait_until("both are counted", lambda: relay.counts()["connections"] == 2, 10)
            self.assertEqual(relay.counts(), {"connections": 2, "round_trips": 3, "bytes_to_server": 3, "bytes_to_client": 3})

    def test_it_delays_each_direction(self) -> None:
        with Relay(self.server.address, delay=0.1) as relay:
            client = self.client(relay)
            begin = time.monotonic()
            self.ask(client)
            self.assertGreaterEqual(time.monotonic() - begin, 0.2)
            relay.delay(0)
            begin = time.monotonic()
            self.ask(client)
            self.assertLess(time.monotonic() - begin, 0.2 + 2)

    def test_it_cuts_and_lets_in_again(self) -> None:
        with Relay(self.server.address) as relay:
            client = self.client(relay)
            self.ask(client)
            relay.cut()
            with self.assertRaises(OSError):
                if client.recv(1) == b"":
                    raise ConnectionError
            self.assertEqual(self.ask(self.client(relay)), b"x")

    def test_it_moves(self) -> None:
        other = Echo(b"other ")
        self.addCleanup(other.listener.close)
        with Relay(self.server.address) as relay:
            client = self.client(relay)
            self.assertEqual(self.ask(client), b"x")
            relay.move(other.address)
            with self.assertRaises(OSError):
                if client.recv(1) == b"":
                    raise ConnectionError
            self.assertEqual(self.ask(self.client(relay)), b"other x")

    def test_a_black_hole_keeps_connections_and_says_nothing(self) -> None:
        with Relay(self.server.address) as relay:
            client = self.client(relay)
            self.assertEqual(self.ask(client), b"x")
            relay.black_hole(True)
            client.settimeout(0.2)
            with self.assertRaises(TimeoutError):
                self.ask(client)
            new = self.client(relay)
            new.settimeout(0.2)
            with self.assertRaises(TimeoutError):
                self.ask(new)
            relay.black_hole(False)
            client.settimeout(20)
            self.assertEqual(self.ask(client, b"y"), b"y")

    def test_what_is_large_arrives_whole_at_a_slow_reader(self) -> None:
        data = bytes(range(256)) * (200 << 10)
        with Relay(self.server.address) as relay:
            client = self.client(relay)
            threading.Thread(target=client.sendall, args=(data,), daemon=True).start()
            # It stands still when all that lies between is full, and that is not much.
            wait_until("it stands still", self.standing_still(relay), 30)
            self.assertLess(relay.counts()["bytes_to_client"], len(data) // 2)
            received = bytearray()
            while len(received) < len(data):
                received += client.recv(1 << 16)
            self.assertEqual(received, data)

    def test_half_a_connection_can_end(self) -> None:
        with Relay(self.server.address, delay=0.05) as relay:
            client = self.client(relay)
            client.sendall(b"last")
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(client.recv(100), b"last")
            self.assertEqual(client.recv(100), b"")

    def test_where_nothing_listens_the_client_hears_it(self) -> None:
        with Relay(("127.0.0.1", free_port())) as relay, self.assertRaises(OSError):
            if self.ask(self.client(relay)) == b"":
                raise ConnectionError

    def test_as_a_program_it_counts(self) -> None:
        with (
            Processes() as processes,
            RelayProcess(processes, self.server.address) as relay,
            socket.create_connection(("127.0.0.1", relay.port), timeout=20) as client,
        ):
            self.ask(client)
            self.assertEqual(relay.counts()["round_trips"], 1)
