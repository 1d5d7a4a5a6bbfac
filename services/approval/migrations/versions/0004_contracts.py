"""A contract is a case, too: without 標準処理期間, with a contractor."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    "ALTER TABLE cases ADD COLUMN kind text NOT NULL DEFAULT 'application', ADD COLUMN agreement jsonb",
    "ALTER TABLE cases ALTER COLUMN kind DROP DEFAULT, ALTER COLUMN due_on DROP NOT NULL",
    "CREATE INDEX cases_contracts ON cases (submitted_at DESC) WHERE kind = 'contract'",
)


def upgrade() -> None:
    """Every case so far is an application."""
    for statement in STATEMENTS:
        op.execute(statement)
