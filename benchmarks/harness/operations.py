"""Scenarios: when things go wrong, at the start, and in the large."""

import random
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from testbed.commands import run
from testbed.errors import TestbedError
from testbed.http import Answer, Scraper
from testbed.postgres import Server
from testbed.proc import cpu_ms, memory_mb, sockets_to, start_time, tasks
from testbed.processes import send

from .bench import Bench
from .exporters import Running
from .report import Row, add_ratios, median, percentile


def hang(bench: Bench) -> None:
    """A server that accepts and never answers."""
    primary = bench.small
    rows: list[Row] = []
    for exporter in bench.selected("defaults"):
        bench.report.progress(f"hang: {exporter.name}")
        with bench.running(exporter, dsn=primary.url()) as running:
            running.wait_up()
            # Those that never answer show that in a few scrapes too.
            wanted = 20 if exporter is bench.exporters[0] else 6
            before = sockets_to(running.pid, primary.port)
            sockets, times, ups = list[int](), list[float](), list[float | None]()
            assert primary.process
            family = primary.process.family()
            send_all(signal.SIGSTOP, family)
            try:
                for _ in range(wanted):
                    with Scraper(running.port, timeout=2.0, scrape_timeout=2) as scraper, suppress(OSError):
                        answer = scraper.get()
                        times.append(answer.milliseconds)
                        ups.append(running.is_up(answer))
                    sockets.append(sockets_to(running.pid, primary.port))
                    time.sleep(0.25)
            finally:
                send_all(signal.SIGCONT, family)
            begin = time.perf_counter()
            again = None
            while again is None and time.perf_counter() - begin < 30:
                with Scraper(running.port, timeout=5) as scraper, suppress(OSError):
                    if running.is_up(scraper.get()):
                        again = time.perf_counter() - begin
                time.sleep(0.02)
            rows.append(
                {
                    "exporter": exporter.name,
                    "scrapes": wanted,
                    "in_time": len(times),
                    "down": sum(1 for up in ups if up == 0),
                    "median_ms": median(times) if times else None,
                    "max_ms": max(times) if times else None,
                    "sockets_before": before,
                    "sockets_first": sockets[0],
                    "sockets_max": max(sockets),
                    "sockets_last": sockets[-1],
                    "again_s": again,
                }
            )
    bench.report.table(
        "hang",
        "the server and all its processes stopped (SIGSTOP), a scraper that waits 2 s and says so",
        {
            "exporter": "",
            "scrapes": "scrapes",
            "in_time": "answered in time",
            "down": "of them with `up` 0",
            "median_ms": "median ms",
            "max_ms": "max ms",
            "sockets_before": "sockets to the server before",
            "sockets_first": "after the first",
            "sockets_max": "most",
            "sockets_last": "after the last",
            "again_s": "up again after SIGCONT, s",
        },
        rows,
    )


def start(bench: Bench) -> None:
    """From the process to the page."""
    primary = bench.small
    rows: list[Row] = []
    for exporter in bench.exporters:
        bench.report.progress(f"start: {exporter.name}")
        times, ups, memory, cpu = list[float](), list[float | None](), list[float](), list[float]()
        for _ in range(10):
            with bench.start(exporter, dsn=primary.url()) as running:
                answer, milliseconds = running.first_answer()
                times.append(milliseconds)
                cpu.append(cpu_ms(running.pid))
                memory.append(memory_mb(running.pid)["rss"])
                ups.append(running.is_up(answer))
        rows.append(
            {
                "exporter": exporter.name,
                "median_ms": median(times),
                "min_ms": min(times),
                "max_ms": max(times),
                "cpu_ms": median(cpu),
                "up": f"{sum(1 for up in ups if up)}/10",
                "rss_mb": median(memory),
            }
        )
    add_ratios(rows, "median_ms")
    bench.report.table(
        "start",
        "from the start of the process to the end of the first page, 10 times",
        {
            "exporter": "",
            "median_ms": "median ms",
            "ratio": "to the first line",
            "min_ms": "min ms",
            "max_ms": "max ms",
            "cpu_ms": "CPU ms",
            "up": "first page with `up` 1",
            "rss_mb": "RSS MB then",
        },
        rows,
    )


def memory(bench: Bench) -> None:
    """Resident memory with one target."""
    primary = bench.small
    rows: list[Row] = []
    for exporter in bench.exporters:
        bench.report.progress(f"memory: {exporter.name}")
        with bench.running(exporter, dsn=primary.url()) as running, Scraper(running.port) as scraper:
            running.wait_up()
            before = memory_mb(running.pid)
            for _ in range(200):
                scraper.get()
            after = memory_mb(running.pid)
            rows.append(
                {
                    "exporter": exporter.name,
                    "rss_first_mb": before["rss"],
                    **{f"{key}_mb": value for key, value in after.items()},
                    "threads": len(tasks(running.pid)),
                }
            )
    add_ratios(rows, "rss_mb")
    bench.report.table(
        "memory",
        "one target, after 200 scrapes",
        {
            "exporter": "",
            "rss_first_mb": "RSS MB at the first page",
            "rss_mb": "RSS MB",
            "ratio": "to the first line",
            "anonymous_mb": "anonymous MB",
            "pss_mb": "PSS MB",
            "peak_mb": "peak MB",
            "threads": "threads",
        },
        rows,
    )


def size(bench: Bench) -> None:
    """The program itself."""
    rows: list[Row] = []
    for exporter in {exporter.program: exporter for exporter in bench.exporters}.values():
        stripped = bench.folder / "stripped"
        shutil.copy(exporter.program, stripped)
        run(["strip", "--strip-all", stripped])
        whole, bare = exporter.program.stat().st_size / 1e6, stripped.stat().st_size / 1e6
        stripped.unlink()
        rows.append({"exporter": exporter.name, "mb": whole, "stripped_mb": bare})
    add_ratios(rows, "stripped_mb")
    columns = {"exporter": "", "mb": "MB", "stripped_mb": "MB stripped", "ratio": "to the first line"}
    bench.report.table("size", "the program's file", columns, rows, ["A MB is 1,000,000 bytes."])


def targets(bench: Bench, count: int = 500) -> None:
    """Many servers on one exporter."""
    bench.report.progress(f"starting a server for {count} targets")
    # One server that answers on many addresses; only this machine is let in.
    settings = {"max_connections": str(count + 100), "listen_addresses": "0.0.0.0"}
    hosts = loopback(count)
    rows, notes = list[Row](), list[str]()
    with bench.server("targets", settings).create() as server:
        notes.append(f"`select 1` in the same minutes: {server.select_one_ms():.2f} ms.")
        for exporter in bench.selected("defaults"):
            bench.report.progress(f"targets: {exporter.name}")
            ours = exporter is bench.exporters[0]
            config = config_file(bench, server, hosts) if ours else None
            try:
                with bench.start(exporter, dsn=",".join(map(server.url, hosts)), config=config) as running:
                    running.first_answer(60)
                    running.wait_up(count, 60)
                    all_up = time.perf_counter() - running.started
                    row = measured_sweeps(running, server, count, 5 if ours else 3)
                    rows.append({"exporter": exporter.name, "surface": "/metrics", "all_up_s": all_up, **row})
                    if ours:
                        row = measured_probes(running, server, hosts)
                        rows.append({"exporter": exporter.name, "surface": "/probe, 10 at once", **row})
            except TestbedError as error:
                # Not every exporter takes so many.
                notes.append(f"{exporter.name} is left out: {str(error).splitlines()[0]}")
    add_ratios(rows, "sweep_s")
    bench.report.table(
        "targets",
        f"{count} targets on one exporter (one server, {count} addresses)",
        {
            "exporter": "",
            "surface": "asked",
            "up": "targets up",
            "sweep_s": "sweep s (median)",
            "ratio": "to the first line",
            "max_s": "slowest s",
            "cpu_ms": "exporter CPU ms a target",
            "server_cpu_ms": "server CPU ms a target",
            "rss_mb": "RSS MB",
            "peak_mb": "peak MB",
            "threads": "threads",
            "all_up_s": "start to all up, s",
            "probe_ms": "probe median ms",
            "probe_p95_ms": "p95 ms",
            "gzip_bytes": "B gzip a sweep",
        },
        rows,
        notes,
    )


def loopback(count: int, network: int = 0) -> list[str]:
    """So many addresses of this machine."""
    return [f"127.{network}.{1 + i // 250}.{1 + i % 250}" for i in range(count)]


def send_all(number: int, family: list[int]) -> None:
    """To the processes that there were at that time: those that have begun since were not stopped."""
    for pid in family:
        send((pid, start_time(pid)), number)


def config_file(bench: Bench, server: Server, hosts: list[str]) -> Path:
    password = bench.folder / "password"
    password.write_text(bench.password)
    password.chmod(0o600)
    config = bench.folder / "targets.yml"
    with open(config, "w") as file:
        file.write("targets:\n")
        for host in hosts:
            dsn = f"host={host} port={server.port} user=monitor dbname=postgres sslmode=disable"
            file.write(f"  - name: server-{host}\n    dsn: {dsn}\n    password_file: {password}\n")
    return config


class HasCPU(Protocol):
    """What is asked, as far as its cost is measured."""

    def cpu_ms(self) -> float: ...


def measured_sweeps(running: Running, server: HasCPU, count: int, sweeps: int) -> Row:
    with Scraper(running.port, timeout=60, scrape_timeout=60) as scraper:
        between = idle_ms(running, count)
        own, servers = cpu_ms(running.pid), server.cpu_ms()
        answers = [scraper.get() for _ in range(sweeps)]
        own, servers = cpu_ms(running.pid) - own, server.cpu_ms() - servers
    times = [answer.milliseconds / 1000 for answer in answers]
    now = memory_mb(running.pid)
    return {
        "sweep_s": median(times),
        "max_s": max(times),
        "cpu_ms": own / sweeps / count,
        "page_cpu_ms": max(own - between * sum(times) * count, 0) / sweeps / count,
        "between_ms": between,
        "server_cpu_ms": servers / sweeps / count,
        "rss_mb": now["rss"],
        "peak_mb": now["peak"],
        "threads": len(tasks(running.pid)),
        "gzip_bytes": len(answers[-1].sent),
        "up": running.reached(answers[-1]),
        "series": len(answers[-1].samples()),
    }


def idle_ms(running: Running, count: int, seconds: float = 5) -> float:
    """What a target costs in a second without a scrape: its samples, and now and then a listing."""
    own, begin = cpu_ms(running.pid), time.perf_counter()
    time.sleep(seconds)
    return (cpu_ms(running.pid) - own) / (time.perf_counter() - begin) / count


def measured_probes(running: Running, server: Server, hosts: list[str], rounds: int = 3) -> Row:
    scrapers = [Scraper(running.port) for _ in range(10)]
    names = [f"server-{host}" for host in hosts]
    walls, times = list[float](), list[float]()

    def some(scraper: Scraper, part: list[str]) -> list[Answer]:
        return [scraper.get(f"/probe?target={name}") for name in part]

    own, servers = cpu_ms(running.pid), server.cpu_ms()
    with ThreadPoolExecutor(len(scrapers)) as pool:
        for _ in range(rounds):
            random.shuffle(names)
            begin = time.perf_counter()
            futures = [pool.submit(some, scraper, names[i :: len(scrapers)]) for i, scraper in enumerate(scrapers)]
            answers = [answer for future in futures for answer in future.result()]
            walls.append(time.perf_counter() - begin)
            times += [answer.milliseconds for answer in answers]
    own, servers = cpu_ms(running.pid) - own, server.cpu_ms() - servers
    sizes = sum(len(answer.sent) for answer in answers)
    ups = sum(running.reached(answer) for answer in answers)
    for scraper in scrapers:
        scraper.close()
    now = memory_mb(running.pid)
    return {
        "sweep_s": median(walls),
        "max_s": max(walls),
        "cpu_ms": own / rounds / len(hosts),
        "server_cpu_ms": servers / rounds / len(hosts),
        "rss_mb": now["rss"],
        "peak_mb": now["peak"],
        "threads": len(tasks(running.pid)),
        "probe_ms": median(times),
        "probe_p95_ms": percentile(times, 95),
        "gzip_bytes": sizes,
        "up": ups,
    }
