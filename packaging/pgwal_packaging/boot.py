"""Boots a Debian system of its own, by systemd-nspawn, and runs a script in it as root."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PACKAGES = "systemd,systemd-sysv,dbus,postgresql,adduser,procps,curl,ca-certificates,libyaml-0-2,iproute2,rpm"
UNIT = """\
[Unit]
Description=The test
After=multi-user.target postgresql.service

[Service]
Type=oneshot
ExecStart=/bin/sh -c '{command} >/root/test.log 2>&1; echo $? >/root/test.status'
ExecStopPost=/bin/systemctl --no-block poweroff

[Install]
WantedBy=graphical.target
"""


def cache() -> Path:
    """Where roots are kept from one run to the next."""
    folder = Path(os.environ.get("PGWAL_PACKAGING_CACHE", "/var/cache/pgwal-packaging"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def release() -> str:
    """The code name of this Debian: the package's libraries are those of the machine that built it."""
    for line in Path("/etc/os-release").read_text().splitlines():
        if line.startswith("VERSION_CODENAME="):
            return line.partition("=")[2].strip('"')
    raise SystemExit("this is no Debian")


def root_archive() -> Path:
    """A minimal system with PostgreSQL, made once for each list of packages. It is thrown away by hand, when something in it is too old."""
    archive = cache() / f"root-{release()}-{hashlib.sha256(PACKAGES.encode()).hexdigest()[:12]}.tar"
    if not archive.exists():
        unfinished = archive.with_suffix(".new.tar")
        command = ["mmdebstrap", "--quiet", "--variant=apt", f"--include={PACKAGES}", release(), str(unfinished)]
        subprocess.run(command, check=True)
        unfinished.rename(archive)
    return archive


def run(script: Path, files: list[Path], limit: float) -> tuple[int, str]:
    """Boots a new system, runs the script with the files as its arguments, and takes the system away.

    Returns the script's status, and what it said; status 77: no system can be booted here.
    """
    with tempfile.TemporaryDirectory(prefix="pgwal-root-", dir=cache()) as folder:
        root = Path(folder) / "root"
        root.mkdir()
        subprocess.run(["tar", "-xf", root_archive(), "-C", root], check=True)
        for file in (script, *files):
            shutil.copy(file, root / "root" / file.name)
        command = " ".join(f"/root/{file.name}" for file in (script, *files))
        unit = root / "etc/systemd/system/pgwal-test.service"
        unit.write_text(UNIT.format(command=command))
        wants = root / "etc/systemd/system/graphical.target.wants"
        wants.mkdir(exist_ok=True)
        (wants / unit.name).symlink_to(f"/etc/systemd/system/{unit.name}")
        # In a mount namespace of its own, whose /run is not this machine's; the end of the first process ends all.
        nspawn = "mount --make-rprivate / && mount -t tmpfs tmpfs /run && mkdir /run/systemd && exec systemd-nspawn"
        flags = f"--quiet --register=no --keep-unit --private-network --console=pipe -D {root} --boot"
        boot = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", f"{nspawn} {flags}"]
        try:
            console = subprocess.run(boot, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit).stdout
        except subprocess.TimeoutExpired as error:
            console = f"not finished within {limit:.0f} s\n{(error.stdout or b'')[-2000:]!r}"
        log, status = root / "root/test.log", root / "root/test.status"
        if not log.exists():
            return 77, f"no system can be booted here:\n{console[-2000:]}"
        return int(status.read_text()) if status.exists() else 1, log.read_text() + ("" if status.exists() else console)
