"""The services as the console sees them: their settings and a reading connection to each database."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from infra.local.layout import SERVICES, Layout
from infra.local.service_settings import settings_of
from services.chassis.database import engine

__all__ = ["SERVICES", "reading", "settings_of"]


@contextmanager
def reading(service: str, layout: Layout) -> Iterator[sa.Connection]:
    """A connection that cannot change anything."""
    source = engine(settings_of(service, layout), size=1)
    try:
        with source.connect() as connection:
            connection.execute(sa.text("SET default_transaction_read_only = on"))
            yield connection
    finally:
        source.dispose()
