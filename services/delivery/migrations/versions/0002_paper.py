"""Notices that go on paper, and consent that was taken back."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    "ALTER TABLE recipients ADD COLUMN ended_at timestamptz",
    # A notice on paper lies in no inbox.
    "ALTER TABLE notices DROP CONSTRAINT notices_document_id_fkey",
    """CREATE TABLE paper_deliveries (
      document_id uuid PRIMARY KEY REFERENCES notices DEFERRABLE INITIALLY DEFERRED,
      case_id uuid NOT NULL REFERENCES recipients, reason text NOT NULL, since timestamptz NOT NULL,
      due_on date NOT NULL, posting_number text NOT NULL, posted_on date, posted_by text NOT NULL,
      posted_at timestamptz, version integer NOT NULL, CHECK ((posted_at IS NULL) = (posting_number = '')))""",
    "CREATE INDEX paper_deliveries_waiting ON paper_deliveries (due_on) WHERE posted_at IS NULL",
    "CREATE INDEX paper_deliveries_case ON paper_deliveries (case_id)",
)


def upgrade() -> None:
    """No notice of before went on paper."""
    for statement in STATEMENTS:
        op.execute(statement)
