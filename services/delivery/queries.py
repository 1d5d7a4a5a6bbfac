"""What delivery's pages show, read-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.delivery.domain import Notice
from services.delivery.store import decisions, inbox_items, notices, recipients
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
    """How the result of one application is received.  ``alert``: None while there is no notice."""

    procedure_id: str
    reception_number: str
    digital: bool
    consented_at: datetime | None
    mail: str
    alert: str | None


PER_PAGE = 50


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
        sa.select(
            recipients.c.procedure_id,
            recipients.c.reception_number,
            recipients.c.digital,
            recipients.c.consented_at,
            recipients.c.mail,
            inbox_items.c.alert,
        )
        .outerjoin(inbox_items, inbox_items.c.case_id == recipients.c.case_id)
        .where(recipients.c.subject == subject)
        .order_by(recipients.c.consented_at.desc().nulls_last(), recipients.c.reception_number.desc())
    )
    return [Consent(**row) for row in connection.execute(query).mappings()]
