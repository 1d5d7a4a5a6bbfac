"""What the migrations make is what the code believes: tables, columns, types, keys."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from infra.local.system import System
from services.chassis import tables as machinery
from services.chassis.settings import REPOSITORY
from services.chassis.web import kept_forms, sessions
from tests.architecture.test_settings import kind_of
from tests.integration.databases import migrated

SERVICES = ("intake", "approval", "signing", "delivery", "archive")
# Where the migrations may say more than the code needs to know: keys of other tables, indexes, checks.
COMPARED = {"add_table", "remove_table", "add_column", "remove_column", "modify_type", "modify_nullable"}


def believed(service: str) -> sa.MetaData:
    """The tables of the machinery and of one service."""
    metadata = sa.MetaData()
    for module in (machinery, sessions, kept_forms, *stores_of(service)):
        for found in vars(module).values():
            if isinstance(found, sa.Table) and found.name not in metadata.tables:
                found.to_metadata(metadata)
    return metadata


def stores_of(service: str) -> Iterator[Any]:
    """The service's store; a room may be a folder."""
    store = importlib.import_module(f"services.{service}.store")
    yield store
    for found in pkgutil.iter_modules(getattr(store, "__path__", ())):
        yield importlib.import_module(f"{store.__name__}.{found.name}")


def differences(connection: sa.Connection, metadata: sa.MetaData) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    groups = [group if isinstance(group, list) else [group] for group in compare_metadata(context, metadata)]
    return [each for group in groups for each in group if each[0] in COMPARED]


def keys(inspector: sa.Inspector) -> dict[str, list[str]]:
    names = [name for name in inspector.get_table_names() if name != "alembic_version"]
    return {name: sorted(inspector.get_pk_constraint(name)["constrained_columns"]) for name in names}


@pytest.mark.parametrize("service", SERVICES)
def test_the_tables_after_the_migrations_are_those_of_the_code(service: str, servers: System) -> None:
    metadata = believed(service)
    with migrated(servers, kind_of(service)) as settings:
        source = sa.create_engine(settings.database_url.get_secret_value())
        with source.connect() as connection:
            assert differences(connection, metadata) == []
            believed_keys = {name: sorted(each.primary_key.columns.keys()) for name, each in metadata.tables.items()}
            assert keys(sa.inspect(connection)) == believed_keys
        source.dispose()


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_stand_in_one_line(service: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(REPOSITORY / "services" / service / "migrations"))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1
