"""The machinery's tables, as SQLAlchemy sees them (made by ``machinery.create_v1``)."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

metadata = sa.MetaData()
moment = sa.DateTime(timezone=True)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("id", UUID, nullable=False),
    sa.Column("work_id", UUID, nullable=False),
    sa.Column("case_id", UUID, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("routing_key", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("said_at", moment, nullable=False),
    sa.Column("published_at", moment),
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    sa.Column("set_aside", sa.Text),
)
unstored_documents = sa.Table(
    "unstored_documents",
    metadata,
    sa.Column("work_id", UUID, primary_key=True),
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("retention", sa.Text, nullable=False),
    sa.Column("sites", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("since", moment, nullable=False),
)
repair_debts = sa.Table(
    "repair_debts",
    metadata,
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("retention", sa.Text, nullable=False),
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("since", moment, nullable=False),
)
inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("message_id", UUID, primary_key=True),
    sa.Column("fact", sa.Text, nullable=False),
    sa.Column("case_id", UUID, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("body", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, default=""),
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    sa.Column("received_at", moment, nullable=False),
    sa.Column("next_try", moment),
    sa.Column("handled_at", moment),
    sa.Column("parking_id", UUID),
)
ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("at", moment, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("case_id", UUID),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)
liveness = sa.Table(
    "liveness",
    metadata,
    sa.Column("process", sa.Text, primary_key=True),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("at", moment, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)
told_delays = sa.Table(
    "told_delays",
    metadata,
    sa.Column("message_id", UUID, primary_key=True),
    sa.Column("waiting_id", UUID, nullable=False),
    sa.Column("case_id", UUID, nullable=False),
    sa.Column("told_at", moment, nullable=False),
)
