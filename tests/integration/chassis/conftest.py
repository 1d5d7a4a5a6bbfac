"""A database of its own for each of the two toy services, and their processes."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from kombu import Connection

from infra.local.system import System
from services.chassis import machinery
from services.chassis.clock import now
from services.chassis.database import engine, work_on
from services.chassis.migrate import grant
from services.chassis.settings import Settings, load
from services.messages import DocumentRef, DocumentSigned, StoredVersions
from tests.integration.chassis.toys import HearerSettings, SayerSettings

REPOSITORY = Path(__file__).parents[3]


@dataclass
class Toy:
    """One toy service: its settings, its database, its process."""

    role: str
    settings: Settings
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    log: Path = field(default_factory=Path)

    def __post_init__(self) -> None:
        self.engine = engine(self.settings)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "tests/integration/chassis/toys.py", self.role],
                cwd=REPOSITORY,
                env=os.environ | self.environment | {"PYTHONPATH": str(REPOSITORY)},
                stdout=log,
                stderr=log,
            )

    def end(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(20)

    def count(self, query: str) -> int:
        with self.engine.connect() as connection:
            return int(connection.scalar(sa.text(query)) or 0)

    def execute(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(sa.text(statement))

    def say(self, outcome: str = "granted", count: int = 1) -> list[uuid.UUID]:
        """Say facts, each of its own case, in a work of its own."""
        cases = [uuid.uuid4() for _ in range(count)]
        for case in cases:
            with work_on(self.engine, self.settings.service) as work:
                work.say(signed(case, outcome))
        return cases


def signed(case: uuid.UUID, outcome: str) -> DocumentSigned:
    ref = DocumentRef(str(case), "0" * 64, "application/pdf", 1)
    return DocumentSigned(
        case_id=case,
        document_id=case,
        document_type="subsidy-grant",
        document_number="高建第1号",
        outcome=outcome,
        document=ref,
        notice=ref,
        versions=StoredVersions("a", "b"),
        level="B-T",
        signed_at=now(),
    )


def make_toy(role: str, kind: type[Settings], system: System, tmp_path: Path) -> Toy:
    service = kind.service
    name = f"toy_{service}_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(system.admin_database_url(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    environment = system.environment(service)
    for key in ("TODOKE_DATABASE_URL", "TODOKE_DATABASE_OWNER_URL"):
        environment[key] = environment[key].replace(f"/{service}?", f"/{name}?").removesuffix(f"/{service}") + (
            "" if f"/{service}?" in environment[key] else f"/{name}"
        )
    admin_url = system.admin_database_url(name).replace("postgresql://", "postgresql+psycopg://")
    owner = sa.create_engine(admin_url)
    runtime = sa.make_url(environment["TODOKE_DATABASE_URL"]).username
    with owner.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        machinery.create_v1(operations)
        machinery.create_v2(operations)
        connection.execute(sa.text("CREATE TABLE effect (case_id uuid)"))
        connection.execute(sa.text("CREATE TABLE switch (on_ boolean)"))
        grant(connection, str(runtime))
    owner.dispose()
    lower = {key.removeprefix("TODOKE_").lower(): value for key, value in environment.items()}
    return Toy(role, load(kind, **lower), environment, log=tmp_path / f"{role}.log")


@pytest.fixture
def sayer(servers: System, tmp_path: Path) -> Iterator[Toy]:
    yield from lent(make_toy("sayer", SayerSettings, servers, tmp_path))


@pytest.fixture
def hearer(servers: System, tmp_path: Path) -> Iterator[Toy]:
    toy = make_toy("hearer", HearerSettings, servers, tmp_path)
    forget_earlier_tests(toy)
    yield from lent(toy)


def forget_earlier_tests(toy: Toy) -> None:
    """A test without a hearer leaves its facts in the queue; they are no business of this one."""
    with Connection(toy.settings.amqp_uri) as connection:
        connection.channel().queue_purge("archive.signing.document_signed.v1")


def lent(toy: Toy) -> Iterator[Toy]:
    toy.start()
    yield toy
    if toy.process is not None and toy.process.poll() is None:
        toy.end(signal.SIGKILL)
    toy.engine.dispose()


def eventually(condition: Callable[[], bool], seconds: float = 90) -> None:
    """Wait for what must come; fails when it does not."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)
