"""What the daily sum counts, read-only: what was heard (the inbox) against what became of it (cases, decisions)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from services.approval.domain.case import AFTER_DECISION, State
from services.approval.domain.tally import Count, Gap
from services.approval.store import cases, decisions
from services.chassis.tables import inbox
from services.messages import ApplicationSubmitted

# An application is heard within seconds; a number that is missing for longer is not on its way any more.
ON_ITS_WAY = timedelta(minutes=10)
GAPS_SHOWN = 20
# Written out, so that what is selected and what it is grouped by are one expression.
NONE: sa.ColumnElement[str] = sa.literal_column("''")
ZONE: sa.ColumnElement[str] = sa.literal_column("'Asia/Tokyo'")
heard = (
    sa.select(inbox.c.case_id, inbox.c.state, sa.func.min(inbox.c.received_at).label("heard_at"))
    .where(inbox.c.fact == ApplicationSubmitted.type())
    .group_by(inbox.c.case_id, inbox.c.state)
    .cte("heard")
)
newest = (
    sa.select(decisions.c.case_id, sa.func.max(decisions.c.decided_at).label("decided_at"))
    .group_by(decisions.c.case_id)
    .cte("newest")
)
NUMBERS = """
WITH known AS (
  SELECT reception_number AS number, submitted_at FROM cases
  UNION ALL
  SELECT body::jsonb->'data'->>'reception_number', received_at FROM inbox
   WHERE fact = :fact AND state <> 'done' AND body IS NOT NULL),
parts AS (
  SELECT split_part(number, '-', 1) AS year, split_part(number, '-', 2)::int AS place, submitted_at
    FROM known WHERE number ~ '^R[0-9]+-[0-9]{6}$'),
steps AS (
  SELECT year, place, submitted_at, lag(place) OVER (PARTITION BY year ORDER BY place) AS before FROM parts)
SELECT year, before + 1 AS first, place - 1 AS last FROM steps
 WHERE place - before > 1 AND submitted_at < :until ORDER BY year, place LIMIT :most"""


def counts(connection: sa.Connection) -> Sequence[Count]:
    """Applications heard, decided and withdrawn, by day and procedure."""
    return [
        *_counted(connection, "received", sa.func.coalesce(cases.c.submitted_at, heard.c.heard_at), sa.true()),
        *_counted(connection, "decided", newest.c.decided_at, cases.c.state.in_(AFTER_DECISION)),
        *_counted(connection, "withdrawn", _withdrawn_at(), cases.c.state == State.WITHDRAWN),
    ]


def open_now(connection: sa.Connection) -> Mapping[str, int]:
    """Cases in process by procedure; under the empty name, applications that are kept and no case yet."""
    ended = cases.c.state.in_((*AFTER_DECISION, State.WITHDRAWN))
    no_case_yet = sa.and_(cases.c.case_id.is_(None), heard.c.state != "done")
    query = (
        sa.select(_procedure(), sa.func.count())
        .select_from(heard.outerjoin(cases, cases.c.case_id == heard.c.case_id))
        .where(sa.or_(no_case_yet, sa.not_(ended)))
        .group_by(_procedure())
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def gaps(connection: sa.Connection, now: datetime) -> Sequence[Gap]:
    """Reception numbers, which intake gives without a gap, that have not been heard of in time."""
    values = {"fact": ApplicationSubmitted.type(), "until": now - ON_ITS_WAY, "most": GAPS_SHOWN}
    rows = connection.execute(sa.text(NUMBERS), values)
    return [Gap(first=f"{row.year}-{row.first:06d}", last=f"{row.year}-{row.last:06d}") for row in rows]


def _counted(
    connection: sa.Connection, what: str, moment: sa.ColumnElement[Any], which: sa.ColumnElement[bool]
) -> list[Count]:
    day = sa.cast(sa.func.timezone(ZONE, moment), sa.Date)
    query = (
        sa.select(day, _procedure(), sa.func.count())
        .select_from(
            heard.outerjoin(cases, cases.c.case_id == heard.c.case_id).outerjoin(
                newest, newest.c.case_id == heard.c.case_id
            )
        )
        .where(which, moment.is_not(None))
        .group_by(day, _procedure())
    )
    return [Count(day=row[0], procedure=row[1], **{what: row[2]}) for row in connection.execute(query)]


def _procedure() -> sa.ColumnElement[str]:
    return sa.func.coalesce(cases.c.procedure_id, NONE)


def _withdrawn_at() -> sa.ColumnElement[Any]:
    return sa.cast(cases.c.reached[State.WITHDRAWN.value].astext, sa.DateTime(timezone=True))
