import threading
import time
import unittest

from testbed.errors import Hopeless, TestbedError, TimeUp
from testbed.slowness import MOST, OwnClock, probe
from testbed.waiting import Deadline, limited, together, wait_until


class Waiting(unittest.TestCase):
    def test_returns_what_the_condition_returned(self) -> None:
        answers = iter([None, None, "there"])
        self.assertEqual(wait_until("it is there", lambda: next(answers), 5, every=0.001), "there")

    def test_tells_what_was_waited_for_and_the_last_error(self) -> None:
        def fails() -> bool:
            raise OSError("no route")

        with self.assertRaisesRegex(TestbedError, r"not within 0\.05 s: it answers \(no route\)"):
            wait_until("it answers", fails, 0.05, every=0.001)

    def test_what_is_hopeless_is_not_waited_for(self) -> None:
        calls = []

        def ended() -> bool:
            calls.append(1)
            raise Hopeless("it has ended")

        with self.assertRaisesRegex(Hopeless, "it has ended"):
            wait_until("it answers", ended, 60)
        self.assertEqual(len(calls), 1)

    def test_a_limit_interrupts(self) -> None:
        begin = time.monotonic()
        with self.assertRaises(TimeUp), limited("a sleep", 0.1):
            time.sleep(30)
        self.assertLess(time.monotonic() - begin, 20)

    def test_what_runs_together_does(self) -> None:
        both = threading.Barrier(2)
        self.assertEqual(sorted(together([lambda: both.wait(20), lambda: both.wait(20)])), [0, 1])

    def test_an_error_of_what_runs_together_is_raised(self) -> None:
        with self.assertRaises(ZeroDivisionError):
            together([lambda: 1 / 0, lambda: 1.0])


class Slow(unittest.TestCase):
    """A clock whose wall is moved by hand, and which is told how slow the machine is."""

    def setUp(self) -> None:
        self.wall = 100.0
        self.clock = OwnClock(lambda: self.wall, probing=False)

    def test_a_busy_machine_gets_more_time(self) -> None:
        self.clock.note(4.0)
        deadline = Deadline(10, self.clock)
        self.wall += 20
        self.assertAlmostEqual(deadline.left, 5)
        self.wall += 20
        self.assertTrue(deadline.over)

    def test_an_idle_one_does_not(self) -> None:
        self.clock.note(1.0)
        deadline = Deadline(10, self.clock)
        self.wall += 10
        self.assertTrue(deadline.over)

    def test_the_clock_never_goes_back(self) -> None:
        self.wall += 10
        # What has been shown stays so, though the next probe tells of a slower machine.
        self.assertAlmostEqual(self.clock.now(), 10)
        self.clock.note(5.0)
        self.assertAlmostEqual(self.clock.now(), 10)
        self.wall += 10
        self.assertAlmostEqual(self.clock.now(), 12)

    def test_a_machine_that_was_slow_is_allowed_for_until_it_is_known_to_be_quick(self) -> None:
        self.clock.note(5.0)
        self.wall += 10
        self.assertAlmostEqual(self.clock.now(), 2)
        self.clock.note(1.0)
        self.assertAlmostEqual(self.clock.now(), 10)

    def test_a_stretch_of_time_has_its_average(self) -> None:
        self.clock.note(2.0)
        deadline = Deadline(100, self.clock)
        self.wall += 30
        self.assertAlmostEqual(100 - deadline.left, 15)

    def test_the_probe_tells_something_sensible(self) -> None:
        self.assertTrue(1 <= probe() <= MOST)
