"""What Alertmanager sends its alerts to."""

import http.server
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from testbed.waiting import Deadline

Labels = dict[str, str]


class Webhook:
    """Keeps what arrived: for each alert, by its labels, when it fired and when it was resolved."""

    def __init__(self, address: str, port: int) -> None:
        self.events: list[tuple[float, str, Labels]] = []
        self._changed = threading.Condition()
        webhook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                webhook._received(body["alerts"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer((address, port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://{address}:{port}/"

    def _received(self, alerts: list[dict[str, Any]]) -> None:
        now = time.time()
        with self._changed:
            for alert in alerts:
                self.events.append((now, alert["status"], alert["labels"]))
            self._changed.notify_all()

    def states(self, alert: str, labels: Labels) -> dict[tuple[tuple[str, str], ...], tuple[float, float | None]]:
        """By the labels of each alert of that name which has these: when it last began to fire, and was resolved after that (or None)."""
        states: dict[tuple[tuple[str, str], ...], tuple[float, float | None]] = {}
        for when, status, found in list(self.events):
            if found.get("alertname") != alert or any(found.get(name) != value for name, value in labels.items()):
                continue
            key = tuple(sorted(found.items()))
            if status == "resolved":
                if key in states:
                    fired, resolved = states[key]
                    states[key] = (fired, when if resolved is None else resolved)
            elif key not in states or states[key][1] is not None:
                states[key] = (when, None)
        return states

    def wait(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Whether the condition came true; it is looked at when something arrives."""
        deadline = Deadline(seconds)
        with self._changed:
            while not (holds := condition()) and not deadline.over:
                self._changed.wait(min(1.0, deadline.left + 0.01))
        return holds

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
