"""How far signed documents are on their way to last, and which stand still."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.signing.domain.editions import ARCHIVED, Edition
from services.signing.store.editions import NEWEST, REFUSED, edition_of, editions

MOST = 200


@dataclass(frozen=True)
class Progress:
    """``archived``: with an archive timestamp; ``coming``: due for one; ``others``: of types that get none.

    ``due_at``: when the next one is due; None when none is.
    """

    archived: int
    coming: int
    others: int
    due_at: datetime | None


def progress(connection: sa.Connection, types: Collection[str]) -> Progress:
    """Of these types of documents."""
    count, has_time = sa.func.count, editions.c.due_at.is_not(None)
    is_archived = editions.c.level == ARCHIVED
    query = sa.select(
        count().filter(is_archived),
        count().filter(sa.and_(sa.not_(is_archived), has_time)),
        count().filter(sa.and_(sa.not_(is_archived), sa.not_(has_time))),
        sa.func.min(editions.c.due_at),
    ).where(NEWEST, editions.c.document_type.in_(types))
    return Progress(*connection.execute(query).one())


def stopped(connection: sa.Connection, types: Collection[str]) -> Sequence[Edition]:
    """Refused a newer timestamp, until a person has looked; the oldest first, MOST at most."""
    which = sa.and_(REFUSED, editions.c.document_type.in_(types))
    query = sa.select(editions).where(which).order_by(editions.c.made_at).limit(MOST)
    return [edition_of(row) for row in connection.execute(query).mappings()]


def stopped_one(connection: sa.Connection, document_id: UUID, types: Collection[str]) -> Edition | None:
    """One of them."""
    return next((one for one in stopped(connection, types) if one.document_id == document_id), None)
