"""Public ids: where a document's QR code leads."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """What is here already bears no code; contracts never do."""
    op.execute("ALTER TABLE documents ADD COLUMN public_id text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE documents ALTER COLUMN public_id DROP DEFAULT")
    op.execute("CREATE UNIQUE INDEX documents_public_id ON documents (public_id) WHERE public_id <> ''")
