import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest
from pathlib import Path

from testbed.errors import TestbedError
from testbed.proc import start_time
from testbed.processes import Daemons, Processes, end
from testbed.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]

#: A program with a child that does not end by itself, and that leaves its number in a file.
PARENT = ["bash", "-c", 'sleep 300 & echo $! >"$0.new"; mv "$0.new" "$0"; wait']
DEAF = ["bash", "-c", "trap '' TERM; touch \"$0\"; while :; do sleep 0.05; done"]


class WithFolder(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.file = self.folder / "pid"

    def child(self) -> int:
        wait_until("the child runs", self.file.exists, 30)
        return int(self.file.read_text())

    def assert_ends(self, pid: int) -> None:
        wait_until("the child has ended", lambda: start_time(pid) is None, 10)


class OfABlock(WithFolder):
    def test_children_end_with_the_block(self) -> None:
        with Processes() as processes:
            process = processes.start([*PARENT, self.file], None)
            child = self.child()
            self.assertTrue(process.running)
        self.assertFalse(process.running)
        self.assert_ends(child)

    def test_they_end_on_failure_too(self) -> None:
        with self.assertRaises(ZeroDivisionError), Processes() as processes:
            processes.start([*PARENT, self.file], None)
            child = self.child()
            raise ZeroDivisionError
        self.assert_ends(child)

    def test_nothing_starts_after_the_end(self) -> None:
        with Processes() as processes:
            pass
        with self.assertRaises(TestbedError):
            processes.start(["true"], None)

    def test_one_that_does_not_listen_is_killed(self) -> None:
        with Processes() as processes:
            process = processes.start([*DEAF, self.file], None)
            wait_until("it is deaf", self.file.exists, 30)
            process.stop(patience=0.2)
            self.assertFalse(process.running)

    def test_the_group_of_one_that_has_died_ends(self) -> None:
        with Processes() as processes:
            process = processes.start([*PARENT, self.file], None)
            child = self.child()
            process.signal(signal.SIGKILL)
            wait_until("it has died", lambda: not process.running, 10)
            self.assertIsNotNone(start_time(child))
            process.stop()
            self.assert_ends(child)

    def test_its_log_is_told(self) -> None:
        with Processes() as processes:
            process = processes.start(["bash", "-c", "echo out; echo err >&2"], self.folder / "log")
            wait_until("it has ended", lambda: not process.running, 10)
            self.assertEqual(process.complaint(), "out\nerr")

    def test_a_program_that_is_interrupted_leaves_nothing(self) -> None:
        program = textwrap.dedent("""\
            import sys, time
            from pathlib import Path
            from testbed.processes import Processes
            from testbed.waiting import interruptible
            with interruptible(), Processes() as processes:
                processes.start([*sys.argv[1:]], None)
                time.sleep(300)
            """)
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                self.file.unlink(missing_ok=True)
                ours = subprocess.Popen(
                    [sys.executable, "-B", "-c", program, *PARENT, self.file],
                    env={**os.environ, "PYTHONPATH": str(ROOT)},
                    stderr=subprocess.DEVNULL,
                )
                child = self.child()
                ours.send_signal(number)
                ours.wait(30)
                self.assert_ends(child)


class ThatOutlive(WithFolder):
    def test_another_program_can_end_them(self) -> None:
        daemons = Daemons(self.folder)
        daemons.start(["sleep", "300"], None, name="sleeper")
        self.addCleanup(daemons.stop, ["sleeper"], signal.SIGKILL)
        other = Daemons(self.folder)
        self.assertEqual(other.known(), ["sleeper"])
        self.assertTrue(other.is_running("sleeper"))
        other.stop_named("sleeper")
        self.assertFalse(daemons.is_running("sleeper"))
        self.assertEqual(other.known(), [])

    def test_a_number_used_again_is_not_signalled(self) -> None:
        other = subprocess.Popen(["sleep", "300"])
        self.addCleanup(other.wait)
        self.addCleanup(other.kill)
        started = start_time(other.pid)
        assert started is not None
        end([(other.pid, started - 1)], signal.SIGKILL)
        time.sleep(0.05)
        self.assertIsNone(other.poll())
