"""A database of its own for one service, migrated as at a start of the town."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg import sql

from infra.local.system import System
from infra.postgres.provisioning import grant, owner_of
from services.chassis.migrate import migrate
from services.chassis.settings import Settings, load

S = TypeVar("S", bound=Settings)


@contextmanager
def migrated(system: System, kind: type[S], **values: Any) -> Iterator[S]:
    """Settings of ``kind`` over a fresh database; the database is dropped at the end."""
    name = f"test_{kind.service}_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(system.admin_database_url(), autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner_of(kind.service)))
        )
        grant(system.admin_database_url(), name, kind.service)
        settings = load(kind, **(_environment(system, kind.service, name) | values))
        migrate(settings)
        yield settings
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _environment(system: System, service: str, database: str) -> dict[str, Any]:
    values = {key.removeprefix("TODOKE_").lower(): value for key, value in system.environment(service).items()}
    for key in ("database_url", "database_owner_url"):
        values[key] = sa.make_url(values[key]).set(database=database).render_as_string(hide_password=False)
    return values
