"""Patroni: its REST interface as an operator uses it, and a stand-in that only answers."""

import contextlib
import http.server
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import TestbedError
from .http import json_of, request, status_of
from .postgres import MONITOR, SUPERUSER, Installation

CHECKS = ("health", "primary", "standby-leader", "replica", "readiness", "liveness")
LEADERS = ("primary", "master", "leader", "standby_leader")


class Member:
    """One member, by the address of its REST interface."""

    def __init__(self, url: str) -> None:
        self.url = url

    def itself(self) -> dict[str, Any] | None:
        """What it says of itself; None when it does not answer."""
        answer = json_of(f"{self.url}/patroni")
        return answer if isinstance(answer, dict) else None

    def cluster(self) -> dict[str, Any] | None:
        answer = json_of(f"{self.url}/cluster")
        return answer if isinstance(answer, dict) else None

    def leads(self) -> bool:
        """Whether it runs and holds the leader key, by its own words."""
        said = self.itself() or {}
        return said.get("state") == "running" and said.get("role") in LEADERS

    def says(self) -> dict[str, Any]:
        """Its own words, and the status of its health checks."""
        said = self.itself() or {}
        words = {key: said.get(key) for key in ("role", "state", "replication_state", "timeline")}
        return {**words, "checks": {check: status_of(f"{self.url}/{check}") for check in CHECKS}}

    def patch(self, **changes: Any) -> None:
        """Changes the dynamic configuration; None takes a key out. Raises OSError when nothing answers."""
        self._asked("PATCH", "config", changes)

    def reinitialize(self) -> None:
        """Has a replica made anew, by a base backup from its leader."""
        self._asked("POST", "reinitialize", {"force": True})

    def switchover(self, leader: str, candidate: str) -> bool:
        """Hands the leader key on; False when Patroni does not want to, yet."""
        return request(f"{self.url}/switchover", "POST", {"leader": leader, "candidate": candidate}, timeout=30)[0] == 200

    def _asked(self, method: str, path: str, body: Any) -> None:
        status, text = request(f"{self.url}/{path}", method, body)
        if status != 200:
            raise TestbedError(f"{method} {self.url}/{path}: {status} {text}")


@dataclass(frozen=True)
class Listed:
    """A member as `/cluster` lists it."""

    name: str
    role: str
    host: str
    port: int


@dataclass(frozen=True)
class Cluster:
    scope: str
    members: Sequence[Listed]


@dataclass(frozen=True)
class Roles:
    """The passwords of the roles that Patroni uses."""

    superuser: str
    replication: str
    rewind: str


def member_configuration(
    *,
    scope: str,
    name: str,
    address: str,
    rest_port: int,
    port: int,
    etcd: str,
    home: Path,
    log_folder: Path,
    postgres: Installation,
    dynamic: dict[str, Any],
    roles: Roles,
    network: str,
) -> dict[str, Any]:
    """What one member is told: a server in `home`/data, reached by its network, and by the role of the exporters for statistics alone."""
    return {
        "scope": scope,
        "name": name,
        "namespace": "/service/",
        "restapi": {"listen": f"{address}:{rest_port}", "connect_address": f"{address}:{rest_port}"},
        "etcd": {"url": etcd},
        "bootstrap": {"dcs": dynamic, "initdb": [{"encoding": "UTF8"}, {"locale": "C"}]},
        "postgresql": {
            "listen": f"0.0.0.0:{port}",
            "connect_address": f"{address}:{port}",
            "use_unix_socket": True,
            "data_dir": str(home / "data"),
            "bin_dir": str(postgres.bin),
            "pgpass": str(home / "pgpass"),
            "authentication": {
                "superuser": {"username": SUPERUSER, "password": roles.superuser},
                "replication": {"username": "replicator", "password": roles.replication},
                "rewind": {"username": "rewinder", "password": roles.rewind},
            },
            "parameters": {
                "cluster_name": scope,
                "unix_socket_directories": str(home),
                "logging_collector": "on",
                "log_directory": str(log_folder),
                "log_filename": f"{name}.log",
            },
            "pg_hba": [
                f"local all {SUPERUSER} peer",
                # Patroni asks its own server for timeline and position this way; without it, it would never rewind.
                "host replication replicator 127.0.0.1/32 scram-sha-256",
                # It may look at statistics, and nothing else.
                f"host all {MONITOR} 127.0.0.1/32 trust",
                f"host all {MONITOR} {network} trust",
                f"host replication replicator {network} scram-sha-256",
                f"host all {SUPERUSER},rewinder {network} scram-sha-256",
            ],
        },
    }


class StandIn:
    """Answers as the REST interfaces of clusters: of each at an address of its own, all at one port."""

    def __init__(self, port: int, clusters: dict[str, Cluster]) -> None:
        """The clusters by their addresses."""
        self._port = port
        self._listen = next(iter(clusters)) if len(clusters) == 1 else "0.0.0.0"
        self._answers = {address: self._of(address, cluster) for address, cluster in clusters.items()}
        self._server: http.server.ThreadingHTTPServer | None = None
        #: Without its DCS, Patroni answers from itself alone, and says so; on all else it hangs up.
        self.has_dcs = True

    def url(self, address: str) -> str:
        return f"http://{address}:{self._port}"

    def _of(self, address: str, cluster: Cluster) -> dict[str, bytes]:
        members = [
            {"name": each.name, "role": each.role, "state": "running", "api_url": f"{self.url(address)}/patroni"}
            | {"host": each.host, "port": each.port, "timeline": 1}
            for each in cluster.members
        ]
        itself = {"version": "3.0.2", "scope": cluster.scope, "name": cluster.members[0].name}
        answers = {
            "/cluster": {"members": members, "scope": cluster.scope},
            "/config": {"ttl": 30, "loop_wait": 10},
            "/history": [],
            "/patroni": {"state": "running", "role": "master", "timeline": 1, "patroni": itself},
        }
        return {path: json.dumps(answer).encode() for path, answer in answers.items()}

    def start(self) -> None:
        stand_in = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = stand_in._answers.get(self.connection.getsockname()[0], {}).get(self.path)
                if not stand_in.has_dcs:
                    if self.path != "/patroni" or body is None:
                        return
                    body = json.dumps(json.loads(body) | {"cluster_unlocked": True}).encode()
                # Who asks may have given up meanwhile.
                with contextlib.suppress(OSError):
                    self.send_response(404 if body is None else 200)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body or b"")))
                    self.end_headers()
                    self.wfile.write(body or b"")

            def log_message(self, *_: object) -> None:
                pass

        class Many(http.server.ThreadingHTTPServer):
            request_queue_size = 500

        self._server = Many((self._listen, self._port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Also when it does not run."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
