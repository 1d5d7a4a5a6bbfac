"""Delivery's tables and the repository over them."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from services.chassis.database import PG_UUID
from services.chassis.handling import NotYet
from services.delivery.domain import Decision, InboxItem, Notice, Recipient
from services.delivery.use_cases import SignedCopy
from services.messages import encode

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
    sa.Column("signed_at", moment, nullable=False),
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
        document = encode(copy.document)
        rest = {"pages": copy.pages, "level": copy.level, "signed_at": copy.signed_at}
        values = {"document_id": item.document_id, "content": encode(notice)} | document | rest
        self._connection.execute(notices.insert().values(values))

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

    def _add(self, table: sa.Table, values: dict[str, Any]) -> None:
        self._connection.execute(insert(table).values(values).on_conflict_do_nothing())

    def _row(self, table: sa.Table, which: sa.ColumnElement[bool], *, lock: bool = False) -> dict[str, Any]:
        query = sa.select(table).where(which)
        row = self._connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
        if row is None:
            raise NotYet
        return dict(row)
