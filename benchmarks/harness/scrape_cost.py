"""Scenarios: what one scrape costs."""

import os
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from testbed.commands import give, server_user
from testbed.http import Scraper
from testbed.ports import is_open
from testbed.postgres import Server
from testbed.proc import cpu_ms, memory_mb

from .bench import Bench
from .exporters import Exporter, Running
from .report import Row, add_ratios, median, percentile


def floor(bench: Bench) -> None:
    """What nothing can be faster than."""
    select_one = bench.small.select_one_ms()
    http = http_floor_ms()
    rows = [
        {"what": "`select 1`, prepared, on one open TCP connection", "ms": select_one},
        {"what": "HTTP GET of 4 KB, kept connection, from a Python thread that only sends (median)", "ms": http},
        {"what": "both: the least that a scrape can take", "ms": select_one + http},
        {"what": "new TCP connection with SCRAM and `select 1` (mean): what a kept connection saves", "ms": bench.small.connect_ms()},
    ]
    bench.report.table("floor", "what nothing can be faster than", {"what": "", "ms": "ms"}, rows)


def small(bench: Bench) -> None:
    """2 slots, 1 standby: the scrape that most servers see."""
    rows = scrape_side_by_side(bench, bench.small, bench.exporters, rounds=4, each=50)
    cost_table(
        bench,
        "small",
        "2 slots and 1 streaming standby, 200 scrapes each, in turns of 50",
        rows,
        {
            "round_trips": "round trips",
            "connections": "new connections",
            "rss_mb": "RSS MB after",
            "gzip_bytes": "B gzip",
            "plain_bytes": "B plain",
            "series": "series",
        },
    )


def slots(bench: Bench) -> None:
    """1,000 physical slots that hold WAL."""
    bench.report.progress("creating 1,000 slots")
    with bench.server("slots", {"max_replication_slots": "1010"}).create(segment_mb=16) as server:
        server.sql("select count(pg_create_physical_replication_slot('slot_' || i, true)) from generate_series(1, 1000) i")
        rows = scrape_side_by_side(bench, server, bench.selected("defaults"), rounds=4, each=25)
    for row in rows:
        row["us_per_series"] = row["exporter_cpu_ms"] * 1000 / row["series"]
    cost_table(
        bench,
        "slots",
        "1,000 physical slots with restart_lsn, 100 scrapes each, in turns of 25",
        rows,
        {
            "us_per_series": "exporter CPU µs a series",
            "rss_mb": "RSS MB after",
            "gzip_bytes": "B gzip",
            "plain_bytes": "B plain",
            "series": "series",
        },
    )


def segments(bench: Bench) -> None:
    """20,000 files in pg_wal."""
    bench.report.progress("creating 20,000 WAL segments")
    server = bench.server("segments", {"wal_keep_size": "100GB", "max_wal_size": "100GB"}).initialize(segment_mb=1)
    # The server's WAL goes on at a position behind those files.
    server.execute("pg_resetwal", "-l", f"{1:08X}{6:08X}{0:08X}", "-D", server.data)
    for number in range(4096, 4096 + 20000):
        path = server.data / "pg_wal" / f"{1:08X}{number // 4096:08X}{number % 4096:08X}"
        path.touch()
        os.truncate(path, 1 << 20)
        give(path, server_user())
    rows: list[Row] = []
    with server:
        server.prepare()
        server.sql("checkpoint")
        files = int(server.query("select count(*) from pg_ls_waldir()"))
        begin = time.perf_counter()
        server.sql("select count(*), sum(size) from pg_ls_waldir()")
        listing = (time.perf_counter() - begin) * 1000
        base = server.select_one_ms()
        for exporter in bench.selected("defaults"):
            bench.report.progress(f"segments: {exporter.name}")
            with bench.start(exporter, dsn=server.url()) as running, Scraper(running.port) as scraper:
                running.first_answer()
                running.wait_up()
                server_before, own_before = server.cpu_ms(), cpu_ms(running.pid)
                answers = []
                for _ in range(70):  # long enough for a listing in the background, every 30 s by default
                    answers.append(scraper.get())
                    time.sleep(0.5)
                own, servers = cpu_ms(running.pid) - own_before, server.cpu_ms() - server_before
            times = [answer.milliseconds for answer in answers]
            rows.append(
                {
                    "exporter": exporter.name,
                    "reads": "yes" if exporter.reads_directory else "no",
                    "first_ms": median(first_page_ms(bench, exporter, server) for _ in range(3)),
                    "median_ms": median(times),
                    "p95_ms": percentile(times, 95),
                    "max_ms": max(times),
                    "exporter_cpu_ms": own / len(times),
                    "server_cpu_ms": servers / len(times),
                    "select_one_ms": base,
                    "listing_ms": listing,
                    "files": files,
                }
            )
    add_ratios(rows, "median_ms")
    bench.report.table(
        "segments",
        f"{files:,} segment files of 1 MB in pg_wal, a scrape each 0.5 s for 35 s",
        {
            "exporter": "",
            "reads": "reads pg_wal",
            "first_ms": "first page ms",
            "median_ms": "median ms",
            "ratio": "to the first line",
            "p95_ms": "p95 ms",
            "max_ms": "max ms",
            "exporter_cpu_ms": "exporter CPU ms",
            "server_cpu_ms": "server CPU ms",
        },
        rows,
        [
            f"Listing the directory once, `select count(*), sum(size) from pg_ls_waldir()` by psql: {listing:.0f} ms, connecting included.",
            "First page: from the first request to a page with the server up, right after the exporter has opened its port (median of 3).",
        ],
    )


def rtt(bench: Bench) -> None:
    """A server 20 ms away."""
    primary = bench.small
    rows: list[Row] = []
    with bench.relay(primary.port, 10) as far, bench.relay(primary.port, 0) as near:
        plain, relayed, distant = primary.select_one_ms(), primary.select_one_ms(near.port), primary.select_one_ms(far.port, 20)
        for exporter in bench.exporters:
            bench.report.progress(f"rtt: {exporter.name}")
            with bench.running(exporter, dsn=primary.url(port=far.port)) as running:
                running.wait_up()
                with Scraper(running.port) as scraper:
                    times = [scraper.get().milliseconds for _ in range(40)][5:]
            rows.append(
                {
                    "exporter": exporter.name,
                    "median_ms": median(times),
                    "p95_ms": percentile(times, 95),
                    "max_ms": max(times),
                    "floor": f"{median(times) / distant:.1f} ×",
                    "select_one_ms": distant,
                }
            )
    add_ratios(rows, "median_ms")
    bench.report.table(
        "rtt",
        "a server 20 ms away (a relay delays each direction by 10 ms), 35 scrapes",
        {
            "exporter": "",
            "median_ms": "median ms",
            "ratio": "to the first line",
            "floor": "to `select 1` there",
            "p95_ms": "p95 ms",
            "max_ms": "max ms",
        },
        rows,
        [
            f"`select 1`: {plain:.2f} ms directly, {relayed:.2f} ms through the relay without delay (its own cost:"
            f" {relayed - plain:.2f} ms), {distant:.1f} ms with it."
        ],
    )


def scrape_side_by_side(bench: Bench, server: Server, chosen: Sequence[Exporter], rounds: int, each: int) -> list[Row]:
    """Scrapes the exporters in turns, so that whatever else the machine does meets all of them."""
    results: list[tuple[Exporter, Running, Scraper, dict[str, Any]]] = []
    with ExitStack() as stack:
        for exporter in chosen:
            running = stack.enter_context(bench.running(exporter, dsn=server.url()))
            running.wait_up()
            scraper = stack.enter_context(Scraper(running.port))
            for _ in range(20):
                scraper.get()
            results.append((exporter, running, scraper, {"times": [], "exporter": 0.0, "server": 0.0}))
        floors = []
        for number in range(rounds):
            bench.report.progress(f"{server.name}: round {number + 1} of {rounds}")
            floors.append(server.select_one_ms())
            for _, running, scraper, sums in results:
                own, servers = cpu_ms(running.pid), server.cpu_ms()
                sums["times"] += [scraper.get().milliseconds for _ in range(each)]
                sums["exporter"] += cpu_ms(running.pid) - own
                sums["server"] += server.cpu_ms() - servers
        rows: list[Row] = []
        for exporter, running, scraper, sums in results:
            with Scraper(running.port, compressed=False) as plain:
                page = plain.get()
            count = rounds * each
            rows.append(
                {
                    "exporter": exporter.name,
                    "median_ms": median(sums["times"]),
                    "p95_ms": percentile(sums["times"], 95),
                    "floor": median(sums["times"]) / median(floors),
                    "exporter_cpu_ms": sums["exporter"] / count,
                    "server_cpu_ms": sums["server"] / count,
                    "rss_mb": memory_mb(running.pid)["rss"],
                    "gzip_bytes": len(scraper.get().sent),
                    "plain_bytes": len(page.sent),
                    "series": len(page.samples()),
                    "select_one_ms": median(floors),
                }
            )
    for row, exporter in zip(rows, chosen, strict=True):
        row.update(round_trips_of(bench, server, exporter))
    return rows


def cost_table(bench: Bench, scenario: str, title: str, rows: list[Row], more: Mapping[str, str]) -> None:
    add_ratios(rows, "median_ms")
    columns = {
        "exporter": "",
        "median_ms": "median ms",
        "ratio": "to the first line",
        "floor": "to `select 1`",
        "p95_ms": "p95 ms",
        "exporter_cpu_ms": "exporter CPU ms",
        "server_cpu_ms": "server CPU ms",
        **more,
    }
    for row in rows:
        row["floor"] = f"{row['floor']:.0f} ×"
    note = f"`select 1` on a kept connection, measured between the turns: {rows[0]['select_one_ms']:.3f} ms."
    bench.report.table(scenario, title, columns, rows, [note])


def round_trips_of(bench: Bench, server: Server, exporter: Exporter, scrapes: int = 50) -> dict[str, float]:
    """Round trips and new connections a scrape, counted by a relay."""
    with bench.relay(server.port, 0) as relay, bench.running(exporter, dsn=server.url(port=relay.port)) as running:
        running.wait_up()
        with Scraper(running.port) as scraper:
            for _ in range(5):
                scraper.get()
            before = relay.counts()
            for _ in range(scrapes):
                scraper.get()
            after = relay.counts()
    return {key: (after[key] - before[key]) / scrapes for key in ("round_trips", "connections")}


def first_page_ms(bench: Bench, exporter: Exporter, server: Server) -> float:
    """From the first request to a page with the server up."""
    with bench.start(exporter, dsn=server.url()) as running:
        while not is_open(running.port):
            time.sleep(0.001)
        begin = time.perf_counter()
        with Scraper(running.port) as scraper:
            while not running.is_up(scraper.get()) and time.perf_counter() - begin < 10:
                pass
        return (time.perf_counter() - begin) * 1000


def http_floor_ms(requests: int = 500) -> float:
    """The same client, and a server that has nothing to do."""
    body = b"x" * 4096
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n" + body
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while connection.recv(65536):
                    connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with Scraper(listener.getsockname()[1]) as scraper:
            times = [scraper.get().milliseconds for _ in range(requests)]
        thread.join(5)
    return median(times)
