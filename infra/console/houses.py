"""The services as the console sees them: their settings and a reading connection to each database."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from infra.local.layout import SERVICES, Layout
from services.chassis.database import engine
from services.chassis.settings import Settings, load

__all__ = ["SERVICES", "reading", "settings_of"]


def settings_of(service: str, layout: Layout) -> Settings:
    """The settings that the launcher wrote for ``service``.  Raises FileNotFoundError before the first start."""
    path = layout.run / f"{service}.env"
    if not path.exists():
        raise FileNotFoundError(path)
    (kind,) = [
        found
        for found in vars(importlib.import_module(f"services.{service}.settings")).values()
        if isinstance(found, type) and issubclass(found, Settings) and found.service == service
    ]
    return load(kind, _env_file=path)


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
