"""What lists and the search look in: words without variants, and the posts that a route has named."""

import sqlalchemy as sa
from alembic import op

from services.approval.domain.spelling import folded

revision = "0002"
down_revision = "0001"

COLUMNS = "ALTER TABLE cases ADD COLUMN words text NOT NULL DEFAULT '', ADD COLUMN route_posts text[] NOT NULL DEFAULT '{}'"
STATEMENTS = (
    """UPDATE cases SET route_posts = ARRAY(SELECT DISTINCT step->>'post' FROM drafts,
       jsonb_array_elements(route->'steps') step WHERE drafts.case_id = cases.case_id)""",
    "ALTER TABLE cases ALTER COLUMN words DROP DEFAULT, ALTER COLUMN route_posts DROP DEFAULT",
    "CREATE INDEX cases_route_posts ON cases USING gin (route_posts)",
    "CREATE INDEX cases_submitted_at ON cases (submitted_at DESC, reception_number)",
    "CREATE INDEX acts_sub ON acts (sub, case_id)",
)
WORDS = """SELECT case_id, concat_ws(E'\\n', reception_number, procedure_name, application->'applicant'->>'name',
           application->'applicant'->>'kana') AS words FROM cases"""


def upgrade() -> None:
    """Fill both columns from what is there."""
    op.execute(COLUMNS)
    connection = op.get_bind()
    for case_id, words in connection.execute(sa.text(WORDS)).all():
        values = {"case_id": case_id, "words": folded(words)}
        connection.execute(sa.text("UPDATE cases SET words = :words WHERE case_id = :case_id"), values)
    for statement in STATEMENTS:
        op.execute(statement)
