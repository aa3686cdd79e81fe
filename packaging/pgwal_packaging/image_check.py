"""The image at work: unpacked by umoci, run by crun, watching a real server over TLS."""

import json
import subprocess
from pathlib import Path

from testbed.commands import give, run, server_user
from testbed.errors import Hopeless
from testbed.folders import temporary
from testbed.http import request
from testbed.ports import free_port
from testbed.postgres import Installation, Server
from testbed.processes import Processes
from testbed.waiting import wait_until

from .version import Version, is_trial

#: The server's name is what its certificate is for; libpq connects to hostaddr.
SERVER_NAME = "db.example"
SHELLS = ("sh", "bash", "dash", "busybox")


def certificate(folder: Path) -> None:
    """A certificate that vouches for itself."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={SERVER_NAME}"]
    run([*command, "-addext", f"subjectAltName=DNS:{SERVER_NAME}", "-keyout", folder / "server.key", "-out", folder / "server.crt"])
    (folder / "server.crt").chmod(0o644)
    (folder / "server.key").chmod(0o600)
    give(folder / "server.key", server_user())


def bundle(layout: Path, folder: Path, version: Version, mounts: dict[Path, str], environment: list[str], arguments: list[str]) -> None:
    """The image as a bundle for crun: as it says itself, with a read-only root, no capability, and this machine's network."""
    run(["umoci", "unpack", "--image", f"{layout}:{version.tag}", folder])
    configuration = folder / "config.json"
    spec = json.loads(configuration.read_text())
    spec["root"]["readonly"] = True
    spec["process"]["terminal"] = False
    spec["process"]["args"] += arguments
    spec["process"]["env"] += environment
    spec["process"]["noNewPrivileges"] = True
    spec["process"]["capabilities"] = {kind: [] for kind in ("bounding", "effective", "inheritable", "permitted", "ambient")}
    spec["process"].pop("rlimits", None)
    spec["linux"]["namespaces"] = [{"type": kind} for kind in ("pid", "ipc", "uts", "mount")]
    spec["linux"].pop("resources", None)
    spec["mounts"] = [mount for mount in spec["mounts"] if mount["type"] in ("proc", "tmpfs")]
    spec["mounts"] += [
        {"destination": place, "type": "bind", "source": str(source), "options": ["bind", "ro"]} for source, place in mounts.items()
    ]
    configuration.write_text(json.dumps(spec))


def crun(state: Path, *words: str) -> list[str]:
    """crun without control groups, which it knows in the kernel's purest form alone: in a mount namespace where there are none."""
    alone = 'mount --make-rprivate / && mount -t tmpfs tmpfs /sys/fs/cgroup && exec crun "$@"'
    return ["unshare", "--mount", "sh", "-c", alone, "crun", "--root", str(state), "--cgroup-manager=disabled", *words]


def at_work(layout: Path, version: Version) -> str:
    """Returns what does not hold, or nothing."""
    with temporary("pgwal-image-") as folder, Processes() as processes:
        certificate(folder)
        folder.chmod(0o755)
        settings = {"ssl": "on", "ssl_cert_file": str(folder / "server.crt"), "ssl_key_file": str(folder / "server.key")}
        access = "local all all trust\nhostssl all all 127.0.0.0/8 scram-sha-256\n"
        server = Server(
            processes, Installation.find(), folder / "server", port=free_port(), settings=settings, access=access, password="topsecret"
        ).create()
        port = free_port()
        (folder / "password").write_text("topsecret\n")
        (folder / "password").chmod(0o644)
        dsn = f"host={SERVER_NAME} hostaddr=127.0.0.1 port={server.port} user=monitor dbname=postgres sslmode=verify-full"
        (folder / "pgwal_exporter.yml").write_text(
            f"targets:\n  - {{name: good, dsn: {dsn} sslrootcert=/ca.crt, password_file: /password}}\n"
            # The image's own authorities do not know this server.
            f"  - {{name: stranger, dsn: {dsn} sslrootcert=/etc/ssl/certs/ca-certificates.crt, password_file: /password}}\n"
        )
        mounts = {
            folder / "server.crt": "/ca.crt",
            folder / "password": "/password",
            folder / "pgwal_exporter.yml": "/etc/pgwal_exporter/pgwal_exporter.yml",
        }
        environment = [f"PGWAL_WEB_LISTEN_ADDRESS=127.0.0.1:{port}"]
        bundle(layout, folder / "serve", version, mounts, environment, ["--config.file", "/etc/pgwal_exporter/pgwal_exporter.yml"])
        root = folder / "serve/rootfs"
        if shells := [str(path) for path in root.rglob("*") if path.name in SHELLS]:
            return f"there is a shell: {shells}"
        size = sum(path.lstat().st_size for path in root.rglob("*"))
        if size > 60e6 and not is_trial():
            return f"{size / 1e6:.0f} MB"
        print(f"  unpacked: {size / 1e6:.0f} MB")
        state = folder / "state"
        process = processes.start(crun(state, "run", "--bundle", str(folder / "serve"), "pgwal-serve"), folder / "serve.log", name="image")

        def page() -> str | None:
            if not process.running:
                raise Hopeless(f"it ended: {process.complaint()}")
            try:
                return request(f"http://127.0.0.1:{port}/metrics", timeout=10)[1]
            except OSError:
                return None

        text = wait_until("the page", page)
        for line in ('pgwal_up{target="good"} 1', 'pgwal_up{target="stranger"} 0'):
            if line not in text:
                return f"no {line}:\n{text[:3000]}"
        inside = next((pid for pid in process.family() if b"pgwal_exporter" in Path(f"/proc/{pid}/cmdline").read_bytes()[:40]), process.pid)
        status = Path(f"/proc/{inside}/status").read_text()
        if "Uid:\t10195" not in status or "CapEff:\t0000000000000000" not in status:
            return f"it runs as somebody else:\n{status}"
        print("  TLS verified by a mounted certificate, a stranger refused; user 10195, no capability")
        health = crun(state, "exec", "pgwal-serve", "/usr/bin/pgwal_exporter", "health")
        answer = subprocess.run(health, check=False, capture_output=True, text=True)
        if answer.returncode != 0 or "healthy" not in answer.stdout:
            return f"health: {answer}"
        print(f"  {answer.stdout.strip()}")
        return ""
