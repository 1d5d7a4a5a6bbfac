"""Facts on their way out: rows written with the state they speak of, published afterwards by the relay."""

from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from services.chassis.clock import now
from services.chassis.tables import outbox
from services.messages import Envelope, Fact, encode

if TYPE_CHECKING:
    from services.chassis.database import Work

CHANNEL = "outbox"


def append(work: "Work", fact: Fact, message_id: UUID, ledger_head: str, correlation: str) -> None:
    """Insert the message and wake the relay at the commit.  Called with the ledger's lock held, which orders it."""
    said_at = now()
    envelope = Envelope(
        id=message_id,
        source=work.service,
        type=fact.type(work.service),
        subject=str(fact.case_id),
        time=said_at,
        correlationid=correlation,
        sequence=_next_sequence(work.connection, fact.case_id),
        ledgerhead=ledger_head,
        data=encode(fact),
    )
    work.connection.execute(
        outbox.insert().values(
            id=message_id,
            work_id=work.id,
            case_id=fact.case_id,
            sequence=envelope.sequence,
            routing_key=fact.routing_key(),
            body=envelope.to_json(),
            said_at=said_at,
        )
    )
    work.connection.execute(sa.text(f"NOTIFY {CHANNEL}"))


def _next_sequence(connection: sa.Connection, case_id: UUID) -> int:
    newest = connection.scalar(sa.select(sa.func.max(outbox.c.sequence)).where(outbox.c.case_id == case_id))
    return (newest or 0) + 1
