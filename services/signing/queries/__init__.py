"""What signing's pages show, read-only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.chassis.tables import inbox, outbox
from services.messages import DocumentRef, SealPermitted, decode
from services.signing.domain import Document
from services.signing.store import documents, drafts, sources
from services.signing.store.editions import editions

PER_PAGE = 50
LATELY = 20
BROKER_SECONDS = 5
UNDONE = ("held", "waiting", "failing", "parked")


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Why a permitted document is not signed yet.

    ``state``: waiting (for the server that ``reason`` names), failing or held (tried again), parked (for a person).
    """

    state: str
    reason: str
    since: datetime
    next_try: datetime | None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the seal keeper's list."""

    document_id: UUID
    document_number: str
    document_type: str
    addressee: str
    decider: str
    decided_at: datetime
    state: str
    acted_subject: str | None
    acted_at: datetime | None
    signed_at: datetime | None
    hold: Hold | None = None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """All that the page of one document shows.

    ``checked_sha256``: of the notice that was approved; ``notice`` and ``chain``: canonical JSON; ``sealed``: the
    signed file, once there is one.
    """

    document: Document
    notice: bytes
    chain: bytes
    checked_sha256: str
    preview: DocumentRef | None
    sealed: DocumentRef | None
    hold: Hold | None


@dataclass(frozen=True, kw_only=True)
class Issued:
    """What the town knows of a file that it has sealed itself.  ``closed_at``: since when a paper is the original."""

    document_number: str
    document_type: str
    closed_at: datetime | None


def waiting(connection: sa.Connection, keepers: Collection[str], *, page: int = 1) -> Sequence[Row]:
    """One page of what waits for the permit of these posts, the oldest decision first."""
    which = documents.c.state == "waiting"
    query = _rows(keepers, which).order_by(documents.c.decided_at, documents.c.document_id)
    return _read(connection, query.limit(PER_PAGE).offset((page - 1) * PER_PAGE))


def count_waiting(connection: sa.Connection, keepers: Collection[str]) -> int:
    """How many documents wait for the permit of these posts."""
    mine = sa.and_(documents.c.keeper_post.in_(keepers), documents.c.state == "waiting")
    return connection.scalar(sa.select(sa.func.count()).select_from(documents).where(mine)) or 0


def signing(connection: sa.Connection, keepers: Collection[str]) -> Sequence[Row]:
    """What is permitted and not signed yet, each with the reason if it is held up."""
    query = _rows(keepers, documents.c.state == "permitted").order_by(documents.c.acted_at)
    return _read(connection, query.limit(PER_PAGE))


def lately(connection: sa.Connection, keepers: Collection[str], limit: int = LATELY) -> Sequence[Row]:
    """What these posts have signed or refused, the newest first."""
    which = documents.c.state.in_(("signed", "refused"))
    query = _rows(keepers, which).order_by(documents.c.acted_at.desc(), documents.c.document_id)
    return _read(connection, query.limit(limit))


def sheet(connection: sa.Connection, document_id: UUID, keepers: Collection[str]) -> Sheet | None:
    """One document, for the keeper of its seal only."""
    query = (
        sa.select(documents, sources, drafts.c.sha256, drafts.c.preview)
        .join(sources, sources.c.document_id == documents.c.document_id)
        .join(drafts, _draft_of_document())
        .where(documents.c.document_id == document_id, documents.c.keeper_post.in_(keepers))
    )
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _sheet(row, _holds(connection, [row[documents.c.case_id]]))


@dataclass(frozen=True, kw_only=True)
class Coded:
    """What anybody who has a document's code may know of it.  ``closed_at``: since when a paper is the original."""

    document_type: str
    issued_on: date
    closed_at: datetime | None


def coded(connection: sa.Connection, public_id: str) -> Coded | None:
    """The signed document that the QR code is on."""
    query = sa.select(documents.c.document_type, documents.c.issued_on, documents.c.closed_at).where(
        documents.c.public_id == public_id, documents.c.state == "signed"
    )
    row = connection.execute(query).mappings().one_or_none() if public_id else None
    return None if row is None else Coded(**row)


def issued(connection: sa.Connection, sha256: str) -> Issued | None:
    """The document whose sealed file has this hash, if it is one of ours."""
    query = (
        sa.select(editions.c.document_number, editions.c.document_type, documents.c.closed_at)
        .outerjoin(documents, documents.c.document_id == editions.c.document_id)
        .where(editions.c.sha256 == sha256)
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else Issued(**row)


def _draft_of_document() -> sa.ColumnElement[bool]:
    return sa.and_(drafts.c.case_id == documents.c.case_id, drafts.c.version == documents.c.draft_version)


def _rows(keepers: Collection[str], which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    notice = sa.cast(sa.func.convert_from(sources.c.notice_text, "UTF8"), JSONB)
    other = sa.func.coalesce(notice["addressee"]["name"].astext, notice["contractor"]["name"].astext)
    return (
        sa.select(documents, other.label("addressee"))
        .join(sources, sources.c.document_id == documents.c.document_id)
        .where(documents.c.keeper_post.in_(keepers), which)
    )


def _read(connection: sa.Connection, query: sa.Select[Any]) -> Sequence[Row]:
    rows = connection.execute(query).mappings().all()
    holds = _holds(connection, [row["case_id"] for row in rows if row["state"] == "permitted"])
    names = [name for name in Row.__dataclass_fields__ if name != "hold"]
    return [Row(**{name: row[name] for name in names}, hold=holds.get(row["case_id"])) for row in rows]


def _sheet(row: Any, holds: Mapping[UUID, Hold]) -> Sheet:
    document = Document(**{name: row[documents.c[name]] for name in Document.__dataclass_fields__})
    return Sheet(
        document=document,
        notice=bytes(row["notice_text"]),
        chain=bytes(row["chain_text"]),
        checked_sha256=row["sha256"],
        preview=_ref(row["preview"]),
        sealed=_ref(row["sealed"]),
        hold=holds.get(document.case_id) if document.state == "permitted" else None,
    )


def _ref(value: Any) -> DocumentRef | None:
    return decode(DocumentRef, value) if value else None


def _holds(connection: sa.Connection, cases: Collection[UUID]) -> dict[UUID, Hold]:
    """By case: of each, one document at most is permitted and not signed."""
    return _unsent(connection, cases) | _undone(connection, cases)


def _undone(connection: sa.Connection, cases: Collection[UUID]) -> dict[UUID, Hold]:
    query = sa.select(inbox).where(
        inbox.c.case_id.in_(cases), inbox.c.fact == SealPermitted.type(), inbox.c.state.in_(UNDONE)
    )
    return {
        row.case_id: Hold(state=row.state, reason=row.reason, since=row.received_at, next_try=row.next_try)
        for row in connection.execute(query)
    }


def _unsent(connection: sa.Connection, cases: Collection[UUID]) -> dict[UUID, Hold]:
    """The permit itself has not reached the broker."""
    overdue = sa.func.now() - sa.func.make_interval(0, 0, 0, 0, 0, 0, BROKER_SECONDS)
    query = sa.select(outbox.c.case_id, outbox.c.said_at).where(
        outbox.c.case_id.in_(cases),
        outbox.c.routing_key == SealPermitted.routing_key(),
        outbox.c.published_at.is_(None),
        outbox.c.said_at < overdue,
    )
    return {
        row.case_id: Hold(state="waiting", reason="broker", since=row.said_at, next_try=None)
        for row in connection.execute(query)
    }
