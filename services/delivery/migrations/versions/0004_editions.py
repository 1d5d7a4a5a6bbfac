"""Editions: the newest file of each document."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """What is here is the first."""
    op.execute("ALTER TABLE notices ADD COLUMN edition integer NOT NULL DEFAULT 1")
    op.execute("ALTER TABLE notices ALTER COLUMN edition DROP DEFAULT")
