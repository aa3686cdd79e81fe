import os
import subprocess
import sys
import unittest
from pathlib import Path

from testbed.folders import temporary
from testbed.namespaces import can_unshare

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """\
import os, sys
from testbed.folders import temporary
from testbed.namespaces import Namespace, named, own_network
from testbed.commands import run
own_network()
names = [each.name for each in named("testbed-")]
host = Namespace("testbed-host")
host.create()
place = Namespace("testbed-place")
place.create()
place.bridge("bridge")
place.cable("bridge", "port0", "eth0", "testbed-host")
host.ip("address", "add", "10.99.0.1/24", "dev", "eth0")
host.ip("link", "set", "eth0", "up")
print(names, host.addresses("eth0"), os.getpid(), len(named("testbed-")))
"""


@unittest.skipUnless(can_unshare(), "this machine allows no network namespaces")
class OwnNetwork(unittest.TestCase):
    def test_two_at_once_use_the_same_names(self) -> None:
        file = self.enterContext(temporary("testbed-")) / "program.py"
        file.write_text(PROGRAM)
        before = _names()
        running = [
            subprocess.Popen([sys.executable, "-B", file], env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        for each in running:
            said, _ = each.communicate(timeout=60)
            # The process is the one that was started.
            self.assertEqual(said, f"[] ['10.99.0.1'] {each.pid} 2\n")
        self.assertEqual(_names(), before)


def _names() -> str:
    return subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True).stdout
