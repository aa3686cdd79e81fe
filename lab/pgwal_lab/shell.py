"""Commands, time limits and waiting."""

import contextlib
import signal
import subprocess
import time


class LabError(Exception):
    """Something of the lab did not work; the text is for the user."""


class TimeUp(Exception):
    """A limit is over. No LabError, which what waits and tries again would take for a failed try."""


class CannotRun(Exception):
    """This machine cannot run the lab at all; the text says why."""


def run(command, timeout=20, check=True, **options):
    """Runs a command to its end and returns its standard output."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, **options)
    except subprocess.TimeoutExpired:
        raise LabError(f"took longer than {timeout} s: {' '.join(command)}") from None
    if check and done.returncode != 0:
        raise LabError(f"exit status {done.returncode}: {' '.join(command)}\n{(done.stderr or done.stdout).strip()}")
    return done.stdout


def wait_until(condition, seconds, what, every=0.25):
    """Calls `condition` until it returns something true, and returns that. Errors of the lab count as not yet."""
    end = time.monotonic() + seconds
    last_error = None
    while True:
        try:
            value = condition()
            if value:
                return value
        except (LabError, OSError) as error:
            last_error = error
        if time.monotonic() > end:
            raise LabError(f"not within {seconds} s: {what}" + (f" ({last_error})" if last_error else ""))
        time.sleep(every)


@contextlib.contextmanager
def limited(seconds, what):
    """Interrupts the block with TimeUp when it takes longer."""

    def over(*_):
        raise TimeUp(f"given up after {seconds} s: {what}")

    previous = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
