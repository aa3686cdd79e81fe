"""Prometheus and Alertmanager, Debian's."""

import json
import time
import urllib.parse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .commands import give, program, run, server_user
from .errors import TestbedError
from .http import request, status_of
from .processes import Processes
from .waiting import wait_until


def query(url: str, expression: str) -> list[dict[str, Any]]:
    """The series of this moment, of anything that has Prometheus' interface."""
    status, text = request(f"{url}/api/v1/query", "POST", form={"query": expression}, timeout=20)
    if status != 200:
        raise TestbedError(f"{expression}: {text}")
    result: list[dict[str, Any]] = json.loads(text)["data"]["result"]
    return result


class Prometheus:
    """Scrapes exporters, evaluates rules, and sends alerts."""

    def __init__(self, processes: Processes, folder: Path, address: str) -> None:
        self.processes, self.folder, self.address = processes, folder / "prometheus", address
        self.url = f"http://{address}"
        self.folder.mkdir()
        self.log = folder / "prometheus.log"

    def start(
        self,
        exporters: Sequence[str],
        rules: dict[str, str],
        alertmanager: str | None = None,
        scrape: str = "2s",
        evaluation: str = "1s",
        *,
        labels: Mapping[str, str] | None = None,
        jobs: Sequence[dict[str, Any]] | None = None,
    ) -> None:
        """Rules: the text of each rule file by its name. Labels are added to what it sends elsewhere; jobs are instead of the exporters."""
        for name, text in rules.items():
            (self.folder / name).write_text(text)
        configuration: dict[str, Any] = {
            "global": {
                "scrape_interval": scrape,
                "scrape_timeout": scrape,
                "evaluation_interval": evaluation,
                "external_labels": dict(labels or {}),
            },
            "rule_files": [str(self.folder / name) for name in rules],
            "scrape_configs": jobs or [{"job_name": "pgwal", "static_configs": [{"targets": list(exporters)}]}],
        }
        if alertmanager:
            configuration["alerting"] = {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]}
        (self.folder / "prometheus.json").write_text(json.dumps(configuration))
        (self.folder / "data").mkdir()
        give(self.folder, server_user())
        if rules:
            run([program("promtool"), "check", "rules", *configuration["rule_files"]])
        self.processes.start(
            [
                program("prometheus"),
                f"--config.file={self.folder / 'prometheus.json'}",
                f"--storage.tsdb.path={self.folder / 'data'}",
                f"--web.listen-address={self.address}",
            ],
            self.log,
            user=server_user(),
        )
        wait_until("Prometheus is ready", lambda: status_of(f"{self.url}/-/ready") == 200)

    def query(self, expression: str) -> list[dict[str, Any]]:
        return query(self.url, expression)

    def query_range(self, expression: str, start: float, end: float, step: float = 1) -> list[dict[str, Any]]:
        words = urllib.parse.urlencode({"query": expression, "start": start, "end": end, "step": step})
        status, text = request(f"{self.url}/api/v1/query_range?{words}", timeout=20)
        if status != 200:
            raise TestbedError(f"{expression}: {text}")
        result: list[dict[str, Any]] = json.loads(text)["data"]["result"]
        return result

    def seconds_to_pending(self, alert: str, labels: dict[str, str], since: float) -> float | None:
        """From then until the alert was first seen as pending; None when it never was."""
        matchers = ",".join(f'{name}="{value}"' for name, value in {"alertname": alert, "alertstate": "pending", **labels}.items())
        window = int(time.time() - since) + 2
        times = [float(when) for series in self.query(f"ALERTS{{{matchers}}}[{window}s]") for when, _ in series["values"]]
        later = [when for when in times if when >= since]
        return min(later) - since if later else None

    def rules(self) -> list[dict[str, Any]]:
        status, text = request(f"{self.url}/api/v1/rules", timeout=20)
        if status != 200:
            raise TestbedError(f"the rules: {text}")
        return [rule for group in json.loads(text)["data"]["groups"] for rule in group["rules"]]


def start_alertmanager(processes: Processes, folder: Path, address: str, webhook: str) -> None:
    """Sends one notification for each alert to the webhook, at once."""
    home = folder / "alertmanager"
    home.mkdir()
    route = {"receiver": "webhook", "group_by": ["..."], "group_wait": "0s", "group_interval": "1s", "repeat_interval": "1h"}
    receiver = {"name": "webhook", "webhook_configs": [{"url": webhook, "send_resolved": True}]}
    (home / "alertmanager.json").write_text(json.dumps({"route": route, "receivers": [receiver]}))
    give(home, server_user())
    processes.start(
        [
            program("prometheus-alertmanager", "alertmanager"),
            f"--config.file={home / 'alertmanager.json'}",
            f"--storage.path={home}",
            f"--web.listen-address={address}",
            "--cluster.listen-address=",
        ],
        folder / "alertmanager.log",
        user=server_user(),
    )
    wait_until("Alertmanager is ready", lambda: status_of(f"http://{address}/-/ready") == 200)
