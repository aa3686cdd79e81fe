"""Taking a site away, promoting the other, and the ways back."""

import functools
from typing import Any

from testbed.waiting import wait_until

from . import etcd
from .patroni import Patronis
from .patroni_configuration import permanent_slot, upstream_of
from .plan import SITE1, SITE2, Host, Site

MARKER = "marker"


def write_marker(patronis: Patronis, host: Host, text: str) -> None:
    """One row, by which one sees later whose history a server has."""
    patronis.sql(host, f"create table if not exists {MARKER} (at timestamptz default now(), text text)")
    patronis.sql(host, f"insert into {MARKER} (text) values ('{text}')")


def markers(patronis: Patronis, host: Host) -> list[str]:
    if patronis.sql(host, f"select to_regclass('{MARKER}')") == "":
        return []
    return patronis.sql(host, f"select text from {MARKER} order by at").splitlines()


def write_wal(patronis: Patronis, host: Host, mebibytes: int) -> None:
    patronis.sql(host, f"select count(pg_logical_emit_message(false, 'lab', repeat('x', 1048576))) from generate_series(1, {mebibytes})")
    patronis.sql(host, "checkpoint")


def stop_site(patronis: Patronis, site: Site) -> list[Host]:
    """Stops both hosts cleanly, the leader last; returns them in the order in which they should come back."""
    leader = patronis.the_leader(site)
    replica = patronis.other(site, leader)
    patronis.stop(replica)
    patronis.stop(leader)
    return [leader, replica]


def start_site(patronis: Patronis, hosts: list[Host]) -> None:
    site = SITE1 if hosts[0] in SITE1.postgres else SITE2
    patronis.start(hosts[0])
    wait_until(f"{hosts[0].name} leads {site.name}", lambda: patronis.leader(site) == hosts[0], 60)
    patronis.start(hosts[1])


def promote(patronis: Patronis, site: Site, slot: bool = True) -> Host:
    """Makes a standby cluster a cluster of its own; with the slot for the other site's way back."""
    changes: dict[str, Any] = {"standby_cluster": None}
    if slot:
        changes["slots"] = permanent_slot()
    patronis.patch(site, **changes)
    return wait_until(f"{site.name} has a primary", lambda: patronis.primary(site), 30)


def become_standby_offline(site: Site) -> None:
    """Turns a stopped site into a standby cluster, in its etcd, before any of its Patronis can promote anything."""
    etcd.change_dynamic_configuration(site, standby_cluster=upstream_of(site), slots=None)


def become_standby_live(patronis: Patronis, site: Site) -> None:
    patronis.patch(site, standby_cluster=upstream_of(site), slots=None)


def wait_following(patronis: Patronis, site: Site, seconds: float = 60) -> None:
    """Until both hosts of a site stream."""
    for host in site.postgres:
        wait_until(f"{host.name} streams", functools.partial(patronis.is_streaming, host), seconds, every=0.5)


def base_backup(patronis: Patronis, site: Site, hosts: list[Host]) -> None:
    """Brings a stopped site back with empty directories: its leader takes a base backup from the other site."""
    for host in hosts:
        patronis.wipe(host)
    # With these, the cluster would wait for a leader that has data, and refuse one whose data is older.
    for key in ("initialize", "status"):
        etcd.forget(site, key)
    become_standby_offline(site)
    start_site(patronis, hosts)
    wait_following(patronis, site)


def remove_wal(patronis: Patronis, host: Host) -> None:
    """Writes until nothing that was in pg_wal before is left."""
    before = patronis.sql(host, "select pg_walfile_name(pg_current_wal_lsn())")

    def gone() -> bool:
        for _ in range(4):
            patronis.sql(host, "select pg_logical_emit_message(false, 'lab', 'x'); select pg_switch_wal()")
        patronis.sql(host, "checkpoint")
        return patronis.sql(host, "select min(name) from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$'") > before

    wait_until(f"WAL file {before} is removed on {host.name}", gone, 60)
