"""Pages on which a resident fills in a form: one topic each, then the check, then the number."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.chassis.clock import now, today
from services.chassis.database import Work, work_on
from services.chassis.web import Mistake, engine, person, signed_in, typed_of
from services.intake import queries, use_cases
from services.intake.domain.draft import (
    LARGEST_FILE,
    AlreadySubmittedError,
    Draft,
    DraftChangedError,
    IncompleteDraftError,
    ProcedureClosedError,
    UnknownDraftError,
)
from services.intake.domain.procedure import Procedure, Topic
from services.intake.store import SqlApplications, SqlConsents, SqlDrafts, SqlNumbers, WorkDocuments
from services.intake.web import forms, uploads, views
from services.intake.web.drafts import draft_to_save, own_draft
from services.intake.web.house import SERVICE, house, id_or_none, pages, procedure_or_404, topic_or_404

NOTHING, SEE_OTHER, REFUSED = 204, 303, 422
# How a topic is left without going on.
KEEP, BACK, HERE = "keep", "back", "here"
Answered = str | AnyResponse | tuple[str, int]


@pages.get("/apply/<procedure_id>/<topic_id>")
@signed_in
def get_topic(procedure_id: str, topic_id: str) -> Answered:
    """One topic, with what was saved or what the sign-in vouches for."""
    procedure = procedure_or_404(procedure_id)
    topic = topic_or_404(procedure, topic_id)
    if not procedure.period.is_open(today()):
        return redirect(_procedure_url(procedure))
    draft = own_draft(procedure)
    return _topic_page(procedure, topic, draft, *views.stored(topic, draft, views.claims_of(person()), today()))


@pages.post("/apply/<procedure_id>/<topic_id>")
@signed_in
def post_topic(procedure_id: str, topic_id: str) -> Answered:
    """Save one topic and go on; what cannot be saved comes back as it was typed."""
    procedure = procedure_or_404(procedure_id)
    topic = topic_or_404(procedure, topic_id)
    where = HERE if "remove" in request.form else request.form.get("leave", "")
    if where == KEEP:
        return _keep_typed(procedure, topic)
    if removed := id_or_none(request.form.get("remove", "")):
        uploads.remove_file(procedure, removed)
    refused = uploads.take_files(uploads.DraftFiles(procedure), {one.id: one for one in topic.questions})
    return _leave(procedure, topic, where) if where and not refused else _save(procedure, topic, refused)


@pages.get("/apply/<procedure_id>/check")
@signed_in
def get_check(procedure_id: str) -> Answered:
    """Everything that was answered, before it is sent."""
    procedure = procedure_or_404(procedure_id)
    draft = own_draft(procedure)
    if draft is None:
        return redirect(_procedure_url(procedure))
    if missing := draft.open_topics(procedure.form, today()):
        return redirect(_topic_url(procedure, missing[0]))
    return render_template(
        "intake/check.html",
        procedure=procedure,
        draft=draft,
        groups=[(topic, forms.items(topic, draft)) for topic in procedure.form.topics],
        progress=views.progress_of(procedure.form, None, draft, today()),
        changed="changed" in request.args,
    )


@pages.post("/apply/<procedure_id>/check")
@signed_in
def post_check(procedure_id: str) -> Answered:
    """Send the form.  Only the database is needed: the number is there at once, whatever else is down."""
    procedure = procedure_or_404(procedure_id)
    with work_on(engine(), SERVICE) as work:
        command = _command(procedure, work)
        submission = use_cases.submit_application(command, procedure_or_404, house().calendar, ports(work), now())
    return redirect(url_for("intake.get_done", procedure_id=procedure.id, number=str(submission.number)), SEE_OTHER)


@pages.errorhandler(AlreadySubmittedError)
def on_already_submitted(error: AlreadySubmittedError) -> AnyResponse:
    """Another tab has sent the form: its case is shown."""
    with engine().connect() as connection:
        number = queries.number_of(connection, error.case_id)
    return redirect(url_for("intake.get_case", number=str(number)), SEE_OTHER)


@pages.errorhandler(IncompleteDraftError)
def on_incomplete(error: IncompleteDraftError) -> AnyResponse:
    """Something is missing or no longer holds: its page says what."""
    return redirect(url_for("intake.get_topic", procedure_id=_procedure_id(), topic_id=error.topics[0]), SEE_OTHER)


@pages.errorhandler(DraftChangedError)
def on_changed(_error: DraftChangedError) -> AnyResponse:
    """Another tab has changed an answer: the form is shown again before it is sent."""
    return redirect(url_for("intake.get_check", procedure_id=_procedure_id(), changed=1), SEE_OTHER)


@pages.errorhandler(ProcedureClosedError)
@pages.errorhandler(UnknownDraftError)
def on_closed(_error: Exception) -> AnyResponse:
    """The procedure's page says what can be done now."""
    return redirect(url_for("intake.get_procedure", procedure_id=_procedure_id()), SEE_OTHER)


def _save(procedure: Procedure, topic: Topic, refused: views.Refused) -> Answered:
    typed = typed_of(request.form)
    with work_on(engine(), SERVICE) as work:
        draft = draft_to_save(work, procedure)
        drafts = SqlDrafts(work.connection)
        faults = () if refused else use_cases.save_topic(draft, topic, typed, drafts, now()).faults
    if faults or refused:
        return _topic_page(procedure, topic, draft, typed, views.mistakes_of(topic, faults, refused)), REFUSED
    return redirect(_following(procedure, topic, draft), SEE_OTHER)


def _keep_typed(procedure: Procedure, topic: Topic) -> Answered:
    """What a script sends while somebody types.  One that comes late, after the topic was saved, says nothing new."""
    with work_on(engine(), SERVICE) as work:
        draft = draft_to_save(work, procedure)
        if draft.version == request.form.get("version", 0, int):
            use_cases.keep_typed(draft, topic, typed_of(request.form), SqlDrafts(work.connection), now())
    return "", NOTHING


def _leave(procedure: Procedure, topic: Topic, where: str) -> AnyResponse:
    """Somebody stops, goes back or takes a file out in the middle of a topic: nothing that was typed is lost."""
    with work_on(engine(), SERVICE) as work:
        draft = draft_to_save(work, procedure)
        use_cases.leave_topic(draft, topic, typed_of(request.form), SqlDrafts(work.connection), now())
    away = {HERE: _topic_url(procedure, topic), BACK: _back(procedure, topic)}
    return redirect(away.get(where, _procedure_url(procedure)), SEE_OTHER)


def _topic_page(
    procedure: Procedure, topic: Topic, draft: Draft | None, typed: views.Typed, mistakes: Sequence[Mistake]
) -> str:
    return render_template(
        "intake/files.html" if topic.takes_files else "intake/topic.html",
        procedure=procedure,
        topic=topic,
        place=procedure.form.topics.index(topic) + 1,
        draft=draft,
        typed=typed,
        mistakes=mistakes,
        progress=views.progress_of(procedure.form, topic, draft, today()),
        largest=LARGEST_FILE,
        too_large=forms.FILE_MESSAGES["too_large"],
    )


def _following(procedure: Procedure, topic: Topic, draft: Draft) -> str:
    """The next page that needs the resident; the check when none does."""
    missing = draft.open_topics(procedure.form, today())
    later = procedure.form.topics[procedure.form.topics.index(topic) + 1 :]
    following = next((one for one in (*later, *missing) if one in missing), None)
    return _topic_url(procedure, following) if following else url_for("intake.get_check", procedure_id=procedure.id)


def _back(procedure: Procedure, topic: Topic) -> str:
    before = procedure.form.before(topic)
    return _topic_url(procedure, before) if before else _procedure_url(procedure)


def _procedure_url(procedure: Procedure) -> str:
    return url_for("intake.get_procedure", procedure_id=procedure.id)


def _topic_url(procedure: Procedure, topic: Topic) -> str:
    return url_for("intake.get_topic", procedure_id=procedure.id, topic_id=topic.id)


def _command(procedure: Procedure, work: Work) -> use_cases.SubmitApplication:
    case_id = id_or_none(request.form.get("draft", ""))
    draft = queries.own_draft(work.connection, person().sub, case_id) if case_id else None
    if draft is None:
        raise UnknownDraftError
    return use_cases.SubmitApplication(
        case_id=draft.case_id,
        sub=draft.sub,
        seen_version=request.form.get("version", -1, int),
        claims=views.claims_of(person()),
        shown=forms.shown(procedure.form.topics, draft),
    )


def ports(work: Work) -> use_cases.Ports:
    """All that a submission writes to."""
    return use_cases.Ports(
        drafts=SqlDrafts(work.connection),
        applications=SqlApplications(work.connection),
        numbers=SqlNumbers(work.connection),
        consents=SqlConsents(work.connection),
        documents=WorkDocuments(work),
        say=work.say,
    )


def _procedure_id() -> str:
    return str((request.view_args or {})["procedure_id"])
