"""One etcd for each site, and Patroni's keys in it.

The API is version 2, since Debian's vip-manager speaks no other.
"""

import json

from .folder import USER
from .plan import ETCD_PORT
from .rest import request, status_of
from .shell import LabError, wait_until


def url(site):
    return f"http://{site.etcd.address}:{ETCD_PORT}"


def start(folder, daemons, site):
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
    daemons.start(site.etcd.name, command, folder.log(site.etcd.name), host=site.etcd, user=USER)


def wait(site):
    wait_until(lambda: status_of(url(site) + "/health") == 200, 20, f"{site.etcd.name} is healthy")


def _key(site, name):
    return f"{url(site)}/v2/keys/service/{site.name}/{name}"


def forget_cluster(site):
    """Deletes all that Patroni keeps there, as for a new cluster."""
    _answer(f"{url(site)}/v2/keys/service/{site.name}?recursive=true&dir=true", "DELETE")


def forget(site, name):
    _answer(_key(site, name), "DELETE")


def dynamic_configuration(site):
    return json.loads(json.loads(_answer(_key(site, "config"), "GET"))["node"]["value"])


def change_dynamic_configuration(site, **changes):
    """What `patronictl edit-config` does while no member runs; None takes a key out."""
    configuration = dynamic_configuration(site) | changes
    value = json.dumps({key: value for key, value in configuration.items() if value is not None})
    _answer(_key(site, "config"), "PUT", {"value": value})


def _answer(address, method, form=None):
    status, text = request(address, method, form=form)
    # A key that is not there need not be deleted.
    if status >= 300 and not (method == "DELETE" and status == 404):
        raise LabError(f"{method} {address}: {status} {text}")
    return text
