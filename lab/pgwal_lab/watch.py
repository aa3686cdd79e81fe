"""Asks all exporters again and again while a drill goes on, and finds out when a sign was first seen."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .page import Page
from .plan import FLEET_EXPORTER, POSTGRES_HOSTS, SITES
from .rest import request

CHANNELS = ("fleet metrics", "findings", "node metrics")
EVERY = 0.5


@dataclass(frozen=True)
class View:
    """What the exporters said at one time."""

    began: float
    ended: float
    fleet: Page
    nodes: Page
    findings: list

    def sees(self, sign):
        return {
            "fleet metrics": sign.metrics(self.fleet),
            "findings": sign.in_findings(self.findings),
            "node metrics": sign.metrics(self.nodes),
        }

    def still_sees(self, sign):
        return [channel for channel, seen in (self.sees(sign) | {"findings": sign.in_some_finding(self.findings)}).items() if seen]


def _text(url):
    try:
        status, text = request(url, timeout=6)
        return text if status == 200 else ""
    except OSError:
        return ""


def _findings(text):
    try:
        return json.loads(text)["findings"]
    except (ValueError, KeyError, TypeError):
        return []


class Watch:
    """Use as a context: the asking goes on until its end."""

    def __init__(self):
        self.views = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        hosts = POSTGRES_HOSTS + [site.application for site in SITES]
        self._urls = [f"{FLEET_EXPORTER}/metrics", f"{FLEET_EXPORTER}/api/v1/topology"] + [f"{host.exporter}/metrics" for host in hosts]

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _run(self):
        with ThreadPoolExecutor(len(self._urls)) as pool:
            while not self._over.is_set():
                began = time.monotonic()
                fleet, topology, *nodes = pool.map(_text, self._urls)
                self.views.append(View(began, time.monotonic(), Page([fleet]), Page(nodes), _findings(topology)))
                self._over.wait(max(0, began + EVERY - time.monotonic()))

    def next_view(self, patience=15):
        """A view that began after this call."""
        now = time.monotonic()
        while time.monotonic() < now + patience:
            if self.views and self.views[-1].began >= now:
                return self.views[-1]
            time.sleep(0.05)
        return None

    def first_seen(self, sign, since):
        """Per channel: seconds from `since` until the sign was seen, or None."""
        seen = dict.fromkeys(CHANNELS)
        for view in list(self.views):
            if view.began >= since:
                for channel, holds in view.sees(sign).items():
                    if holds and seen[channel] is None:
                        seen[channel] = view.ended - since
        return seen

    def wait_seen(self, sign, since, limit):
        """Waits until the sign is seen in every channel, at most until `limit` seconds after `since`."""
        while True:
            seen = self.first_seen(sign, since)
            if None not in seen.values() or time.monotonic() > since + limit:
                return seen
            time.sleep(0.2)

    def wait_cleared(self, sign, since, limit):
        """Seconds until no channel shows anything of the sign any more, or None; and what still does."""
        while True:
            for view in list(self.views):
                if view.began >= since and not view.still_sees(sign):
                    return view.ended - since, []
            if time.monotonic() > since + limit:
                return None, self.views[-1].still_sees(sign)
            time.sleep(0.2)

    def wait_quiet(self, since, limit):
        """Waits until the findings hold nothing but notices; returns the codes that remain at the end of the limit."""
        while True:
            view = self.views[-1]
            alarms = sorted({finding["code"] for finding in view.findings if finding.get("severity") != "notice"})
            if view.began >= since and not alarms:
                return []
            if time.monotonic() > since + limit:
                return alarms
            time.sleep(0.2)
