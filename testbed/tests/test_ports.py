import os
import socket
import subprocess
import sys
import unittest
from pathlib import Path

from testbed import ports

ROOT = Path(__file__).resolve().parents[2]


class Ports(unittest.TestCase):
    def test_none_is_given_twice(self) -> None:
        given = [ports.free_port() for _ in range(50)]
        self.assertEqual(len(set(given)), 50)

    def test_one_in_use_is_not_given(self) -> None:
        port = ports.free_port()
        ports._taken.pop(port).close()
        with socket.create_server(("127.0.0.1", port)):
            self.assertTrue(ports.is_open(port))
            self.assertEqual(self._chosen_here(port), "none")
        self.assertFalse(ports.is_open(port))
        self.assertEqual(self._chosen_here(port), str(port))

    def test_one_given_here_is_not_given_by_another_program(self) -> None:
        # Nothing listens there yet.
        self.assertEqual(self._chosen_here(ports.free_port()), "none")

    def _chosen_here(self, port: int) -> str:
        """What another program is given that has only this port to choose from."""
        program = (
            f"from testbed import ports\nports.FIRST = ports.LAST = {port}\ntry: print(ports.free_port())\nexcept OSError: print('none')"
        )
        done = subprocess.run(
            [sys.executable, "-B", "-c", program], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()
