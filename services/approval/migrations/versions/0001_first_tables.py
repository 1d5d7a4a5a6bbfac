"""The machinery's tables and approval's own."""

from alembic import op

from services.chassis import machinery

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE cases (
  case_id uuid PRIMARY KEY, reception_number text NOT NULL UNIQUE, procedure_id text NOT NULL,
  procedure_version date NOT NULL, procedure_name text NOT NULL, section text NOT NULL,
  submitted_at timestamptz NOT NULL, due_on date NOT NULL, digital boolean NOT NULL,
  application jsonb NOT NULL, attachments jsonb NOT NULL, state text NOT NULL, officer text NOT NULL,
  reached jsonb NOT NULL, document jsonb, seal_refusal text NOT NULL, waits_for text NOT NULL,
  version integer NOT NULL);
CREATE INDEX cases_section ON cases (section, state, due_on);
CREATE INDEX cases_waits_for ON cases (waits_for) WHERE waits_for <> '';
CREATE TABLE drafts (
  case_id uuid NOT NULL REFERENCES cases, version integer NOT NULL, outcome text NOT NULL, headline text NOT NULL,
  values jsonb NOT NULL, notice jsonb NOT NULL, document_type text NOT NULL, document jsonb NOT NULL,
  route jsonb NOT NULL, drafted_by text NOT NULL, drafted_at timestamptz NOT NULL, PRIMARY KEY (case_id, version));
CREATE TABLE checks (
  case_id uuid NOT NULL, version integer NOT NULL, findings jsonb NOT NULL, checked_at timestamptz NOT NULL,
  preview jsonb, PRIMARY KEY (case_id, version), FOREIGN KEY (case_id, version) REFERENCES drafts);
CREATE TABLE acts (
  case_id uuid NOT NULL REFERENCES cases, place integer NOT NULL, kind text NOT NULL, sub text NOT NULL,
  post text NOT NULL, post_name text NOT NULL, at timestamptz NOT NULL, version integer NOT NULL,
  content_sha256 text NOT NULL, article text NOT NULL, comment text NOT NULL, PRIMARY KEY (case_id, place));
CREATE TABLE decisions (
  document_id uuid PRIMARY KEY, case_id uuid NOT NULL REFERENCES cases, place integer NOT NULL,
  document_number text NOT NULL, issued_on date NOT NULL, version integer NOT NULL, outcome text NOT NULL,
  sub text NOT NULL, post text NOT NULL, authority text NOT NULL, chain jsonb NOT NULL,
  decided_at timestamptz NOT NULL, UNIQUE (case_id, place));
CREATE TABLE document_counters (
  mark text NOT NULL, fiscal_year integer NOT NULL, last integer NOT NULL, PRIMARY KEY (mark, fiscal_year));
CREATE TABLE handovers (
  parking_id uuid PRIMARY KEY, case_id uuid NOT NULL, service text NOT NULL, fact text NOT NULL,
  error text NOT NULL, parked_at timestamptz NOT NULL, asked_by text NOT NULL, asked_at timestamptz);
"""


def upgrade() -> None:
    """From an empty database."""
    machinery.create_v1(op)
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
