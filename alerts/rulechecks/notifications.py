"""What a real Alertmanager makes of alerts, with the configuration of the example, in which time passes faster."""

import datetime
import http.server
import itertools
import json
import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rulechecks.files import YAML
from testbed.commands import program
from testbed.http import request, status_of
from testbed.ports import free_port
from testbed.processes import Processes
from testbed.waiting import wait_until

Labels = dict[str, str]
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
TIMES = ("group_wait", "group_interval", "repeat_interval")


@dataclass(frozen=True)
class Notification:
    """One message to one receiver, about alerts that fire."""

    receiver: str
    alerts: frozenset[str]
    #: The labels that the alerts are grouped by.
    group: tuple[tuple[str, str], ...]


def scaled(route: YAML, factor: float) -> YAML:
    """The route and those below it, with all times divided by the factor."""
    result = dict(route)
    for key in TIMES:
        if key in route:
            number, unit = re.fullmatch(r"(\d+)([smhd])", route[key]).groups()  # type: ignore[union-attr]
            result[key] = f"{round(int(number) * UNITS[unit] / factor * 1000)}ms"
    if "routes" in route:
        result["routes"] = [scaled(each, factor) for each in route["routes"]]
    return result


class Listener:
    """What the receivers send their notifications to: a path for each."""

    def __init__(self) -> None:
        self.heard: list[Notification] = []
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                listener._note(self.path.strip("/"), body)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _note(self, receiver: str, body: dict[str, Any]) -> None:
        firing = frozenset(alert["labels"]["alertname"] for alert in body["alerts"] if alert["status"] == "firing")
        if firing:
            self.heard.append(Notification(receiver, firing, tuple(sorted(body["groupLabels"].items()))))

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Alertmanager:
    """Runs with a configuration, and takes alerts as Prometheus would send them."""

    def __init__(self, processes: Processes, folder: Path, configuration: YAML, factor: float, listener: Listener) -> None:
        receivers = [{**each, "webhook_configs": [{"url": f"{listener.url}/{each['name']}"}]} for each in configuration["receivers"]]
        file = folder / "alertmanager.json"
        file.write_text(json.dumps({**configuration, "route": scaled(configuration["route"], factor), "receivers": receivers}))
        self.url = f"http://127.0.0.1:{free_port()}"
        processes.start(
            [
                program("prometheus-alertmanager", "alertmanager"),
                f"--config.file={file}",
                f"--storage.path={folder / 'data'}",
                f"--web.listen-address={self.url.removeprefix('http://')}",
                "--cluster.listen-address=",
            ],
            folder / "alertmanager.log",
        )
        wait_until("Alertmanager is ready", lambda: status_of(f"{self.url}/-/ready") == 200)

    def send(self, alerts: Iterable[Labels]) -> None:
        until = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)).isoformat()
        body = [{"labels": labels, "endsAt": until} for labels in alerts]
        status, text = request(f"{self.url}/api/v2/alerts", "POST", body=body)
        assert status == 200, text


def play(alertmanager: Alertmanager, steps: Iterable[tuple[float, Labels]], factor: float) -> None:
    """Sends each alert when its time has come, in seconds of the rules' time; those of one second at once, as Prometheus does."""
    began = time.monotonic()
    for when, together in itertools.groupby(sorted(steps, key=lambda step: step[0]), key=lambda step: step[0]):
        time.sleep(max(0.0, began + when / factor - time.monotonic()))
        alertmanager.send([labels for _, labels in together])
