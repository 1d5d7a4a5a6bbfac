"""What delivery's pages show, read-only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.delivery.domain.notice import Notice
from services.delivery.domain.paper import PaperDelivery
from services.delivery.store import decisions, inbox_items, notices, paper_deliveries, recipients
from services.messages import DocumentRef, decode


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the inbox.  The result is not in it: it is read on the notice's own page only."""

    document_id: UUID
    procedure_name: str
    reception_number: str
    available_at: datetime
    opened_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class NoticePage:
    """All that the page of one notice shows."""

    case_id: UUID
    document_id: UUID
    procedure_id: str
    reception_number: str
    document_number: str
    outcome: str
    issued_on: date
    available_at: datetime
    opened_at: datetime | None
    arrived_at: datetime | None
    notice: Notice
    document: DocumentRef
    pages: int
    level: str
    signed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Consent:
    """How the result of one application is received.  ``alert``: None while there is no notice in the inbox.

    ``delivered``: it lies in the inbox or goes on paper, so the way can no longer be changed.
    """

    case_id: UUID
    procedure_id: str
    reception_number: str
    digital: bool
    consented_at: datetime | None
    ended_at: datetime | None
    mail: str
    alert: str | None
    delivered: bool


PER_PAGE = 50
LATELY = 20


def inbox(connection: sa.Connection, subject: str, *, page: int = 1) -> Sequence[Row]:
    """One page of a resident's notices, unread first, then the newest."""
    query = (
        sa.select(
            inbox_items.c.document_id,
            notices.c.content["procedure_name"].astext.label("procedure_name"),
            recipients.c.reception_number,
            inbox_items.c.available_at,
            inbox_items.c.opened_at,
        )
        .join(notices, notices.c.document_id == inbox_items.c.document_id)
        .join(recipients, recipients.c.case_id == inbox_items.c.case_id)
        .where(inbox_items.c.recipient == subject)
        .order_by(inbox_items.c.opened_at.is_not(None), inbox_items.c.available_at.desc(), inbox_items.c.document_id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return [Row(**row) for row in connection.execute(query).mappings()]


def count_unread(connection: sa.Connection, subject: str) -> int:
    """How many notices a resident has not opened."""
    mine = (inbox_items.c.recipient == subject) & inbox_items.c.opened_at.is_(None)
    return connection.scalar(sa.select(sa.func.count()).select_from(inbox_items).where(mine)) or 0


def count_pages(connection: sa.Connection, subject: str) -> int:
    """How many pages a resident's inbox has, at least one."""
    mine = inbox_items.c.recipient == subject
    count = connection.scalar(sa.select(sa.func.count()).select_from(inbox_items).where(mine)) or 0
    return max(1, -(-count // PER_PAGE))


def notice(connection: sa.Connection, document_id: UUID, subject: str) -> NoticePage | None:
    """One notice, for its recipient only."""
    query = (
        sa.select(inbox_items, notices, recipients.c.procedure_id, recipients.c.reception_number, decisions)
        .join(notices, notices.c.document_id == inbox_items.c.document_id)
        .join(recipients, recipients.c.case_id == inbox_items.c.case_id)
        .join(decisions, decisions.c.document_id == inbox_items.c.document_id)
        .where(inbox_items.c.document_id == document_id, inbox_items.c.recipient == subject)
    )
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _notice_page(row)


def _notice_page(row: Any) -> NoticePage:
    shown = (
        "procedure_id", "reception_number", "document_number", "outcome", "issued_on", "available_at", "opened_at",
        "arrived_at",
    )  # fmt: skip
    return NoticePage(
        case_id=row[inbox_items.c.case_id],
        document_id=row[inbox_items.c.document_id],
        notice=decode(Notice, row["content"]),
        document=DocumentRef(row["owner"], row["sha256"], row["media_type"], row["size"], row["retention"]),
        pages=row["pages"],
        level=row["level"],
        signed_at=row["signed_at"],
        **{name: row[name] for name in shown},
    )


def consents(connection: sa.Connection, subject: str) -> Sequence[Consent]:
    """How a resident's results are received, the newest consent first."""
    query = (
        _consents()
        .where(recipients.c.subject == subject)
        .order_by(recipients.c.consented_at.desc().nulls_last(), recipients.c.reception_number.desc())
    )
    return [Consent(**row) for row in connection.execute(query).mappings()]


def consent(connection: sa.Connection, subject: str, reception_number: str) -> Consent | None:
    """How the result of one of the resident's applications is received."""
    query = _consents().where(
        recipients.c.subject == subject, recipients.c.reception_number == reception_number
    )
    row = connection.execute(query).mappings().first()
    return Consent(**row) if row else None


def _consents() -> sa.Select[Any]:
    own = ("case_id", "procedure_id", "reception_number", "digital", "consented_at", "ended_at", "mail")
    on_paper = paper_deliveries.c.document_id.is_not(None)
    return (
        sa.select(
            *(recipients.c[name] for name in own),
            inbox_items.c.alert,
            sa.or_(on_paper, inbox_items.c.document_id.is_not(None)).label("delivered"),
        )
        .outerjoin(inbox_items, inbox_items.c.case_id == recipients.c.case_id)
        .outerjoin(paper_deliveries, paper_deliveries.c.case_id == recipients.c.case_id)
    )


@dataclass(frozen=True, kw_only=True)
class PaperRow:
    """One notice that goes on paper, as the office's list and page show it."""

    paper: PaperDelivery
    reception_number: str
    procedure_id: str
    document_number: str
    notice: Notice
    document: DocumentRef
    pages: int
    signed_at: datetime


def to_post(connection: sa.Connection, procedures: Collection[str]) -> Sequence[PaperRow]:
    """What the office in charge of these procedures has to post, the most urgent first."""
    waiting = paper_deliveries.c.posted_at.is_(None)
    query = _papers(procedures).where(waiting).order_by(paper_deliveries.c.due_on, paper_deliveries.c.since)
    return [_paper_row(row) for row in connection.execute(query.limit(PER_PAGE)).mappings()]


def posted(connection: sa.Connection, procedures: Collection[str]) -> Sequence[PaperRow]:
    """What was posted lately."""
    query = _papers(procedures).where(paper_deliveries.c.posted_at.is_not(None))
    query = query.order_by(paper_deliveries.c.posted_at.desc()).limit(LATELY)
    return [_paper_row(row) for row in connection.execute(query).mappings()]


def paper(connection: sa.Connection, document_id: UUID, procedures: Collection[str]) -> PaperRow | None:
    """One notice that goes on paper, for the office in charge only."""
    query = _papers(procedures).where(paper_deliveries.c.document_id == document_id)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _paper_row(row)


def _papers(procedures: Collection[str]) -> sa.Select[Any]:
    about = (recipients.c.reception_number, recipients.c.procedure_id, decisions.c.document_number)
    return (
        sa.select(paper_deliveries, notices, *about)
        .join(notices, notices.c.document_id == paper_deliveries.c.document_id)
        .join(recipients, recipients.c.case_id == paper_deliveries.c.case_id)
        .join(decisions, decisions.c.document_id == paper_deliveries.c.document_id)
        .where(recipients.c.procedure_id.in_(procedures))
    )


def _paper_row(row: Any) -> PaperRow:
    return PaperRow(
        paper=PaperDelivery(**{name: row[paper_deliveries.c[name]] for name in PaperDelivery.__dataclass_fields__}),
        notice=decode(Notice, row["content"]),
        document=DocumentRef(row["owner"], row["sha256"], row["media_type"], row["size"], row["retention"]),
        **{name: row[name] for name in ("reception_number", "procedure_id", "document_number", "pages", "signed_at")},
    )
