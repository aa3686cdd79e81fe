"""How slow this machine is at the moment, and a clock that allows for it.

A machine whose cores are shared is late for its own reasons. A limit in seconds of the wall says then how busy the machine was, and not
what the servers did. So limits are counted in seconds of a machine of one's own: a thread asks for a few milliseconds of CPU twice a
second, and sees how long it had to wait for them. Where that is four times as long, a second of the wall counts for a quarter.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path

#: The waiting for a core, in nanoseconds, of the thread that reads it; beside the time that it had one.
SCHEDSTAT = Path("/proc/thread-self/schedstat")
#: CPU seconds of a probe: less is given to whoever has slept, at once, also on a machine that is full.
PROBE = 0.005
EVERY = 0.5
#: No limit becomes longer than that many times itself.
MOST = 6.0


def _ran_and_waited() -> tuple[int, int]:
    ran, waited, *_ = SCHEDSTAT.read_text().split()
    return int(ran), int(waited)


def probe() -> float:
    """How many times longer than on a machine of one's own this thread has just had to work."""
    try:
        ran, waited = _ran_and_waited()
        end = time.thread_time() + PROBE
        while time.thread_time() < end:
            pass
        ran_then, waited_then = _ran_and_waited()
    except (OSError, ValueError):
        # Where nothing tells, nothing is allowed for.
        return 1.0
    return min(MOST, 1 + (waited_then - waited) / max(1, ran_then - ran))


class OwnClock:
    """Seconds of a machine of one's own: never faster than the wall's, slower while the machine is busy with other things."""

    def __init__(self, wall: Callable[[], float] = time.monotonic, probing: bool = True) -> None:
        self._lock = threading.Lock()
        self._read_wall = wall
        self._passed = 0.0
        self._wall = wall()
        self._slowness = 1.0
        self._probing = probing
        self._thread: threading.Thread | None = None

    def now(self) -> float:
        with self._lock:
            if self._probing and self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="slowness")
                self._thread.start()
            return self._passed + (self._read_wall() - self._wall) / self._slowness

    @property
    def slowness(self) -> float:
        """By the last probe: 1 is a machine of one's own."""
        return self._slowness

    def note(self, slowness: float) -> None:
        """What a probe has just told: it holds for the time since the one before, too."""
        with self._lock:
            wall = self._read_wall()
            # What was shown meanwhile, by the probe before, is not taken back.
            self._passed += (wall - self._wall) / min(slowness, self._slowness)
            self._wall, self._slowness = wall, slowness

    def _run(self) -> None:
        while True:
            self.note(probe())
            time.sleep(EVERY)


CLOCK = OwnClock()


class Slowness:
    """How slow the machine was in a stretch of time, on the average."""

    def __init__(self, clock: OwnClock = CLOCK) -> None:
        self._clock = clock
        self._wall, self._own = time.monotonic(), clock.now()

    @property
    def factor(self) -> float:
        own = self._clock.now() - self._own
        return max(1.0, (time.monotonic() - self._wall) / own) if own > 0 else 1.0
