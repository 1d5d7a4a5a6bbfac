"""The machinery's tables and intake's own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.chassis import machinery

revision = "0001"
down_revision = None

moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """From an empty database."""
    machinery.create_v1(op)
    op.create_table(
        "drafts",
        sa.Column("case_id", sa.Uuid, primary_key=True),
        sa.Column("sub", sa.Text, nullable=False),
        sa.Column("procedure_id", sa.Text, nullable=False),
        sa.Column("keep_until", sa.Date, nullable=False),
        sa.Column("answers", postgresql.JSONB, nullable=False),
        sa.Column("consented_at", moment),
        sa.Column("submitted", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    # One open draft per person and procedure, also when two tabs start it at once.
    op.create_index(
        "drafts_open", "drafts", ["sub", "procedure_id"], unique=True, postgresql_where=sa.text("NOT submitted")
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("seq", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("case_id", sa.Uuid, sa.ForeignKey("drafts.case_id", ondelete="CASCADE"), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("thumbnail", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("case_id", "question", "sha256"),
    )
    op.create_table(
        "applications",
        sa.Column("case_id", sa.Uuid, sa.ForeignKey("drafts.case_id"), primary_key=True),
        sa.Column("sub", sa.Text, nullable=False),
        sa.Column("fiscal_year", sa.Integer, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("procedure_id", sa.Text, nullable=False),
        sa.Column("procedure_version", sa.Date, nullable=False),
        sa.Column("submitted_at", moment, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("digital", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("fiscal_year", "count"),
    )
    op.create_index("applications_of_person", "applications", ["sub", "submitted_at"])
    op.create_table(
        "milestones",
        sa.Column("case_id", sa.Uuid, sa.ForeignKey("applications.case_id"), primary_key=True),
        sa.Column("state", sa.Text, primary_key=True),
        sa.Column("at", moment, nullable=False),
    )
    op.create_table(
        "counters",
        sa.Column("fiscal_year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("sub", sa.Text, nullable=False),
        sa.Column("procedure_id", sa.Text, nullable=False),
        sa.Column("given_at", moment, nullable=False),
        sa.Column("revoked_at", moment),
    )
    op.create_index(
        "consents_standing", "consents", ["sub", "procedure_id"], unique=True, postgresql_where=sa.text("revoked_at IS NULL")
    )
