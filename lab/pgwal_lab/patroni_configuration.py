"""What Patroni is told on each host."""

import json
import shutil

from . import etcd
from .folder import USER
from .plan import PATRONI_PORT, POSTGRES_PORT, SLOT, other_site
from .programs import postgres_bin

PARAMETERS = {
    "fsync": "off",
    "shared_buffers": "16MB",
    "wal_level": "replica",
    "wal_log_hints": "on",
    "wal_keep_size": "128MB",
    "min_wal_size": "32MB",
    "max_wal_size": "128MB",
    "max_wal_senders": 10,
    "max_replication_slots": 10,
    # The default is a minute. A cut link shall be noticed while one looks.
    "wal_sender_timeout": "8s",
    "wal_receiver_timeout": "8s",
}


def upstream_of(site):
    """The part of the dynamic configuration that makes the other site's leader the upstream of this one."""
    return {"host": other_site(site).app_address, "port": POSTGRES_PORT, "primary_slot_name": SLOT}


def permanent_slot():
    return {SLOT: {"type": "physical"}}


def configuration(folder, host, site, standby):
    dynamic = {
        "loop_wait": 3,
        "ttl": 20,
        "retry_timeout": 5,
        "maximum_lag_on_failover": 1048576,
        "postgresql": {"use_pg_rewind": True, "use_slots": True, "parameters": PARAMETERS},
    }
    if standby:
        dynamic["standby_cluster"] = upstream_of(site)
    else:
        dynamic["slots"] = permanent_slot()
    home = folder.of(host)
    return {
        "scope": site.name,
        "name": host.name,
        "namespace": "/service/",
        "restapi": {"listen": f"{host.address}:{PATRONI_PORT}", "connect_address": f"{host.address}:{PATRONI_PORT}"},
        "etcd": {"url": etcd.url(site)},
        "bootstrap": {"dcs": dynamic, "initdb": [{"encoding": "UTF8"}, {"locale": "C"}]},
        "postgresql": {
            "listen": f"0.0.0.0:{POSTGRES_PORT}",
            "connect_address": f"{host.address}:{POSTGRES_PORT}",
            "use_unix_socket": True,
            "data_dir": str(folder.data(host)),
            "bin_dir": str(postgres_bin()),
            "pgpass": str(home / "pgpass"),
            "authentication": {
                "superuser": {"username": "postgres", "password": folder.password("superuser")},
                "replication": {"username": "replicator", "password": folder.password("replicator")},
                "rewind": {"username": "rewinder", "password": folder.password("rewind")},
            },
            "parameters": {
                "cluster_name": site.name,
                "unix_socket_directories": str(home),
                "logging_collector": "on",
                "log_directory": str(folder.path / "logs" / "postgresql"),
                "log_filename": f"{host.name}.log",
            },
            "pg_hba": [
                "local all postgres peer",
                # Patroni asks its own server for timeline and position this way; without it, it would never rewind.
                "host replication replicator 127.0.0.1/32 scram-sha-256",
                # It may look at statistics, and nothing else.
                "host all monitor 127.0.0.1/32 trust",
                "host all monitor 10.77.0.0/16 trust",
                "host replication replicator 10.77.0.0/16 scram-sha-256",
                "host all postgres,rewinder 10.77.0.0/16 scram-sha-256",
            ],
        },
    }


def configure(folder, host, site, standby):
    file = folder.of(host) / "patroni.yml"
    # JSON is YAML too.
    file.write_text(json.dumps(configuration(folder, host, site, standby), indent=2))
    file.chmod(0o600)
    shutil.chown(file, USER, USER)
