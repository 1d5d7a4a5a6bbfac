"""What the pages read: without locks, and only what belongs to the person who asks."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from services.intake.domain.application import Application, ReceptionNumber, State
from services.intake.domain.correction import Correction
from services.intake.domain.draft import Attachment, Draft
from services.intake.store import (
    application_from,
    applications,
    correction_from,
    corrections,
    draft_from,
    drafts,
    milestones,
    newest_correction,
)  # fmt: skip

PAGE = 50


def open_draft(connection: sa.Connection, sub: str, procedure_id: str, today: date) -> Draft | None:
    """The person's draft of this procedure, if it is still kept."""
    return next(iter(open_drafts(connection, sub, today, procedure_id)), None)


def open_drafts(connection: sa.Connection, sub: str, today: date, procedure_id: str = "") -> list[Draft]:
    """The person's drafts, the one that was saved last first."""
    statement = (
        sa.select(drafts)
        .where(drafts.c.sub == sub, sa.not_(drafts.c.submitted), drafts.c.keep_until >= today)
        .where(drafts.c.procedure_id == procedure_id if procedure_id else sa.true())
        .order_by(drafts.c.keep_until.desc(), drafts.c.case_id)
    )
    return [draft_from(connection, row) for row in connection.execute(statement).all()]


def sent_draft(connection: sa.Connection, sub: str, case_id: UUID) -> Draft | None:
    """What the person sent with an application."""
    mine = sa.and_(drafts.c.case_id == case_id, drafts.c.sub == sub, drafts.c.submitted)
    row = connection.execute(sa.select(drafts).where(mine)).one_or_none()
    return draft_from(connection, row) if row else None


def own_draft(connection: sa.Connection, sub: str, case_id: UUID) -> Draft | None:
    """The person's draft of this id, sent or not."""
    mine = sa.and_(drafts.c.case_id == case_id, drafts.c.sub == sub)
    row = connection.execute(sa.select(drafts).where(mine)).one_or_none()
    return draft_from(connection, row) if row else None


def own_files(connection: sa.Connection, sub: str, case_id: UUID) -> list[Attachment]:
    """The person's files of a draft or a case, those of an answer that is not sent yet included."""
    draft = own_draft(connection, sub, case_id)
    if draft is None:
        return []
    correction = last_correction(connection, case_id)
    return draft.attachments + (correction.attachments if correction else [])


def last_correction(connection: sa.Connection, case_id: UUID) -> Correction | None:
    """What was asked last of a case."""
    row = connection.execute(newest_correction(case_id)).one_or_none()
    return correction_from(connection, row) if row else None


def corrections_of(connection: sa.Connection, case_ids: Sequence[UUID]) -> dict[UUID, list[Correction]]:
    """All that was asked of these cases, the oldest first."""
    found: dict[UUID, list[Correction]] = {case_id: [] for case_id in case_ids}
    asked = sa.select(corrections).where(corrections.c.case_id.in_(case_ids)).order_by(corrections.c.requested_at)
    for row in connection.execute(asked).all():
        found[row.case_id].append(correction_from(connection, row))
    return found


def open_corrections(connection: sa.Connection, cases: Sequence[Application]) -> dict[UUID, Correction]:
    """What the office asks and waits for, by case."""
    asked = corrections_of(connection, [one.case_id for one in cases])
    newest = ((one, asked[one.case_id][-1]) for one in cases if asked[one.case_id])
    return {one.case_id: correction for one, correction in newest if correction.is_open(one)}


def own_tasks(connection: sa.Connection, sub: str) -> list[tuple[Application, Correction]]:
    """The person's applications of which the office asks something, the one with the first day first."""
    unanswered = sa.select(corrections.c.case_id).where(corrections.c.answered_at.is_(None))
    asked = sa.select(applications).where(applications.c.sub == sub, applications.c.case_id.in_(unanswered))
    cases = [application_from(connection, row) for row in connection.execute(asked).all()]
    waiting = open_corrections(connection, cases)
    tasks = [(one, waiting[one.case_id]) for one in cases if one.case_id in waiting]
    return sorted(tasks, key=lambda task: (task[1].answer_by, task[0].number))


def own_case(connection: sa.Connection, sub: str, number: ReceptionNumber) -> Application | None:
    """The person's application of this number."""
    mine = sa.and_(
        applications.c.sub == sub,
        applications.c.fiscal_year == number.fiscal_year,
        applications.c.count == number.count,
    )
    row = connection.execute(sa.select(applications).where(mine)).one_or_none()
    return application_from(connection, row) if row else None


def own_cases(connection: sa.Connection, sub: str, page: int = 1) -> Sequence[Application]:
    """The person's applications, newest first, 50 a page."""
    statement = (
        sa.select(applications)
        .where(applications.c.sub == sub)
        .order_by(applications.c.submitted_at.desc())
        .limit(PAGE)
        .offset(PAGE * (page - 1))
    )
    return [application_from(connection, row) for row in connection.execute(statement).all()]


def count_own_cases(connection: sa.Connection, sub: str) -> int:
    """How many applications the person has made."""
    counted = sa.select(sa.func.count()).select_from(applications).where(applications.c.sub == sub)
    return int(connection.execute(counted).scalar_one())


def count_unread(connection: sa.Connection, sub: str) -> int:
    """How many of the person's results lie unopened in the inbox, as far as intake has heard."""
    reached = sa.select(milestones.c.state).where(milestones.c.case_id == applications.c.case_id)
    lies = reached.where(milestones.c.state == State.AVAILABLE).exists()
    opened = reached.where(milestones.c.state == State.OPENED).exists()
    mine = sa.and_(applications.c.sub == sub, applications.c.digital, lies, sa.not_(opened))
    return int(connection.execute(sa.select(sa.func.count()).select_from(applications).where(mine)).scalar_one())


def count_submitted(connection: sa.Connection) -> int:
    """How many applications have a reception number."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(applications)).scalar_one())


def number_of(connection: sa.Connection, case_id: UUID) -> ReceptionNumber:
    """The reception number of a case of intake."""
    statement = sa.select(applications.c.fiscal_year, applications.c.count).where(applications.c.case_id == case_id)
    row = connection.execute(statement).one()
    return ReceptionNumber(row.fiscal_year, row[1])
