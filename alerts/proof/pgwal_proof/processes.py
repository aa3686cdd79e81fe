"""Processes and files of the proof: all are gone when it ends."""

import os
import pwd
import shutil
import signal
import subprocess
import threading
import time


class ProofError(Exception):
    """Something of the proof itself does not work, such as a server that does not start."""


class Processes:
    """What was started, each to be ended by its process id."""

    def __init__(self, user):
        self._user = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
        self._running = {}
        self._ended = False
        self._lock = threading.Lock()

    def start(self, command, log=None, ended_by=signal.SIGTERM, **options):
        """Starts a program as the user of the proof, in a session of its own: Ctrl-C is for the proof alone."""
        output = open(log, "ab") if log else subprocess.DEVNULL
        try:
            options = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": subprocess.STDOUT, "cwd": "/"} | options
            with self._lock:
                if self._ended:
                    raise ProofError("the proof ends")
                process = subprocess.Popen([str(part) for part in command], start_new_session=True, **self._user, **options)
                self._running[process] = ended_by
        finally:
            if log:
                output.close()
        return process

    def run(self, command, timeout=60, **options):
        """The output of a program that ends by itself."""
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            cwd="/",
            **self._user,
            **options,
        )
        if done.returncode:
            raise ProofError(f"{' '.join(str(part) for part in command)}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout.strip()

    def stop(self, process, with_signal=signal.SIGTERM, timeout=20):
        if process.poll() is None:
            process.send_signal(with_signal)
            try:
                process.wait(timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        with self._lock:
            self._running.pop(process, None)

    def stop_all(self):
        """The latest first."""
        with self._lock:
            self._ended = True
            running = list(self._running.items())[::-1]
        for process, ended_by in running:
            if process.poll() is None:
                process.send_signal(ended_by)
        for process, ended_by in running:
            self.stop(process, ended_by, timeout=5)


def wait_until(what, condition, timeout=60, pause=0.2):
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            raise ProofError(f"waited {timeout:.0f} s in vain: {what}")
        time.sleep(pause)


def together(functions):
    """The results of functions that run at the same time. Does not outlast an interruption, as an executor would."""
    outcomes = [None] * len(functions)

    def call(index, function):
        try:
            outcomes[index] = (function(), None)
        except Exception as error:  # noqa: BLE001
            outcomes[index] = (None, error)

    threads = [threading.Thread(target=call, args=each, daemon=True) for each in enumerate(functions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for _, error in outcomes:
        if error:
            raise error
    return [result for result, _ in outcomes]


def program(*names):
    """The path of the first program that there is."""
    for name in names:
        path = name if os.path.isabs(name) and os.access(name, os.X_OK) else shutil.which(name)
        if path:
            return path
    raise ProofError(f"{' or '.join(names)} is not installed; scripts/install-debian-packages test installs it")
