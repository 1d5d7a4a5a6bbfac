"""The machinery's tables and delivery's own."""

from alembic import op

from services.chassis import machinery

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE recipients (
  case_id uuid PRIMARY KEY, subject text NOT NULL, procedure_id text NOT NULL, reception_number text NOT NULL,
  mail text NOT NULL, digital boolean NOT NULL, consented_at timestamptz);
CREATE INDEX recipients_subject ON recipients (subject);
CREATE TABLE decisions (
  document_id uuid PRIMARY KEY, case_id uuid NOT NULL, document_number text NOT NULL, outcome text NOT NULL,
  issued_on date NOT NULL);
CREATE TABLE inbox_items (
  document_id uuid PRIMARY KEY, case_id uuid NOT NULL REFERENCES recipients, recipient text NOT NULL,
  available_at timestamptz NOT NULL, opened_at timestamptz, arrived_at timestamptz, arrival_rule text,
  alert text NOT NULL, alerted_at timestamptz, version integer NOT NULL,
  CHECK ((arrived_at IS NULL) = (arrival_rule IS NULL)));
CREATE INDEX inbox_items_recipient ON inbox_items (recipient, available_at);
CREATE TABLE notices (
  document_id uuid PRIMARY KEY REFERENCES inbox_items, content jsonb NOT NULL, owner text NOT NULL,
  sha256 text NOT NULL, media_type text NOT NULL, size integer NOT NULL, retention text NOT NULL,
  pages integer NOT NULL, level text NOT NULL, signed_at timestamptz NOT NULL);
"""


def upgrade() -> None:
    """From an empty database."""
    machinery.create_v1(op)
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
