"""Delivery's tables and the repository over them."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from services.chassis.database import PG_UUID, Work
from services.chassis.handling import NotYet
from services.delivery.domain.inbox import InboxItem
from services.delivery.domain.notice import Decision, Notice
from services.delivery.domain.paper import PaperDelivery
from services.delivery.domain.recipient import Recipient
from services.delivery.use_cases import SignedCopy
from services.messages import DocumentRef, encode

moment = sa.DateTime(timezone=True)
# Not the chassis' MetaData: two services may well have a table of one name.
metadata = sa.MetaData()

recipients = sa.Table(
    "recipients",
    metadata,
    sa.Column("case_id", PG_UUID, primary_key=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("procedure_id", sa.Text, nullable=False),
    sa.Column("reception_number", sa.Text, nullable=False),
    sa.Column("mail", sa.Text, nullable=False),
    sa.Column("digital", sa.Boolean, nullable=False),
    sa.Column("consented_at", moment),
    sa.Column("ended_at", moment),
)
decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("document_id", PG_UUID, primary_key=True),
    sa.Column("case_id", PG_UUID, nullable=False),
    sa.Column("document_number", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
)
inbox_items = sa.Table(
    "inbox_items",
    metadata,
    sa.Column("document_id", PG_UUID, primary_key=True),
    sa.Column("case_id", PG_UUID, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("available_at", moment, nullable=False),
    sa.Column("opened_at", moment),
    sa.Column("arrived_at", moment),
    sa.Column("arrival_rule", sa.Text),
    sa.Column("alert", sa.Text, nullable=False),
    sa.Column("alerted_at", moment),
    sa.Column("version", sa.Integer, nullable=False),
)
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("document_id", PG_UUID, primary_key=True),
    sa.Column("content", JSONB, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("retention", sa.Text, nullable=False),
    sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("signed_at", moment, nullable=False),
)
paper_deliveries = sa.Table(
    "paper_deliveries",
    metadata,
    sa.Column("document_id", PG_UUID, primary_key=True),
    sa.Column("case_id", PG_UUID, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("since", moment, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("posting_number", sa.Text, nullable=False),
    sa.Column("posted_on", sa.Date),
    sa.Column("posted_by", sa.Text, nullable=False),
    sa.Column("posted_at", moment),
    sa.Column("version", sa.Integer, nullable=False),
)


ALERT_TURN = 7_263


class SqlDeliveries:
    """Deliveries in PostgreSQL, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add_recipient(self, recipient: Recipient) -> None:
        """Nothing changes when the case is known."""
        self._add(recipients, asdict(recipient))

    def recipient(self, case_id: UUID) -> Recipient:
        """Raises NotYet."""
        return Recipient(**self._row(recipients, recipients.c.case_id == case_id))

    def recipient_to_change(self, case_id: UUID) -> Recipient:
        """The same, locked until the transaction ends.  Raises NotYet."""
        return Recipient(**self._row(recipients, recipients.c.case_id == case_id, lock=True))

    def save_recipient(self, recipient: Recipient) -> None:
        """Write a recipient that was loaded, and so locked, before."""
        which = recipients.c.case_id == recipient.case_id
        self._connection.execute(recipients.update().where(which).values(asdict(recipient)))

    def add_decision(self, decision: Decision) -> None:
        """Nothing changes when the decision is known."""
        self._add(decisions, asdict(decision))

    def require_decision(self, document_id: UUID) -> None:
        """Raises NotYet."""
        self._row(decisions, decisions.c.document_id == document_id)

    def has_item(self, document_id: UUID) -> bool:
        """Whether the notice lies in an inbox."""
        found = sa.select(sa.exists().where(inbox_items.c.document_id == document_id))
        return bool(self._connection.scalar(found))

    def add_item(self, item: InboxItem, notice: Notice, copy: SignedCopy) -> None:
        """The notice, what its page shows, and where its PDF is."""
        self._connection.execute(inbox_items.insert().values(asdict(item)))
        self._add_notice(item.document_id, notice, copy)

    def item(self, document_id: UUID) -> InboxItem:
        """Locked until the transaction ends.  Raises NotYet."""
        return InboxItem(**self._row(inbox_items, inbox_items.c.document_id == document_id, lock=True))

    def item_to_alert(self, document_id: UUID) -> InboxItem:
        """One transaction after the other gets it; its row stays free.  Raises NotYet."""
        turn = sa.func.pg_advisory_xact_lock(ALERT_TURN, sa.func.hashtext(str(document_id)))
        self._connection.execute(sa.select(turn))
        return InboxItem(**self._row(inbox_items, inbox_items.c.document_id == document_id))

    def save_item(self, item: InboxItem) -> None:
        """Write an item that was loaded, and so locked, before."""
        item.version += 1
        self._connection.execute(
            inbox_items.update().where(inbox_items.c.document_id == item.document_id).values(asdict(item))
        )

    def is_delivered(self, case_id: UUID) -> bool:
        """Whether a notice of the case lies in the inbox or goes on paper."""
        found = (sa.select(sa.exists().where(table.c.case_id == case_id)) for table in (inbox_items, paper_deliveries))
        return any(self._connection.scalar(query) for query in found)

    def has_paper(self, document_id: UUID) -> bool:
        """Whether the notice goes on paper."""
        found = sa.select(sa.exists().where(paper_deliveries.c.document_id == document_id))
        return bool(self._connection.scalar(found))

    def add_paper(self, paper: PaperDelivery, notice: Notice, copy: SignedCopy) -> None:
        """A notice to be posted, what its page shows, and where its PDF is."""
        self._connection.execute(paper_deliveries.insert().values(asdict(paper)))
        self._add_notice(paper.document_id, notice, copy)

    def paper(self, document_id: UUID) -> PaperDelivery:
        """Locked until the transaction ends.  Raises NotYet."""
        return PaperDelivery(**self._row(paper_deliveries, paper_deliveries.c.document_id == document_id, lock=True))

    def save_paper(self, paper: PaperDelivery) -> None:
        """Write what was loaded, and so locked, before."""
        paper.version += 1
        which = paper_deliveries.c.document_id == paper.document_id
        self._connection.execute(paper_deliveries.update().where(which).values(asdict(paper)))

    def require_notice(self, case_id: UUID, document_id: UUID) -> None:
        """Raises NotYet when a resident's notice is still to come."""
        known = sa.exists().where(recipients.c.case_id == case_id)
        come = sa.exists().where(notices.c.document_id == document_id)
        if self._connection.scalar(sa.select(sa.and_(known, ~come))):
            raise NotYet

    def replace_copy(self, document_id: UUID, edition: int, document: DocumentRef, level: str) -> None:
        """A newer file in the place of an older one."""
        which = sa.and_(notices.c.document_id == document_id, notices.c.edition < edition)
        values = encode(document) | {"edition": edition, "level": level}
        self._connection.execute(notices.update().where(which).values(values))

    def _add_notice(self, document_id: UUID, notice: Notice, copy: SignedCopy) -> None:
        rest = {"pages": copy.pages, "level": copy.level, "signed_at": copy.signed_at, "edition": 1}
        values = {"document_id": document_id, "content": encode(notice)} | encode(copy.document) | rest
        self._connection.execute(notices.insert().values(values))

    def _add(self, table: sa.Table, values: dict[str, Any]) -> None:
        self._connection.execute(insert(table).values(values).on_conflict_do_nothing())

    def _row(self, table: sa.Table, which: sa.ColumnElement[bool], *, lock: bool = False) -> dict[str, Any]:
        query = sa.select(table).where(which)
        row = self._connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
        if row is None:
            raise NotYet
        return dict(row)


class LedgerRegister:
    """What a person does is a row of the hash-chained ledger."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def __call__(self, act: str, case_id: UUID, actor: str) -> None:
        """Ids only."""
        self._work.record(act, case_id=case_id, actor=actor, detail={})
