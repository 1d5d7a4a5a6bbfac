"""``python -m services.chassis.migrate SERVICE…``: bring the databases to the newest schema, as their owner.

The runtime role gets what it needs and no more: no DDL, and neither UPDATE nor DELETE on the ledger.
"""

import importlib
import sys
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from services.chassis.settings import REPOSITORY, Settings

LOCK = 7_263_002


def migrate(settings: Settings) -> None:
    """Run what is missing, one migrator at a time.  Raises ValueError when the owner's address is not given."""
    if settings.database_owner_url is None:
        raise ValueError("TODOKE_DATABASE_OWNER_URL is not set: migrations run as the owner of the database")
    owner = sa.create_engine(settings.database_owner_url.get_secret_value())
    runtime = sa.make_url(settings.database_url.get_secret_value()).username
    with owner.begin() as connection:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        _upgrade(connection, REPOSITORY / "services" / settings.service / "migrations")
        grant(connection, str(runtime))
        connection.execute(sa.text(f"REVOKE ALL ON alembic_version FROM {quoted(str(runtime))}"))
    owner.dispose()


def _upgrade(connection: sa.Connection, folder: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    with EnvironmentContext(config, scripts, fn=lambda revision, _: scripts._upgrade_revs("head", revision)) as context:
        context.configure(connection=connection)
        context.run_migrations()


def grant(connection: sa.Connection, role: str) -> None:
    """Give the runtime role its rights on the tables that are there now."""
    name = quoted(role)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON ledger FROM {name}",
    ):
        connection.execute(sa.text(statement))


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def main() -> None:
    """Migrate the one service whose settings this process has."""
    service = importlib.import_module(f"services.{sys.argv[1]}.settings")
    migrate(service.load())


if __name__ == "__main__":
    main()
