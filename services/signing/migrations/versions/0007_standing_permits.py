"""Standing permits: a type of document is permitted for a time."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """None is there yet."""
    op.execute(
        """CREATE TABLE standing_permits (
        permit_id uuid PRIMARY KEY, document_type text NOT NULL, keeper_post text NOT NULL, since date NOT NULL,
        until date NOT NULL, basis text NOT NULL, granted_by text NOT NULL, granted_at timestamptz NOT NULL,
        withdrawn_by text, withdrawn_at timestamptz, withdrawn_because text NOT NULL)"""
    )
    op.execute("CREATE INDEX standing_permits_type ON standing_permits (document_type) WHERE withdrawn_at IS NULL")
