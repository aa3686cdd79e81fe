"""Asks all exporters again and again while a drill goes on, and finds out when a sign was first seen."""

import json
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, Self

from testbed.http import request
from testbed.waiting import Deadline, wait_until

from .page import Page
from .plan import FLEET_EXPORTER, POSTGRES_HOSTS, SITES
from .signs import Finding, Sign

CHANNELS = ("fleet metrics", "findings", "node metrics")
EVERY = 0.5


class View:
    """What the exporters said at one time; read when somebody wants to know it."""

    def __init__(self, began: float, ended: float, fleet: str, topology: str, nodes: Sequence[str]) -> None:
        self.began, self.ended = began, ended
        self._fleet, self._topology, self._nodes = fleet, topology, nodes

    @cached_property
    def fleet(self) -> Page:
        return Page([self._fleet])

    @cached_property
    def nodes(self) -> Page:
        return Page(self._nodes)

    @cached_property
    def findings(self) -> list[Finding]:
        try:
            findings: list[Finding] = json.loads(self._topology)["findings"]
        except (ValueError, KeyError, TypeError):
            return []
        return findings

    def sees(self, sign: Sign) -> dict[str, bool]:
        return {
            "fleet metrics": sign.metrics(self.fleet),
            "findings": sign.in_findings(self.findings),
            "node metrics": sign.metrics(self.nodes),
        }

    def still_sees(self, sign: Sign) -> list[str]:
        return [channel for channel, seen in (self.sees(sign) | {"findings": sign.in_some_finding(self.findings)}).items() if seen]


def _text(url: str) -> str:
    try:
        status, text = request(url, timeout=6)
        return text if status == 200 else ""
    except OSError:
        return ""


class Watch:
    """Use as a context: the asking goes on until its end."""

    def __init__(self) -> None:
        self.views: list[View] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        hosts = POSTGRES_HOSTS + [site.application for site in SITES]
        self._urls = [f"{FLEET_EXPORTER}/metrics", f"{FLEET_EXPORTER}/api/v1/topology"] + [f"{host.exporter}/metrics" for host in hosts]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        with ThreadPoolExecutor(len(self._urls)) as pool:
            while not self._over.is_set():
                began = time.monotonic()
                fleet, topology, *nodes = pool.map(_text, self._urls)
                self.views.append(View(began, time.monotonic(), fleet, topology, nodes))
                self._over.wait(max(0, began + EVERY - time.monotonic()))

    def next_view(self) -> View:
        """A view that began after this call."""
        now = time.monotonic()
        return wait_until("the exporters were asked", lambda: self.views[-1] if self.views and self.views[-1].began >= now else None, 30)

    def wait_seen(self, sign: Sign, since: float, deadline: Deadline) -> dict[str, float | None]:
        """Per channel: seconds from `since` until the sign was seen, or None. Waits until it is seen in every channel, or time is up."""
        seen: dict[str, float | None] = dict.fromkeys(CHANNELS)
        looked = 0
        while True:
            over = deadline.over
            for view in self.views[looked:]:
                looked += 1
                if view.began < since:
                    continue
                for channel, holds in view.sees(sign).items():
                    if holds and seen[channel] is None:
                        seen[channel] = view.ended - since
            if over or None not in seen.values():
                return seen
            time.sleep(0.2)

    def wait_cleared(self, sign: Sign, since: float, deadline: Deadline) -> tuple[float | None, list[str]]:
        """Seconds until no channel shows anything of the sign any more, or None; and what still does."""
        looked, remaining = 0, list(CHANNELS)
        while True:
            over = deadline.over
            for view in self.views[looked:]:
                looked += 1
                if view.began < since:
                    continue
                remaining = view.still_sees(sign)
                if not remaining:
                    return view.ended - since, []
            if over:
                return None, remaining
            time.sleep(0.2)

    def wait_quiet(self, since: float, deadline: Deadline) -> list[str]:
        """Waits until the findings hold nothing but notices; returns the codes that remain when time is up."""
        while True:
            over = deadline.over
            view = self.views[-1]
            alarms = sorted({finding["code"] for finding in view.findings if finding.get("severity") != "notice"})
            if view.began >= since and (over or not alarms):
                return alarms
            time.sleep(0.2)
