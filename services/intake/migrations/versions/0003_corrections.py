"""What the office asks an applicant to look at again, and the answer as it stands."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    """CREATE TABLE corrections (
      correction_id uuid PRIMARY KEY, case_id uuid NOT NULL, message text NOT NULL, asked jsonb NOT NULL,
      answer_by date NOT NULL, requested_at timestamptz NOT NULL, typed jsonb NOT NULL, answers jsonb NOT NULL,
      answered_at timestamptz, version integer NOT NULL)""",
    "CREATE INDEX corrections_case ON corrections (case_id, requested_at)",
    # The files of an answer until it is sent; the files of what was sent stay with their draft.
    """CREATE TABLE correction_files (
      id uuid PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY,
      correction_id uuid NOT NULL REFERENCES corrections ON DELETE CASCADE, question text NOT NULL, name text NOT NULL,
      media_type text NOT NULL, size integer NOT NULL, sha256 text NOT NULL, pages integer NOT NULL,
      thumbnail bytea NOT NULL)""",
    "CREATE INDEX correction_files_of ON correction_files (correction_id)",
)


def upgrade() -> None:
    """Nothing was asked before."""
    for statement in STATEMENTS:
        op.execute(statement)
