"""Waking up when a transaction commits something: PostgreSQL LISTEN/NOTIFY, with a poll as the safety net."""

import psycopg
import sqlalchemy as sa

from services.chassis.prompt_connection import CONNECT_SECONDS, PromptConnection
from services.chassis.settings import Settings

SILENCE_SECONDS = 10


def listener(settings: Settings, channel: str) -> "psycopg.Connection[tuple[object, ...]]":
    """A connection of its own that hears ``channel``.  Raises psycopg.OperationalError when the database is down."""
    url = sa.make_url(settings.database_url.get_secret_value()).set(drivername="postgresql")
    connection = PromptConnection.connect(
        url.render_as_string(hide_password=False),
        autocommit=True,
        connect_timeout=CONNECT_SECONDS,
        application_name=f"todoke-{settings.service}-{channel}",
    )
    connection.be_patient_for(SILENCE_SECONDS)
    connection.execute(f"LISTEN {channel}".encode())
    return connection


def wait_for_notice(connection: "psycopg.Connection[tuple[object, ...]]", seconds: float) -> None:
    """Return at the first notice, or after ``seconds``."""
    for _ in connection.notifies(timeout=seconds, stop_after=1):
        return
