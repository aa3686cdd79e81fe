"""The OCI image: the program, the libraries that it is run with, certificate authorities, and nothing else; written without a daemon.

What goes in is sorted and dated by the commit, so that the same files make the same digest.
"""

import gzip
import hashlib
import io
import json
import shutil
import subprocess
import tarfile
from pathlib import Path

from .libraries import needed, package_of
from .version import ROOT, Version

USER = 10195
PASSWD = f"root:x:0:0:root:/:/nonexistent\npgwal:x:{USER}:{USER}:pgwal_exporter:/:/nonexistent\n"
FILES = {
    "etc/passwd": PASSWD,
    "etc/group": f"root:x:0:\npgwal:x:{USER}:\n",
    # The C library has both of these in itself.
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


class Layer:
    """A tar archive in the making: sorted by nobody but who adds, dated alike, owned by root."""

    def __init__(self, time: int) -> None:
        self.time = time
        self.buffer = io.BytesIO()
        # Closed by `bytes`.
        self.tar = tarfile.open(  # noqa: SIM115
            fileobj=self.buffer, mode="w", format=tarfile.USTAR_FORMAT
        )
        self.folders: set[str] = set()

    def _add(self, name: str, kind: bytes, mode: int, content: bytes = b"", link: str = "") -> None:
        for parent in [str(p) for p in reversed(Path(name).parents) if str(p) != "."]:
            if parent not in self.folders:
                self.folders.add(parent)
                self._add(parent, tarfile.DIRTYPE, 0o755)
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode, entry.size, entry.linkname, entry.mtime = kind, mode, len(content), link, self.time
        entry.uname = entry.gname = "root"
        self.tar.addfile(entry, io.BytesIO(content))

    def folder(self, name: str, mode: int = 0o755) -> None:
        self.folders.add(name)
        self._add(name, tarfile.DIRTYPE, mode)

    def file(self, name: str, content: bytes, mode: int = 0o644) -> None:
        self._add(name, tarfile.REGTYPE, mode, content)

    def link(self, name: str, target: str) -> None:
        self._add(name, tarfile.SYMTYPE, 0o777, link=target)

    def bytes(self) -> bytes:
        self.tar.close()
        return self.buffer.getvalue()


def base_layer(binary: Path, time: int) -> bytes:
    """What changes seldom: libraries with their licences, authorities, names of users."""
    layer = Layer(time)
    for name, text in sorted(FILES.items()):
        layer.file(name, text.encode())
    layer.file("etc/ssl/certs/ca-certificates.crt", AUTHORITIES.read_bytes())
    layer.link("usr/lib/ssl/cert.pem", "/etc/ssl/certs/ca-certificates.crt")
    layer.link("usr/lib/ssl/certs", "/etc/ssl/certs")
    for name in ("lib", "lib64"):
        layer.link(name, f"usr/{name}")
    packages = set()
    for library in needed(binary):
        place = str(library).lstrip("/")
        place = place if place.startswith("usr/") else f"usr/{place}"
        layer.file(place, library.resolve().read_bytes(), 0o755)
        packages.add(package_of(library))
    for package in sorted(packages):
        copyright_file = Path("/usr/share/doc") / package.name / "copyright"
        if copyright_file.exists():
            layer.file(f"usr/share/doc/{package.name}/copyright", copyright_file.read_bytes())
    # Read-only as all is, but there: a place to mount on.
    layer.folder("tmp", 0o1777)
    return layer.bytes()


def program_layer(binary: Path, time: int, work: Path) -> bytes:
    """What changes with each build."""
    stripped = work / "pgwal_exporter"
    subprocess.run(["strip", "--strip-all", "-o", stripped, binary], check=True)
    layer = Layer(time)
    layer.file("usr/bin/pgwal_exporter", stripped.read_bytes(), 0o755)
    layer.file("usr/share/doc/pgwal-exporter/copyright", (ROOT / "packaging/debian/copyright").read_bytes())
    layer.file("usr/share/doc/pgwal-exporter/LICENSE", (ROOT / "LICENSE").read_bytes())
    layer.folder("etc/pgwal_exporter")
    return layer.bytes()


def blob(folder: Path, content: bytes, media_type: str) -> dict[str, object]:
    """Stores a blob, and describes it."""
    digest = hashlib.sha256(content).hexdigest()
    (folder / "blobs/sha256" / digest).write_bytes(content)
    return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}


def labels(version: Version) -> dict[str, str]:
    """What the image says of itself, by the names that OCI has for it."""
    prefix = "org.opencontainers.image."
    texts = {
        "title": "pgwal_exporter",
        "description": "Prometheus exporter for PostgreSQL's WAL and replication",
        "version": version.text,
        "revision": version.revision,
        "created": version.date,
        "licenses": "Apache-2.0",
    }
    return {prefix + key: text for key, text in texts.items()}


def layout(binary: Path, folder: Path, version: Version, work: Path) -> str:
    """Writes an OCI image layout. Returns the digest of the image."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "blobs/sha256").mkdir(parents=True)
    layers = [base_layer(binary, version.epoch), program_layer(binary, version.epoch, work)]
    descriptors = [
        blob(folder, gzip.compress(layer, compresslevel=6, mtime=0), "application/vnd.oci.image.layer.v1.tar+gzip") for layer in layers
    ]
    machine = subprocess.run(["uname", "-m"], check=True, capture_output=True, text=True).stdout.strip()
    config = {
        "created": version.date,
        "architecture": ARCHITECTURES.get(machine, machine),
        "os": "linux",
        "config": {
            "User": f"{USER}:{USER}",
            "ExposedPorts": {"10195/tcp": {}},
            "Env": ["PATH=/usr/bin"],
            "Entrypoint": ["/usr/bin/pgwal_exporter"],
            "WorkingDir": "/",
            "Labels": labels(version),
            # Not in the specification; those that know it take it.
            "Healthcheck": {
                "Test": ["CMD", "/usr/bin/pgwal_exporter", "health"],
                "Interval": 30_000_000_000,
                "Timeout": 6_000_000_000,
                "StartPeriod": 10_000_000_000,
            },
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}" for layer in layers]},
        "history": [
            {"created": version.date, "created_by": "packaging/build image: libraries"},
            {"created": version.date, "created_by": "packaging/build image: pgwal_exporter"},
        ],
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": blob(folder, json.dumps(config, sort_keys=True).encode(), "application/vnd.oci.image.config.v1+json"),
        "layers": descriptors,
        "annotations": labels(version),
    }
    described = blob(folder, json.dumps(manifest, sort_keys=True).encode(), "application/vnd.oci.image.manifest.v1+json")
    described["annotations"] = {"org.opencontainers.image.ref.name": version.tag}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [described]}, sort_keys=True))
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    return str(described["digest"])


def archive(folder: Path, target: Path, time: int) -> None:
    """The layout as one file, as skopeo, podman and docker load it."""
    layer = Layer(time)
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        layer.file(str(path.relative_to(folder)), path.read_bytes())
    target.write_bytes(layer.bytes())


def build(binary: Path, work: Path, out: Path) -> list[Path]:
    """Builds the image as an archive."""
    version = Version.of(binary)
    work.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    digest = layout(binary, work / "layout", version, work)
    target = out / f"pgwal-exporter-{version.tag}.oci.tar"
    archive(work / "layout", target, version.epoch)
    print(digest)
    return [target]
