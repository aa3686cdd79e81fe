"""Taking a site away, promoting the other, and the ways back."""

import time

from . import etcd
from .patroni_configuration import permanent_slot, upstream_of
from .plan import SITE1, SITE2
from .shell import wait_until

MARKER = "marker"


def write_marker(patronis, host, text):
    """One row, by which one sees later whose history a server has."""
    patronis.sql(host, f"create table if not exists {MARKER} (at timestamptz default now(), text text)")
    patronis.sql(host, f"insert into {MARKER} (text) values ('{text}')")


def markers(patronis, host):
    if patronis.sql(host, f"select to_regclass('{MARKER}')") == "":
        return []
    return patronis.sql(host, f"select text from {MARKER} order by at").splitlines()


def write_wal(patronis, host, mebibytes):
    patronis.sql(host, f"select count(pg_logical_emit_message(false, 'lab', repeat('x', 1048576))) from generate_series(1, {mebibytes})")
    patronis.sql(host, "checkpoint")


def stop_site(patronis, site):
    """Stops both hosts cleanly, the leader last; returns them in the order in which they should come back."""
    leader, replica = patronis.leader(site), patronis.replica(site)
    patronis.stop(replica)
    patronis.stop(leader)
    return [leader, replica]


def start_site(patronis, hosts):
    site = SITE1 if hosts[0] in SITE1.postgres else SITE2
    patronis.start(hosts[0])
    wait_until(lambda: patronis.leader(site) == hosts[0], 60, f"{hosts[0].name} leads {site.name}")
    patronis.start(hosts[1])


def promote(patronis, site, slot=True):
    """Makes a standby cluster a cluster of its own; with the slot for the other site's way back."""
    changes = {"standby_cluster": None}
    if slot:
        changes["slots"] = permanent_slot()
    patronis.patch(site, **changes)
    return wait_until(lambda: patronis.primary(site), 30, f"{site.name} has a primary")


def become_standby_offline(site):
    """Turns a stopped site into a standby cluster, in its etcd, before any of its Patronis can promote anything."""
    etcd.change_dynamic_configuration(site, standby_cluster=upstream_of(site), slots=None)


def become_standby_live(patronis, site):
    patronis.patch(site, standby_cluster=upstream_of(site), slots=None)


def wait_following(patronis, site, seconds=60):
    """Until both hosts of a site stream."""
    for host in site.postgres:
        wait_until(lambda host=host: patronis.is_streaming(host), seconds, f"{host.name} streams", every=0.5)


def base_backup(patronis, site, hosts):
    """Brings a stopped site back with empty directories: its leader takes a base backup from the other site."""
    for host in hosts:
        patronis.wipe(host)
    # With these, the cluster would wait for a leader that has data, and refuse one whose data is older.
    for key in ("initialize", "status"):
        etcd.forget(site, key)
    become_standby_offline(site)
    start_site(patronis, hosts)
    wait_following(patronis, site)


def remove_wal(patronis, host):
    """Writes until nothing that was in pg_wal before is left."""
    before = patronis.sql(host, "select pg_walfile_name(pg_current_wal_lsn())")

    def gone():
        for _ in range(4):
            patronis.sql(host, "select pg_logical_emit_message(false, 'lab', 'x'); select pg_switch_wal()")
        patronis.sql(host, "checkpoint")
        return patronis.sql(host, "select min(name) from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$'") > before

    wait_until(gone, 60, f"WAL file {before} is removed on {host.name}")
    time.sleep(1)
