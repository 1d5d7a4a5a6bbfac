"""The machinery's tables and signing's own."""

from alembic import op

from services.chassis import machinery

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE drafts (
  case_id uuid NOT NULL, version integer NOT NULL, document_type text NOT NULL, sha256 text NOT NULL,
  checked_at timestamptz NOT NULL, findings jsonb NOT NULL, preview jsonb, PRIMARY KEY (case_id, version));
CREATE TABLE documents (
  document_id uuid PRIMARY KEY, case_id uuid NOT NULL, draft_version integer NOT NULL, document_type text NOT NULL,
  document_number text NOT NULL, issued_on date NOT NULL, outcome text NOT NULL, decider text NOT NULL,
  authority text NOT NULL, decided_at timestamptz NOT NULL, keeper_post text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'permitted', 'refused', 'signed')),
  acted_by text, acted_subject text, acted_at timestamptz, reason text NOT NULL, signed_at timestamptz,
  level text NOT NULL, version integer NOT NULL,
  CHECK ((state = 'signed') = (signed_at IS NOT NULL)), CHECK ((state = 'waiting') = (acted_at IS NULL)),
  FOREIGN KEY (case_id, draft_version) REFERENCES drafts);
CREATE INDEX documents_open ON documents (decided_at) WHERE state IN ('waiting', 'permitted');
CREATE INDEX documents_acted ON documents (acted_at);
CREATE TABLE sources (
  document_id uuid PRIMARY KEY REFERENCES documents, notice jsonb NOT NULL, chain jsonb NOT NULL,
  notice_text bytea NOT NULL, chain_text bytea NOT NULL, sealed jsonb, site_versions jsonb);
CREATE INDEX sources_sealed ON sources ((sealed ->> 'sha256'));
CREATE TABLE sealed_files (
  document_id uuid PRIMARY KEY, pdf bytea NOT NULL, signed_at timestamptz NOT NULL,
  level text NOT NULL, kept_at timestamptz NOT NULL);
"""


def upgrade() -> None:
    """From an empty database."""
    machinery.create_v1(op)
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
