"""Delays that the staff were told of, and those that the desk has heard of."""

from alembic import op

from services.chassis import machinery

revision = "0005"
down_revision = "0004"

TABLE = """
CREATE TABLE delays (
  waiting_id uuid PRIMARY KEY, case_id uuid NOT NULL, service text NOT NULL, fact text NOT NULL, server text NOT NULL,
  since timestamptz NOT NULL, resumed_at timestamptz)"""
INDEX = "CREATE INDEX delays_open ON delays (since) WHERE resumed_at IS NULL"


def upgrade() -> None:
    """Nothing has been told yet."""
    machinery.create_v2(op)
    op.execute(TABLE)
    op.execute(INDEX)
