import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

from . import programs

lanes = programs.load("lanes")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([programs.SCRIPTS / "lanes", *arguments], capture_output=True, text=True, timeout=60, check=False)


class LaneTests(unittest.TestCase):
    def test_parts(self) -> None:
        a, b = lanes.parts(["a: x: y", "b after a alone in c: z"])
        self.assertEqual((a.name, a.after, a.lane, a.command), ("a", [], None, "x: y"))
        self.assertEqual((b.name, b.after, b.lane, b.command), ("b", ["a"], "c", "z"))
        for texts in [["a"], ["a: "], ["a after b: x", "b: x"], ["a: x", "a: y"]]:
            with self.assertRaises(ValueError, msg=str(texts)):
                lanes.parts(texts)

    def test_what_can_begin(self) -> None:
        parts = lanes.parts(["a alone in x: .", "b alone in x: .", "c: .", "d after a: ."])
        self.assertEqual([part.name for part in lanes.ready(parts, False)], ["a", "c"])
        self.assertEqual([part.name for part in lanes.ready(parts, True)], ["a"])
        parts[0].state = "running"
        self.assertEqual([part.name for part in lanes.ready(parts, False)], ["c"])
        self.assertEqual(lanes.ready(parts, True), [])
        parts[0].state = "passed"
        self.assertEqual([part.name for part in lanes.ready(parts, False)], ["b", "c", "d"])

    def test_what_follows_a_failure_is_left_out_and_the_rest_goes_on(self) -> None:
        outcome = run("a: echo bad; exit 3", "b after a: echo never", "c after b: echo never", "d: printf good")
        self.assertEqual(outcome.returncode, 1)
        self.assertNotIn("| never", outcome.stdout)
        self.assertIn("d | good\n", outcome.stdout)
        rows = outcome.stdout.split("\n\n")[-1].splitlines()
        states = [line.split()[-2:] for line in rows[:4]]
        self.assertEqual([state[-1] for state in states], ["failed", "out", "out", "passed"])
        self.assertIn("== the end of a, which failed:\n$ echo bad; exit 3\nbad\n", outcome.stdout)

    def test_what_failed_is_told_last(self) -> None:
        outcome = run("a: echo '✘ Test x recorded an issue'; seq 100; exit 1", "b: echo 'error: in what passed'")
        self.assertEqual(outcome.stdout.splitlines()[-2:], ["== what failed in a:", "✘ Test x recorded an issue"])

    def test_side_by_side(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            # Each waits for the other's file.
            meet = "touch {0}/{1}; for i in $(seq 200); do [ -e {0}/{2} ] && exit 0; sleep 0.05; done; exit 1"
            both = ["a: " + meet.format(folder, "a", "b"), "b: " + meet.format(folder, "b", "a")]
            self.assertEqual(run(*both).returncode, 0)

    def test_logs(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(run("--logs", folder + "/logs", "a: echo one; echo two >&2").returncode, 0)
            self.assertEqual((pathlib.Path(folder) / "logs" / "a.log").read_text(), "one\ntwo\n")

    def test_what_a_part_leaves_behind_is_not_waited_for(self) -> None:
        outcome = run("a: (trap '' HUP; exec sleep 5) & echo $!")
        self.assertEqual(outcome.returncode, 0)
        self.assertNotIn("0.1 min", outcome.stdout.splitlines()[-1])

    def test_an_interruption_reaches_the_parts(self) -> None:
        with subprocess.Popen(
            [programs.SCRIPTS / "lanes", "a: trap 'echo ended; exit 1' INT; echo begun; while :; do sleep 0.1; done"],
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout
            while "begun" not in process.stdout.readline().split("|")[-1].split():
                pass
            begin = time.monotonic()
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(20), 130)
            self.assertLess(time.monotonic() - begin, 15)
