"""The one way to wait: for a condition, with a limit."""

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TypeVar

from .errors import Hopeless, TestbedError, TimeUp
from .slowness import CLOCK, OwnClock

Value = TypeVar("Value")


class Deadline:
    """So many seconds from now, of a machine of one's own (see slowness.py)."""

    def __init__(self, seconds: float, clock: OwnClock = CLOCK) -> None:
        self.seconds = seconds
        self._clock = clock
        self._began = clock.now()

    @property
    def left(self) -> float:
        """Never below 0. By the wall it may take longer."""
        return max(0.0, self._began + self.seconds - self._clock.now())

    @property
    def over(self) -> bool:
        return self.left == 0


def wait_until(what: str, condition: Callable[[], Value | None], seconds: float = 60, every: float = 0.3) -> Value:
    """Calls the condition until it returns something true, and returns that. `what` completes "not within 60 s: ".

    At first again and again, then every so many seconds: asking costs something too.

    An error of the test bed or of the system counts as not yet, and is told at the end; a Hopeless one ends the waiting.
    """
    deadline = Deadline(seconds)
    last: Exception | None = None
    pause = min(every, 0.02)
    while True:
        # Looked at before the last try: what came true meanwhile is not missed.
        over = deadline.over
        try:
            value = condition()
            if value:
                return value
        except Hopeless:
            raise
        except (TestbedError, OSError) as error:
            last = error
        if over:
            raise TestbedError(f"not within {seconds:g} s: {what}" + (f" ({last})" if last else ""))
        time.sleep(pause)
        pause = min(every, pause * 1.5)


@contextlib.contextmanager
def limited(what: str, seconds: float) -> Iterator[None]:
    """Interrupts the block with TimeUp when it takes longer. For the main thread alone."""
    deadline = Deadline(seconds)

    def look(*_: object) -> None:
        if deadline.over:
            raise TimeUp(f"given up after {seconds:g} s: {what}")

    previous = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, min(1.0, seconds), min(1.0, seconds))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """What asks this program to end is Ctrl-C: the block's own tidying follows. Once only, so that nothing disturbs that."""
    kinds = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(*_: FrameType | int | None) -> None:
        for kind in kinds:
            signal.signal(kind, signal.SIG_IGN)
        raise KeyboardInterrupt

    previous = {kind: signal.signal(kind, stop) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in previous.items():
            signal.signal(kind, handler)


def together(functions: list[Callable[[], Value]]) -> list[Value]:
    """The results of functions that run at the same time, or the first error. Does not outlast an interruption, as an executor would."""
    values: dict[int, Value] = {}
    errors: list[Exception] = []

    def call(index: int, function: Callable[[], Value]) -> None:
        try:
            values[index] = function()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=call, args=each, daemon=True) for each in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [values[index] for index in range(len(functions))]
