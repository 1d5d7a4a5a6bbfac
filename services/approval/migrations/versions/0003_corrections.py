"""Requests for correction (補正), their answers, and until when a case waits for one."""

from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = """
CREATE TABLE corrections (
  correction_id uuid PRIMARY KEY, case_id uuid NOT NULL REFERENCES cases, place integer NOT NULL,
  message text NOT NULL, questions jsonb NOT NULL, answer_by date NOT NULL, request jsonb NOT NULL,
  requested_by text NOT NULL, requested_at timestamptz NOT NULL, application jsonb NOT NULL,
  attachments jsonb NOT NULL, UNIQUE (case_id, place));
CREATE TABLE answers (
  correction_id uuid PRIMARY KEY REFERENCES corrections, case_id uuid NOT NULL REFERENCES cases,
  place integer NOT NULL, application jsonb NOT NULL, attachments jsonb NOT NULL, due_on date NOT NULL,
  answered_at timestamptz NOT NULL, taken boolean NOT NULL, UNIQUE (case_id, place));
ALTER TABLE cases ADD COLUMN waits_until date
"""


def upgrade() -> None:
    """No case has been asked before."""
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
