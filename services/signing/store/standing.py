"""The table of standing permits, the repository over it, and their lines in the ledger."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.chassis.clock import today
from services.chassis.database import PG_UUID, Work
from services.signing.domain.standing import StandingPermit
from services.signing.store import metadata, moment

standing_permits = sa.Table(
    "standing_permits",
    metadata,
    sa.Column("permit_id", PG_UUID, primary_key=True),
    sa.Column("document_type", sa.Text, nullable=False),
    sa.Column("keeper_post", sa.Text, nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("granted_by", sa.Text, nullable=False),
    sa.Column("granted_at", moment, nullable=False),
    sa.Column("withdrawn_by", sa.Text),
    sa.Column("withdrawn_at", moment),
    sa.Column("withdrawn_because", sa.Text, nullable=False),
)
MOST = 200


class SqlStandingPermits:
    """Standing permits in PostgreSQL, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, permit: StandingPermit) -> bool:
        """Whether it was not there yet."""
        added = insert(standing_permits).values(asdict(permit)).on_conflict_do_nothing()
        return self._connection.execute(added.returning(standing_permits.c.permit_id)).one_or_none() is not None

    def load(self, permit_id: UUID) -> StandingPermit:
        """Locked until the transaction ends."""
        query = sa.select(standing_permits).where(standing_permits.c.permit_id == permit_id).with_for_update()
        return permit_of(self._connection.execute(query).mappings().one())

    def save(self, permit: StandingPermit) -> None:
        """Write one that was loaded, and so locked, before."""
        which = standing_permits.c.permit_id == permit.permit_id
        self._connection.execute(standing_permits.update().where(which).values(asdict(permit)))

    def covering(self, document_type: str, keeper_post: str, day: date) -> StandingPermit | None:
        """Locked against a withdrawal at the same moment."""
        columns = standing_permits.c
        which = (columns.document_type == document_type, columns.keeper_post == keeper_post)
        query = sa.select(standing_permits).where(*which, columns.withdrawn_at.is_(None)).with_for_update()
        found = map(permit_of, self._connection.execute(query).mappings())
        return next((one for one in found if one.covers(day)), None)


class Covering:
    """Who has given the standing permit of today."""

    def __init__(self, permits: SqlStandingPermits) -> None:
        self._permits = permits

    def __call__(self, document_type: str, keeper_post: str) -> str | None:
        """Nobody, when none covers such a document."""
        permit = self._permits.covering(document_type, keeper_post, today())
        return permit.granted_by if permit else None


def permits_of(connection: sa.Connection, keepers: Collection[str]) -> Sequence[StandingPermit]:
    """Of the seals that these posts keep, the newest first."""
    which = standing_permits.c.keeper_post.in_(keepers)
    query = sa.select(standing_permits).where(which).order_by(standing_permits.c.granted_at.desc()).limit(MOST)
    return [permit_of(row) for row in connection.execute(query).mappings()]


def permit_of(row: Any) -> StandingPermit:
    """From a row of ``standing_permits``."""
    return StandingPermit(**{field.name: row[field.name] for field in fields(StandingPermit)})


class LedgerNote:
    """A standing permit and its end are rows of the hash-chained ledger."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def __call__(self, act: str, permit: StandingPermit, actor: str) -> None:
        """Ids, types and days only."""
        detail = {
            "permit": str(permit.permit_id),
            "type": permit.document_type,
            "keeper": permit.keeper_post,
            "since": permit.since.isoformat(),
            "until": permit.until.isoformat(),
        }
        self._work.record(act, case_id=None, actor=actor, detail=detail)
