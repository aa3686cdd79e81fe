"""The relay in a process of its own, which this program's work does not disturb."""

import json
import select
import subprocess
import sys
from typing import Self

from . import relay
from .errors import TestbedError
from .ports import free_port
from .processes import Processes


class RelayProcess:
    """Listens on a free port of this machine. Ends with its block."""

    def __init__(self, processes: Processes, server: relay.Address, delay_ms: float = 0) -> None:
        self.port = free_port()
        command = [sys.executable, "-B", relay.__file__, f"127.0.0.1:{self.port}", f"{server[0]}:{server[1]}", str(delay_ms)]
        self._process = processes.start(command, None, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self._line() != "ready":
            self._process.stop()
            raise TestbedError("the relay does not start")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stop()

    def counts(self) -> dict[str, int]:
        asked = self._process.popen.stdin
        assert asked
        asked.write("\n")
        asked.flush()
        counts: dict[str, int] = json.loads(self._line())
        return counts

    def _line(self) -> str:
        answers = self._process.popen.stdout
        assert answers
        ready, _, _ = select.select([answers], [], [], 10)
        return answers.readline().strip() if ready else ""
