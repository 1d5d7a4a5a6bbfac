"""What archive's page shows, read-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.archive.domain import Copy
from services.archive.store import copies
from services.archive.store import documents as table
from services.chassis.tables import inbox

PER_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Row:
    """One document, with its copies in the order of the sites."""

    document_id: UUID
    document_number: str
    document_type: str
    sha256: str
    size: int
    retention: str
    keep_until: date | None
    signed_at: datetime
    archived_at: datetime | None
    closed_at: datetime | None
    copies: tuple[Copy, ...]

    @property
    def is_somewhere(self) -> bool:
        """Whether a site has it whole."""
        return any(copy.whole for copy in self.copies)


@dataclass(frozen=True, kw_only=True)
class Totals:
    """How much there is, how many copies are lost and not yet repaired, how many were repaired.

    ``gone``: documents that no site has whole; nothing but a person can help there.  ``due``: past their retention.
    """

    documents: int
    lost: int
    repaired: int
    gone: int
    due: int

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(1, -(-self.documents // PER_PAGE))


@dataclass(frozen=True, kw_only=True)
class SiteTotals:
    """One site: how many copies are whole, how many lost, and when a copy was last looked at."""

    site: str
    whole: int
    lost: int
    checked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Signed documents and repairs that wait for a site.  ``since``: the oldest; None when nothing waits."""

    count: int
    since: datetime | None


def documents(connection: sa.Connection, *, page: int = 1) -> Sequence[Row]:
    """One page of the documents, those with most lost copies first, then the newest."""
    lost = sa.select(sa.func.count(copies.c.lost_at)).where(copies.c.document_id == table.c.document_id)
    query = (
        sa.select(table)
        .order_by(lost.scalar_subquery().desc(), table.c.signed_at.desc(), table.c.document_id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    rows = connection.execute(query).mappings().all()
    found = _copies(connection, [row["document_id"] for row in rows])
    names = [name for name in Row.__dataclass_fields__ if name != "copies"]
    return [Row(**{name: row[name] for name in names}, copies=found[row["document_id"]]) for row in rows]


def _copies(connection: sa.Connection, ids: list[UUID]) -> dict[UUID, tuple[Copy, ...]]:
    query = sa.select(copies).where(copies.c.document_id.in_(ids)).order_by(copies.c.site)
    found: dict[UUID, tuple[Copy, ...]] = {}
    for row in connection.execute(query).mappings():
        copy = Copy(**{name: row[name] for name in Copy.__dataclass_fields__})
        found[row["document_id"]] = (*found.get(row["document_id"], ()), copy)
    return found


def totals(connection: sa.Connection, today: date) -> Totals:
    """Over all documents."""
    counted = sa.select(sa.func.count()).select_from(table)
    whole = sa.exists().where(copies.c.document_id == table.c.document_id, copies.c.lost_at.is_(None))
    counts: Any = connection.execute(
        sa.select(
            counted.scalar_subquery().label("documents"),
            sa.func.count(copies.c.lost_at).label("lost"),
            sa.func.count(copies.c.repaired_at).label("repaired"),
            counted.where(sa.not_(whole)).scalar_subquery().label("gone"),
            counted.where(table.c.keep_until < today).scalar_subquery().label("due"),
        ).select_from(copies)
    ).one()
    return Totals(**counts._mapping)


def sites(connection: sa.Connection) -> Sequence[SiteTotals]:
    """Over the copies at each site."""
    lost = sa.func.count(copies.c.lost_at)
    query = sa.select(
        copies.c.site,
        (sa.func.count() - lost).label("whole"),
        lost.label("lost"),
        sa.func.max(copies.c.checked_at).label("checked_at"),
    )
    rows = connection.execute(query.group_by(copies.c.site).order_by(copies.c.site)).mappings()
    return [SiteTotals(**row) for row in rows]


def waiting(connection: sa.Connection) -> Waiting:
    """What the inbox keeps because a site does not answer."""
    query = sa.select(sa.func.count().label("number"), sa.func.min(inbox.c.received_at).label("since"))
    row: Any = connection.execute(query.where(inbox.c.state == "waiting", inbox.c.reason == "store")).one()
    return Waiting(count=row.number, since=row.since)
