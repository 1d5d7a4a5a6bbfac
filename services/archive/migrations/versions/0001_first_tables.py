"""The machinery's tables and archive's own."""

from alembic import op

from services.chassis import machinery

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE documents (
  document_id uuid PRIMARY KEY, case_id uuid NOT NULL, document_type text NOT NULL, document_number text NOT NULL,
  retention text NOT NULL, keep_until date, signed_at timestamptz NOT NULL, archived_at timestamptz,
  owner text NOT NULL, sha256 text NOT NULL, media_type text NOT NULL, size integer NOT NULL, version integer NOT NULL);
CREATE INDEX documents_signed ON documents (signed_at DESC);
CREATE TABLE copies (
  document_id uuid NOT NULL REFERENCES documents, site text NOT NULL CHECK (site IN ('a', 'b')), version_id text NOT NULL,
  locked_until timestamptz, checked_at timestamptz, lost_at timestamptz, repaired_at timestamptz,
  PRIMARY KEY (document_id, site));
CREATE INDEX copies_lost ON copies (lost_at) WHERE lost_at IS NOT NULL;
"""


def upgrade() -> None:
    """From an empty database."""
    machinery.create_v1(op)
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
