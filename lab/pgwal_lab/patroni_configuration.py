"""What Patroni is told on each host."""

import json
from typing import Any

from testbed.commands import give
from testbed.patroni import Roles, member_configuration

from . import etcd
from .folder import USER, Folder
from .plan import NETWORK, PATRONI_PORT, POSTGRES_PORT, SLOT, Host, Site, other_site
from .programs import postgres

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


def upstream_of(site: Site) -> dict[str, Any]:
    """The part of the dynamic configuration that makes the other site's leader the upstream of this one."""
    return {"host": other_site(site).app_address, "port": POSTGRES_PORT, "primary_slot_name": SLOT}


def permanent_slot() -> dict[str, Any]:
    return {SLOT: {"type": "physical"}}


def configuration(folder: Folder, host: Host, site: Site, standby: bool) -> dict[str, Any]:
    dynamic: dict[str, Any] = {
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
    return member_configuration(
        scope=site.name,
        name=host.name,
        address=host.address,
        rest_port=PATRONI_PORT,
        port=POSTGRES_PORT,
        etcd=etcd.url(site),
        home=folder.of(host),
        log_folder=folder.path / "logs" / "postgresql",
        postgres=postgres(),
        dynamic=dynamic,
        roles=Roles(folder.password("superuser"), folder.password("replicator"), folder.password("rewind")),
        network=NETWORK.addresses,
    )


def configure(folder: Folder, host: Host, site: Site, standby: bool) -> None:
    file = folder.of(host) / "patroni.yml"
    # JSON is YAML too.
    file.write_text(json.dumps(configuration(folder, host, site, standby), indent=2))
    file.chmod(0o600)
    give(file, USER)
