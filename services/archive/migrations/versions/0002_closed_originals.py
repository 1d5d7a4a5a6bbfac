"""Digital originals that a paper has taken the place of."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """None of before is closed."""
    op.add_column("documents", sa.Column("closed_at", sa.DateTime(timezone=True)))
