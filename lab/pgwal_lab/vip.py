"""Virtual addresses: keepalived with a check script for the application, vip-manager by Patroni's leader key."""

from pathlib import Path

from testbed.processes import Daemons

from . import etcd
from .folder import Folder
from .network import HOST_INTERFACE, addresses
from .plan import PATRONI_PORT, POSTGRES_PORT, SITES, Host, Site
from .programs import postgres

PRIMARY_CHECK = """\
#!/bin/sh
# Succeeds on the host whose PostgreSQL is the primary.
[ "$({psql} -XAtw -h 127.0.0.1 -p {port} -U monitor -d postgres -c 'select pg_is_in_recovery()' 2>&1)" = f ]
"""

# A check that forgets what the address is for: it succeeds on each host where Patroni runs.
CARELESS_CHECK = """\
#!/bin/bash
exec 3<>/dev/tcp/{host.address}/{patroni_port}
"""

KEEPALIVED = """\
global_defs {{
    router_id {host.name}
    script_user postgres
    vrrp_version 3
}}

vrrp_script postgresql {{
    script "{check}"
    interval 1
    timeout 2
    fall 2
    rise 1
    init_fail
}}

vrrp_instance application {{
    state BACKUP
    nopreempt
    interface {interface}
    virtual_router_id {site.number}
    priority 100
    advert_int 0.5
    unicast_src_ip {host.address}
    unicast_peer {{
        {peer.address}
    }}
    virtual_ipaddress {{
        {site.app_address}/16
    }}
    track_script {{
        postgresql
    }}
}}
"""


def _check_file(folder: Folder, host: Host) -> Path:
    # Not in the host's own folder: root runs nothing that another user may have written.
    return folder.path / f"check-{host.name}"


def write_check(folder: Folder, host: Host, text: str) -> None:
    file = _check_file(folder, host)
    new = file.with_suffix(".new")
    new.write_text(text.format(host=host, psql=postgres().program("psql"), port=POSTGRES_PORT, patroni_port=PATRONI_PORT))
    new.chmod(0o755)
    new.rename(file)


def start(folder: Folder, daemons: Daemons, site: Site) -> None:
    for host in site.postgres:
        peer = next(other for other in site.postgres if other != host)
        write_check(folder, host, PRIMARY_CHECK)
        file = folder.path / f"keepalived-{host.name}.conf"
        check = _check_file(folder, host)
        file.write_text(KEEPALIVED.format(host=host, peer=peer, site=site, check=check, interface=HOST_INTERFACE))
        keepalived = [
            "/usr/sbin/keepalived",
            "--dont-fork",
            "--vrrp",
            "--log-console",
            "--no-syslog",
            f"--use-file={file}",
            f"--pid={folder.path}/keepalived-{host.name}.pid",
            f"--vrrp_pid={folder.path}/keepalived-{host.name}-vrrp.pid",
        ]
        name = f"keepalived-{host.name}"
        daemons.start(keepalived, folder.log(name), name=name, namespace=host.namespace)
        vip_manager = [
            "/usr/bin/vip-manager",
            f"--ip={site.leader_address}",
            "--netmask=16",
            f"--interface={HOST_INTERFACE}",
            f"--trigger-key=/service/{site.name}/leader",
            f"--trigger-value={host.name}",
            "--dcs-type=etcd",
            f"--dcs-endpoints={etcd.url(site)}",
            "--interval=1000",
        ]
        name = f"vip-manager-{host.name}"
        daemons.start(vip_manager, folder.log(name), name=name, namespace=host.namespace)


def holders(address: str) -> list[Host]:
    """The hosts that have a virtual address now: none, one, or, when something is wrong, several."""
    return [host for site in SITES for host in site.postgres if address in addresses(host)]
