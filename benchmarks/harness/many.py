"""Scenarios: our exporter alone, with very many servers, which are real ones at many addresses."""

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

from testbed.commands import run
from testbed.errors import TestbedError
from testbed.patroni import Cluster, Listed, StandIn
from testbed.ports import free_port
from testbed.postgres import Server
from testbed.proc import children
from testbed.waiting import wait_until

from .bench import Bench
from .operations import HasCPU, loopback, measured_sweeps
from .report import Row

COLUMNS = {
    "what": "",
    "up": "targets up",
    "first_ms": "first page, ms after the start",
    "all_up_s": "start to all up, s",
    "sweep_s": "page s (median)",
    "max_s": "slowest s",
    "cpu_ms": "exporter CPU ms a target and page",
    "page_cpu_ms": "of it without the samples",
    "server_cpu_ms": "server CPU ms a target and page",
    "between_ms": "exporter CPU ms a target and second between pages",
    "rss_mb": "RSS MB",
    "rss_kb": "kB a target",
    "threads": "threads",
    "gzip_bytes": "B gzip a page",
    "series": "series",
}
#: Resident memory of the exporter without targets is no target's: that with this many is taken away.
FEW = 10


@contextmanager
def ordinary_scheduling() -> Iterator[None]:
    """For what is begun meanwhile. Real-time scheduling gives a backend a tenth of a second at a time: thousands leave nobody any."""
    before, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    try:
        yield
    finally:
        os.sched_setscheduler(0, before, parameters)


def elsewhere(*servers: Server) -> None:
    """As if they were on machines of their own, which thousands of servers are: the exporter has the processors whenever it wants them."""
    for server in servers:
        # What the postmaster starts later inherits it.
        for pid in (server.pid, *children(server.pid)):
            os.setpriority(os.PRIO_PROCESS, pid, 19)


#: So many, because some of what a server is asked costs it more the more sessions it has itself.
SERVERS = 20


class Servers:
    """Several servers, as one that is measured."""

    def __init__(self, each: list[Server]) -> None:
        self.each = each

    def cpu_ms(self) -> float:
        return sum(server.cpu_ms() for server in self.each)


@ordinary_scheduling()
def targets_2000(bench: Bench) -> None:
    """2,000 targets beside 500 of the same: nothing may grow faster than the number."""
    counts = (FEW, 500, 2000)
    settings = {"max_connections": str(counts[-1] // SERVERS + 20), "listen_addresses": "0.0.0.0", "shared_buffers": "8MB"}
    rows: list[Row] = []
    with ExitStack() as stack:
        servers = Servers([])
        for number in range(SERVERS):
            servers.each.append(stack.enter_context(bench.server(f"targets-{number}", settings).create()))
        elsewhere(*servers.each)
        for count in counts:
            bench.report.progress(f"targets-2000: {count} targets")
            rows.append(measured(bench, servers, f"{count} targets", targets_config(bench, servers, count), count))
    few, some, many = rows
    for row, count in ((some, counts[1]), (many, counts[2])):
        row["rss_kb"] = (row["rss_mb"] - few["rss_mb"]) * 1024 / (count - FEW)
    notes = [
        f"{many['what']} to {some['what']}, a target: CPU of a page {many['page_cpu_ms'] / some['page_cpu_ms']:.2f} ×,"
        f" between pages {many['between_ms'] / some['between_ms']:.2f} ×,"
        f" memory {many['rss_kb'] / some['rss_kb']:.2f} ×; threads {many['threads']} to {some['threads']}.",
        f"Memory a target: beyond that of {few['what']}.",
    ]
    bench.report.table("targets-2000", f"{SERVERS} servers at many addresses", COLUMNS, [some, many], notes)


def members(bench: Bench) -> None:
    """One Patroni cluster of 300 members."""
    patroni_scenario(bench, "members", "one Patroni cluster of 300 members", clusters=1, size=300)


def clusters(bench: Bench) -> None:
    """100 Patroni clusters of 3 members."""
    patroni_scenario(bench, "clusters", "100 Patroni clusters of 3 members", clusters=100, size=3)


@ordinary_scheduling()
def patroni_scenario(bench: Bench, name: str, title: str, clusters: int, size: int) -> None:
    bench.report.progress(f"{name}: starting a primary and a standby")
    with pair(bench, clusters * size + 100) as (primary, standby):
        scopes = {}
        hosts = loopback(clusters * size, network=1)
        for number, address in enumerate(loopback(clusters, network=2)):
            own = hosts[number * size : (number + 1) * size]
            listed = [
                Listed(f"member-{index}", "leader" if index == 0 else "replica", host, (standby if index else primary).port)
                for index, host in enumerate(own)
            ]
            scopes[address] = Cluster(f"cluster-{number}", listed)
        stand_in = StandIn(free_port(), scopes)
        stand_in.start()
        try:
            config = patroni_config(bench, stand_in, scopes, size)
            row = measured(bench, primary, title, config, clusters * size)
        finally:
            stand_in.stop()
    columns = {key: heading for key, heading in COLUMNS.items() if key != "rss_kb"}
    notes = ["The leaders are one primary at many addresses, the others its standby; their REST interface only answers."]
    bench.report.table(name, title, columns, [row], notes)


@contextmanager
def pair(bench: Bench, connections: int) -> Iterator[tuple[Server, Server]]:
    settings = {"max_connections": str(connections), "listen_addresses": "0.0.0.0"}
    with bench.server("many", settings).create() as primary, bench.server("many-standby", settings).follow(primary, "many") as standby:
        wait_until("the standby streams", standby.streams, 30)
        elsewhere(primary, standby)
        yield primary, standby


def targets_config(bench: Bench, servers: Servers, count: int) -> Path:
    password = bench.folder / "password"
    password.write_text(bench.password)
    password.chmod(0o600)
    config = bench.folder / "targets.yml"
    ports = cycle([server.port for server in servers.each])
    targets = [
        {"name": f"server-{host}", "dsn": f"host={host} port={port} user=monitor dbname=postgres sslmode=disable"}
        | {"password_file": str(password)}
        for host, port in zip(loopback(count), ports, strict=False)
    ]
    # JSON is YAML.
    config.write_text(json.dumps({"targets": targets}))
    return config


def patroni_config(bench: Bench, stand_in: StandIn, scopes: dict[str, Cluster], size: int) -> Path:
    password = bench.folder / "password"
    password.write_text(bench.password)
    password.chmod(0o600)
    entries: list[dict[str, Any]] = [
        {"name": cluster.scope, "urls": [stand_in.url(address)], "dsn": "user=monitor dbname=postgres sslmode=disable"}
        | {"password_file": str(password), "max_members": size}
        for address, cluster in scopes.items()
    ]
    config = bench.folder / "patroni.yml"
    write(config, entries)
    try:
        run([bench.exporters[0].program, "config", f"--config.file={config}"])
    except TestbedError as error:
        # An older one, whose members have no limit.
        if "max_members" not in str(error):
            raise
        write(config, [{key: value for key, value in entry.items() if key != "max_members"} for entry in entries])
    return config


def write(config: Path, entries: Sequence[dict[str, Any]]) -> None:
    # JSON is YAML.
    config.write_text(json.dumps({"patroni": entries}))


def measured(bench: Bench, server: HasCPU, what: str, config: Path, count: int) -> Row:
    with bench.start(bench.exporters[0], config=config) as running:
        _, first_ms = running.first_answer(120)
        # More often than anybody scrapes; without a pause the pages would be what there is no time for.
        running.wait_up(count, 120, every=1)
        all_up = time.perf_counter() - running.started
        return {"what": what, "first_ms": first_ms, "all_up_s": all_up, **measured_sweeps(running, server, count, 5)}
