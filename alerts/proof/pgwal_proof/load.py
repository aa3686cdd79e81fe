"""Writing to a server, or to its filesystem, at a steady rate."""

import os
import threading
from pathlib import Path

from testbed.postgres import Server


class Load:
    """Writes WAL until it is stopped."""

    def __init__(self, server: Server, bytes_per_second: int, transactions_per_second: int = 5) -> None:
        self._server = server
        size = bytes_per_second // transactions_per_second
        self._statement = f"SELECT pg_logical_emit_message(true, 'proof', repeat('x', {size}));\n"
        self._pause = 1 / transactions_per_second
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def _write(self) -> None:
        session = self._server.session()
        try:
            statements = session.popen.stdin
            assert statements
            # Goes on where commits would wait for a standby.
            statements.write("SET synchronous_commit = off;\n\\o /dev/null\n")
            while not self._stopping.wait(self._pause):
                statements.write(self._statement)
                statements.flush()
        except OSError:
            # The server has ended, and with it the session.
            pass
        finally:
            session.stop()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join(10)


class Growth:
    """A file that grows by so many bytes a second until little is left on its filesystem."""

    LEFT = 0.06

    def __init__(self, folder: Path, bytes_per_second: int) -> None:
        self._path = folder / "ballast"
        self._bytes = bytes_per_second
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._grow, daemon=True)
        self._thread.start()

    def _grow(self) -> None:
        with open(self._path, "ab", buffering=0) as file:
            while not self._stopping.wait(1):
                left = os.statvfs(self._path)
                if left.f_bavail > self.LEFT * left.f_blocks + self._bytes / left.f_frsize:
                    file.write(bytes(self._bytes))

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(10)
        self._path.unlink(missing_ok=True)
