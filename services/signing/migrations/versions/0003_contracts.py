"""Contracts: offered, consented to with a one-time code, witnessed, sealed last."""

from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = """
CREATE TABLE contracts (
  document_id uuid PRIMARY KEY, case_id uuid NOT NULL, draft_version integer NOT NULL, document_type text NOT NULL,
  contract_number text NOT NULL, party text NOT NULL, subject text NOT NULL, decider text NOT NULL,
  authority text NOT NULL, decided_at timestamptz NOT NULL, answer_by date NOT NULL, offered_sha256 text NOT NULL,
  offered_size integer NOT NULL, offered_at timestamptz NOT NULL, certificate_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('offered', 'given', 'consented', 'declined', 'expired', 'concluded')),
  given_at timestamptz, consented_at timestamptz, closed_at timestamptz, reason text NOT NULL, version integer NOT NULL,
  FOREIGN KEY (case_id, draft_version) REFERENCES drafts);
CREATE INDEX contracts_subject ON contracts (subject, offered_at);
CREATE INDEX contracts_open ON contracts (answer_by) WHERE state = 'offered';
CREATE TABLE contract_papers (
  document_id uuid PRIMARY KEY REFERENCES contracts, contract jsonb NOT NULL, chain jsonb NOT NULL,
  contract_text bytea NOT NULL, chain_text bytea NOT NULL, offered jsonb NOT NULL, event bytea, reply bytea,
  concluded jsonb, concluded_versions jsonb, certificate jsonb, certificate_versions jsonb);
CREATE INDEX contract_papers_certificate ON contract_papers ((certificate ->> 'sha256'));
CREATE TABLE consent_codes (
  code_id uuid PRIMARY KEY, document_id uuid NOT NULL REFERENCES contracts, requested_at timestamptz NOT NULL,
  digest text NOT NULL, sent_at timestamptz, refused boolean NOT NULL, tries integer NOT NULL, used_at timestamptz);
CREATE INDEX consent_codes_contract ON consent_codes (document_id, requested_at DESC);
"""


def upgrade() -> None:
    """From the first version."""
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
