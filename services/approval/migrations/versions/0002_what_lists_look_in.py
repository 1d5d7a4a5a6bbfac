"""What lists and the search look in: words without variants, and the posts that a route has named."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    "ALTER TABLE cases ADD COLUMN words text NOT NULL DEFAULT '', ADD COLUMN route_posts text[] NOT NULL DEFAULT '{}'",
    # Variants of characters are folded when a case is next written.
    """UPDATE cases SET
       words = lower(replace(concat_ws(E'\\n', reception_number, procedure_name, application->'applicant'->>'name',
                                       application->'applicant'->>'kana'), ' ', '')),
       route_posts = ARRAY(SELECT DISTINCT step->>'post' FROM drafts, jsonb_array_elements(route->'steps') step
                           WHERE drafts.case_id = cases.case_id)""",
    "ALTER TABLE cases ALTER COLUMN words DROP DEFAULT, ALTER COLUMN route_posts DROP DEFAULT",
    "CREATE INDEX cases_route_posts ON cases USING gin (route_posts)",
    "CREATE INDEX cases_submitted_at ON cases (submitted_at DESC, reception_number)",
    "CREATE INDEX acts_sub ON acts (sub, case_id)",
)


def upgrade() -> None:
    """Fill both columns from what is there."""
    for statement in STATEMENTS:
        op.execute(statement)
