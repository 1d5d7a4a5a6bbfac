"""Delays that the staff were told of."""

from alembic import op

from services.chassis import machinery

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Nothing has been told yet."""
    machinery.create_v2(op)
