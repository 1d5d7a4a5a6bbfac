"""What archive's page shows, read-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.archive.domain import SITES, Copy
from services.archive.store import copies
from services.archive.store import documents as table
from services.chassis.tables import inbox, repair_debts

PER_PAGE = 50
YEAR = timedelta(days=365)
NO_COPIES: dict[str, Any] = {
    "whole": 0, "lost": 0, "lost_since": None, "checked_at": None, "repaired": 0, "repaired_at": None,
}  # fmt: skip
NO_DEBTS: dict[str, Any] = {"owed": 0, "owed_since": None}


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

    ``gone``: documents that no site has whole; nothing but a person can help there.  ``due``: past their retention;
    ``due_soon``: it ends within a year.
    """

    documents: int
    lost: int
    repaired: int
    gone: int
    due: int
    due_soon: int

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(1, -(-self.documents // PER_PAGE))


@dataclass(frozen=True, kw_only=True)
class SiteTotals:
    """One site: how many copies are whole, how many lost, and when a copy was last looked at.

    ``lost_since``: the oldest loss that is not repaired; ``repaired``: copies that were made anew, ``repaired_at`` the
    newest.  ``owed``: documents of the archive itself that this site still lacks (repair debts), the oldest
    ``owed_since``.
    """

    site: str
    whole: int
    lost: int
    lost_since: datetime | None
    checked_at: datetime | None
    repaired: int
    repaired_at: datetime | None
    owed: int
    owed_since: datetime | None


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
            counted.where(table.c.keep_until >= today, table.c.keep_until < today + YEAR)
            .scalar_subquery()
            .label("due_soon"),
        ).select_from(copies)
    ).one()
    return Totals(**counts._mapping)


def sites(connection: sa.Connection) -> Sequence[SiteTotals]:
    """What each site has and lacks, also before the first document."""
    whole = _by_site(connection, _copies_by_site())
    owed = _by_site(connection, _debts_by_site())
    return [SiteTotals(site=site, **whole.get(site, NO_COPIES), **owed.get(site, NO_DEBTS)) for site in SITES]


def _copies_by_site() -> sa.Select[Any]:
    lost = sa.func.count(copies.c.lost_at)
    return sa.select(
        copies.c.site,
        (sa.func.count() - lost).label("whole"),
        lost.label("lost"),
        sa.func.min(copies.c.lost_at).label("lost_since"),
        sa.func.max(copies.c.checked_at).label("checked_at"),
        sa.func.count(copies.c.repaired_at).label("repaired"),
        sa.func.max(copies.c.repaired_at).label("repaired_at"),
    ).group_by(copies.c.site)


def _debts_by_site() -> sa.Select[Any]:
    return sa.select(
        repair_debts.c.site, sa.func.count().label("owed"), sa.func.min(repair_debts.c.since).label("owed_since")
    ).group_by(repair_debts.c.site)


def _by_site(connection: sa.Connection, query: sa.Select[Any]) -> dict[str, dict[str, Any]]:
    found = [dict(row) for row in connection.execute(query).mappings()]
    return {row.pop("site"): row for row in found}


def waiting(connection: sa.Connection) -> Waiting:
    """What the inbox keeps because a site does not answer."""
    query = sa.select(sa.func.count().label("number"), sa.func.min(inbox.c.received_at).label("since"))
    row: Any = connection.execute(query.where(inbox.c.state == "waiting", inbox.c.reason == "store")).one()
    return Waiting(count=row.number, since=row.since)
