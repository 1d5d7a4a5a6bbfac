"""Drafts keep what was typed in a topic that was left before it could be saved."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """A draft from before has nothing unfinished."""
    column = sa.Column("unfinished", postgresql.JSONB, nullable=False, server_default=sa.text("'{}'::jsonb"))
    op.add_column("drafts", column)
