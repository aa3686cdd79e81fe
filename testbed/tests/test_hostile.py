import subprocess
import sys
import unittest
from pathlib import Path

from testbed.postgres import Installation
from testbed.processes import Processes

SERVER = Path(__file__).resolve().parents[1] / "hostile" / "server.py"


class HostileServers(unittest.TestCase):
    def asked(self, *modes: str) -> subprocess.CompletedProcess[str]:
        """What psql gets from a server that was started by its path, from another folder."""
        with Processes() as processes:
            server = processes.start([sys.executable, "-B", SERVER, *modes], None, stdout=subprocess.PIPE)
            assert server.popen.stdout
            word, port = server.popen.stdout.readline().split()
            self.assertEqual(word, "port")
            return subprocess.run(
                [Installation.find().program("psql"), "-XAtc", "TABLE x", f"host=127.0.0.1 port={port} user=u password=secret dbname=d"],
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )

    def test_it_is_believed(self) -> None:
        for modes in [[], ["auth:scram"], ["hello:rows"]]:
            with self.subTest(modes):
                outcome = self.asked(*modes)
                self.assertEqual((outcome.stdout, outcome.stderr), ("1\n", ""))

    def test_it_misbehaves(self) -> None:
        for mode, words in {"1:error": "relation is missing", "startup:eof": "closed", "1:too-many": "field count"}.items():
            with self.subTest(mode):
                self.assertIn(words, self.asked(mode).stderr)
