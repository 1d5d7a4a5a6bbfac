"""When transactions were committed, by PostgreSQL's own record (``track_commit_timestamp``).

A row names the transaction that wrote it as it is now (``xmin``).  A fact's ledger row is never changed, so it tells
the commit of the fact; an inbox row is last changed in the commit of the effect.  Both clocks are the server's.
"""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.chassis.tables import inbox, ledger

SAID = "said %"


def committed(table: sa.Table) -> sa.Label[datetime | None]:
    """A column: when the row was committed as it is; null where the server keeps no record, or no longer."""
    recorded = sa.func.current_setting("track_commit_timestamp") == "on"
    moment = sa.func.pg_xact_commit_timestamp(sa.literal_column(f"{table.name}.xmin"))
    return sa.case((recorded, moment)).label("committed_at")


def said_at(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> dict[UUID, datetime]:
    """The commit of each fact that a service has said, by message id.  ``which``: conditions on the ledger."""
    rows = sa.select(ledger.c.detail, committed(ledger)).where(ledger.c.act.like(SAID), *which)
    return {UUID(json.loads(row.detail)["message"]): row.committed_at for row in connection.execute(rows)}


def heard(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> list[sa.Row[Any]]:
    """The inbox of a service with ``committed_at`` of each row.  ``which``: conditions on the inbox."""
    return list(connection.execute(sa.select(inbox, committed(inbox)).where(*which)))
