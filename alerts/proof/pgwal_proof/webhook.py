"""What Alertmanager sends its alerts to."""

import http.server
import json
import threading
import time


class Webhook:
    """Keeps what arrived: for each alert, by its labels, when it fired and when it was resolved."""

    def __init__(self, address, port):
        self.events = []
        self._changed = threading.Condition()
        webhook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                webhook._received(body["alerts"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer((address, port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://{address}:{port}/"

    def _received(self, alerts):
        now = time.time()
        with self._changed:
            for alert in alerts:
                self.events.append((now, alert["status"], alert["labels"]))
            self._changed.notify_all()

    def states(self, alert, labels):
        """By the labels of each alert of that name which has these: when it last began to fire, and was resolved after that (or None)."""
        states = {}
        for when, status, found in self.events:
            if found.get("alertname") != alert or any(found.get(name) != value for name, value in labels.items()):
                continue
            key = tuple(sorted(found.items()))
            fired, resolved = states.get(key, (None, None))
            if status == "resolved":
                states[key] = (fired, when if resolved is None else resolved)
            elif fired is None or resolved is not None:
                states[key] = (when, None)
        return states

    def wait(self, condition, timeout):
        """Whether the condition came true; it is looked at when something arrives."""
        with self._changed:
            return self._changed.wait_for(condition, timeout)

    def stop(self):
        self._server.shutdown()
