"""Repair debts: what one site has and the other still lacks.  Written by whoever stores, paid by the storekeeper."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.chassis.clock import now
from services.chassis.objects import Stored
from services.chassis.tables import repair_debts
from services.messages import DocumentRef


def owe(connection: sa.Connection, ref: DocumentRef, stored: Stored) -> None:
    """Write down which sites still lack the document, in the commit that relies on it."""
    for site in stored.missing:
        values = {
            "owner": ref.owner, "sha256": ref.sha256, "media_type": ref.media_type, "size": ref.size,
            "retention": ref.retention, "site": site, "since": now(),
        }  # fmt: skip
        connection.execute(insert(repair_debts).values(values).on_conflict_do_nothing())


def ref_from(row: Any) -> DocumentRef:
    """The reference that a row of ``unstored_documents`` or ``repair_debts`` spells out."""
    return DocumentRef(row.owner, row.sha256, row.media_type, row.size, row.retention)


def debts(connection: sa.Connection) -> Sequence[Any]:
    """The debts of this service, oldest first."""
    return connection.execute(sa.select(repair_debts).order_by(repair_debts.c.since)).all()
