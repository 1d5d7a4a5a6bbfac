"""Databases and roles, made or brought up to date."""

from pathlib import Path

import psycopg
from psycopg import sql

HERE = Path(__file__).parent


def owner_of(service: str) -> str:
    """Role that makes the tables."""
    return f"{service}_owner"


def runtime_of(service: str) -> str:
    """Role of the running service: rows, no DDL."""
    return f"{service}_runtime"


def provision(admin_url: str, passwords: dict[str, str]) -> None:
    """Make every database and its two roles.

    ``admin_url``: a superuser's, to any database.  ``passwords``: by role name.  Raises psycopg.Error.
    """
    services = sorted({role.rsplit("_", 1)[0] for role in passwords})
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for role, password in passwords.items():
            _make_role(admin, role, password)
        for service in services:
            _make_database(admin, service)
    for service in services:
        grant(admin_url, service, service)


def grant(admin_url: str, database: str, service: str) -> None:
    """Give a service's roles their rights in ``database`` (its own, or a test's)."""
    names = {"database": database, "owner": owner_of(service), "runtime": runtime_of(service)}
    statements = sql.SQL((HERE / "database.sql").read_text()).format(
        **{name: sql.Identifier(value) for name, value in names.items()}
    )
    with psycopg.connect(admin_url, dbname=database) as connection:
        connection.execute(statements)


def _make_role(admin: "psycopg.Connection[tuple[object, ...]]", role: str, password: str) -> None:
    known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = sql.SQL("ALTER" if known else "CREATE")
    admin.execute(
        sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, sql.Identifier(role), sql.Literal(password)),
    )


def _make_database(admin: "psycopg.Connection[tuple[object, ...]]", service: str) -> None:
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [service]).fetchone():
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(service), sql.Identifier(owner_of(service))),
        )
