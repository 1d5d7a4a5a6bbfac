"""Editions: each file of a signed document, and when the next is due."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """What was signed before is each document's first edition; its next is due a day after."""
    op.execute(
        """CREATE TABLE editions (
        document_id uuid NOT NULL, number integer NOT NULL, case_id uuid NOT NULL, document_type text NOT NULL,
        document_number text NOT NULL, level text NOT NULL, digest text NOT NULL, sha256 text NOT NULL,
        made_at timestamptz NOT NULL, proven_until timestamptz, due_at timestamptz, state text NOT NULL,
        reason text NOT NULL, ref jsonb NOT NULL, site_versions jsonb NOT NULL, PRIMARY KEY (document_id, number))"""
    )
    op.execute("CREATE INDEX editions_due ON editions (due_at) WHERE state = 'newest'")
    op.execute("CREATE INDEX editions_sha256 ON editions (sha256)")
    op.execute(
        """INSERT INTO editions SELECT d.document_id, 1, d.case_id, d.document_type, d.document_number, d.level,
        'sha256', s.sealed->>'sha256', d.signed_at, NULL, d.signed_at + interval '1 day', 'newest', '', s.sealed,
        s.site_versions FROM documents d JOIN sources s USING (document_id)
        WHERE s.sealed IS NOT NULL AND d.signed_at IS NOT NULL"""
    )
    op.execute(
        """INSERT INTO editions SELECT c.certificate_id, 1, c.case_id, 'contract-certificate', c.contract_number,
        d.level, 'sha256', p.certificate->>'sha256', d.signed_at, NULL, d.signed_at + interval '1 day', 'newest', '',
        p.certificate, p.certificate_versions FROM contracts c JOIN contract_papers p USING (document_id)
        JOIN documents d USING (document_id) WHERE p.certificate IS NOT NULL AND d.signed_at IS NOT NULL"""
    )
