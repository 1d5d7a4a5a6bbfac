"""The draft or the case that a page belongs to."""

from flask import abort, request

from services.chassis.clock import today
from services.chassis.database import Work
from services.chassis.web import about_case, engine, person
from services.intake import queries
from services.intake.domain.application import Application
from services.intake.domain.draft import AlreadySubmittedError, Draft, ProcedureClosedError
from services.intake.domain.procedure import Procedure
from services.intake.store import SqlDrafts
from services.intake.web.house import id_or_none, number_or_404

NOT_FOUND = "この受付番号の申請は見つかりません。"


def own_draft(procedure: Procedure) -> Draft | None:
    """The person's open draft of this procedure, to be shown."""
    with engine().connect() as connection:
        found = queries.open_draft(connection, person().sub, procedure.id, today())
    if found:
        about_case(found.case_id)
    return found


def draft_to_save(work: Work, procedure: Procedure) -> Draft:
    """The draft that the sent page was about, locked.  Raises AlreadySubmittedError, ProcedureClosedError."""
    if not procedure.period.is_open(today()):
        raise ProcedureClosedError
    sub, shown = person().sub, id_or_none(request.form.get("draft", ""))
    if shown and queries.sent_draft(work.connection, sub, shown):
        raise AlreadySubmittedError(shown)
    drafts = SqlDrafts(work.connection)
    drafts.discard_expired(today())
    draft = drafts.open(sub, procedure.id, today())
    about_case(draft.case_id)
    return draft


def own_case(number: str) -> Application:
    """The person's application of this number, or 404."""
    with engine().connect() as connection:
        found = queries.own_case(connection, person().sub, number_or_404(number)) or abort(404, NOT_FOUND)
    about_case(found.case_id)
    return found


def sent_draft(application: Application) -> Draft:
    """What was sent with an application, or 404."""
    with engine().connect() as connection:
        return queries.sent_draft(connection, application.sub, application.case_id) or abort(404, NOT_FOUND)
