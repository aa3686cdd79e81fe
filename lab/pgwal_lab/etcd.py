"""One etcd for each site, and Patroni's keys in it.

The API is version 2, since Debian's vip-manager speaks no other.
"""

import json
from typing import Any

from testbed.errors import TestbedError
from testbed.http import request, status_of
from testbed.processes import Daemons
from testbed.waiting import wait_until

from .folder import USER, Folder
from .plan import ETCD_PORT, Site


def url(site: Site) -> str:
    return f"http://{site.etcd.address}:{ETCD_PORT}"


def start(folder: Folder, daemons: Daemons, site: Site) -> None:
    data = folder.of(site.etcd) / "etcd"
    command = [
        "/usr/bin/etcd",
        f"--name={site.etcd.name}",
        f"--data-dir={data}",
        "--enable-v2=true",
        f"--listen-client-urls={url(site)}",
        f"--advertise-client-urls={url(site)}",
        "--listen-peer-urls=http://127.0.0.1:2380",
        "--initial-advertise-peer-urls=http://127.0.0.1:2380",
        f"--initial-cluster={site.etcd.name}=http://127.0.0.1:2380",
        "--logger=zap",
        "--log-level=warn",
    ]
    daemons.start(command, folder.log(site.etcd.name), name=site.etcd.name, user=USER, namespace=site.etcd.namespace)


def wait(site: Site) -> None:
    wait_until(f"{site.etcd.name} is healthy", lambda: status_of(url(site) + "/health") == 200, 20)


def _key(site: Site, name: str) -> str:
    return f"{url(site)}/v2/keys/service/{site.name}/{name}"


def forget_cluster(site: Site) -> None:
    """Deletes all that Patroni keeps there, as for a new cluster."""
    _answer(f"{url(site)}/v2/keys/service/{site.name}?recursive=true&dir=true", "DELETE")


def forget(site: Site, name: str) -> None:
    _answer(_key(site, name), "DELETE")


def dynamic_configuration(site: Site) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(json.loads(_answer(_key(site, "config"), "GET"))["node"]["value"])
    return value


def change_dynamic_configuration(site: Site, **changes: Any) -> None:
    """What `patronictl edit-config` does while no member runs; None takes a key out."""
    configuration = dynamic_configuration(site) | changes
    value = json.dumps({key: value for key, value in configuration.items() if value is not None})
    _answer(_key(site, "config"), "PUT", {"value": value})


def _answer(address: str, method: str, form: dict[str, str] | None = None) -> str:
    status, text = request(address, method, form=form)
    # A key that is not there need not be deleted.
    if status >= 300 and not (method == "DELETE" and status == 404):
        raise TestbedError(f"{method} {address}: {status} {text}")
    return text
