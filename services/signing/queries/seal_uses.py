"""公印使用簿: each use of a seal, as the hash-chained ledger has it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.chassis.clock import TOKYO
from services.chassis.tables import ledger
from services.signing.store import documents

ACTS = ("seal permitted", "seal refused", "document signed", "contract and certificate signed")
MOST = 5000


@dataclass(frozen=True, kw_only=True)
class Use:
    """One row of the ledger.  ``seq``: its number in the chain; ``hash``: of the row; ``actor``: sub, or signing."""

    seq: int
    at: datetime
    act: str
    actor: str
    hash: str
    document_id: UUID
    document_number: str
    document_type: str
    decider: str
    decided_at: datetime
    reason: str


def uses(connection: sa.Connection, keepers: Collection[str], first: date, last: date) -> Sequence[Use]:
    """Of the seals that these posts keep, from the first day to the last (in Japan), the oldest first; MOST at most."""
    begin, end = datetime.combine(first, time.min, TOKYO), datetime.combine(last, time.max, TOKYO)
    which = sa.cast(sa.cast(ledger.c.detail, JSONB)["document"].astext, sa.Uuid)
    query = (
        sa.select(
            ledger.c.seq, ledger.c.at, ledger.c.act, ledger.c.actor, ledger.c.hash, documents.c.document_id,
            documents.c.document_number, documents.c.document_type, documents.c.decider, documents.c.decided_at,
            documents.c.reason,
        )
        .join(documents, documents.c.document_id == which)
        .where(ledger.c.act.in_(ACTS), documents.c.keeper_post.in_(keepers), ledger.c.at.between(begin, end))
        .order_by(ledger.c.seq)
        .limit(MOST)
    )  # fmt: skip
    return [Use(**row) for row in connection.execute(query).mappings()]
