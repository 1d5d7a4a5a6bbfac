"""Pages that lead to a form and away from it: start, procedures, the number, the resident's own cases."""

from datetime import date

from flask import Flask, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.chassis.clock import now, today
from services.chassis.database import work_on
from services.chassis.holidays import read_holidays
from services.chassis.objects import Objects
from services.chassis.web import create_web, engine, person, person_or_none, signed_in
from services.chassis.web.filters import masked_mail
from services.intake import queries, use_cases
from services.intake.domain.application import Application, NotWithdrawableError, State
from services.intake.domain.calendar import Calendar
from services.intake.domain.draft import Draft
from services.intake.domain.procedure import Answer, Kind, Procedure, Question
from services.intake.domain.search import examples, find, nearest
from services.intake.settings import IntakeSettings, load
from services.intake.store import SqlApplications
from services.intake.town import read_town
from services.intake.use_cases import local_date
from services.intake.web import corrections, filling, forms, uploads
from services.intake.web.api import mount
from services.intake.web.drafts import NOT_FOUND, own_case, sent_draft
from services.intake.web.house import SERVICE, House, house, pages, procedure_of, procedure_or_404

__all__ = ["corrections", "create_app", "filling", "uploads"]
UPLOAD_BYTES = 350_000_000
ABOUT = {"how", "privacy", "accessibility"}
# When the pages were last held against tests/e2e/checklist.py as a release.
CHECKED_ON = date(2026, 11, 25)
SEE_OTHER = 303


def create_app(settings: IntakeSettings | None = None) -> Flask:
    """The web process of intake.  Raises TownDataError when the town's data is wrong."""
    settings = settings or load()
    # Larger than a draft's files may be together: the page can then say which file was too much.
    app = create_web(settings, blueprints=[pages], prefix="/apply", upload_bytes=UPLOAD_BYTES)
    calendar = Calendar(read_holidays(settings.town_dir).is_open)
    app.extensions[SERVICE] = House(read_town(settings.town_dir), Objects.of(settings), calendar)
    mount(app)
    return app


@pages.app_context_processor
def navigation() -> dict[str, int]:
    """The number beside 受信箱: of the person who is signed in, if any."""
    someone = person_or_none()
    if someone is None:
        return {}
    with engine().connect() as connection:
        return {"unread_count": queries.count_unread(connection, someone.sub)}


@pages.get("/")
@pages.get("/apply/")
def get_start() -> str:
    """Where residents begin: what they left off, a search, what others use."""
    procedures = house().town.on(today())
    frequent = sorted((one for one in procedures if one.frequent), key=lambda one: one.frequent)
    return render_template(
        "intake/start.html", drafts=_drafts(), frequent=frequent, count=len(procedures), examples=examples(procedures)
    )


@pages.get("/apply/about/<name>")
def get_about(name: str) -> str:
    """How the site is used, what it keeps, whom it serves."""
    if name not in ABOUT:
        abort(404)
    return render_template(f"intake/about/{name}.html", checked_on=CHECKED_ON)


@pages.get("/apply/procedures")
def get_procedures() -> str:
    """All procedures by life event, or those that a search finds."""
    query = request.args.get("q", "").strip()
    procedures = house().town.on(today())
    return render_template(
        "intake/procedures.html",
        query=query,
        found=find(procedures, query),
        nearest=nearest(procedures, query),
        examples=examples(procedures),
        groups=[
            (event, [one for one in procedures if one.life_event == event.id]) for event in house().town.life_events
        ],
    )


@pages.get("/apply/<procedure_id>")
def get_procedure(procedure_id: str) -> str:
    """Who, cost, time, papers; closed or not yet open: the dates."""
    procedure = procedure_or_404(procedure_id)
    mine = [draft for draft, one, _ in _drafts() if one.id == procedure.id]
    return render_template(
        "intake/procedure.html",
        procedure=procedure,
        is_open=procedure.period.is_open(today()),
        draft=next(iter(mine), None),
        open_topics=mine[0].open_topics(procedure.form, today()) if mine else (),
    )


@pages.get("/apply/<procedure_id>/done/<number>")
@signed_in
def get_done(procedure_id: str, number: str) -> str:
    """The reception number and what comes next, each with its date."""
    application = own_case(number)
    procedure = procedure_of(application)
    if procedure.id != procedure_id:
        abort(404, NOT_FOUND)
    arrived_on = local_date(application.submitted_at)
    starts_on = house().calendar.examined_from(application.submitted_at, procedure.contact.closes_at)
    return render_template(
        "intake/done.html",
        application=application,
        procedure=procedure,
        arrived_on=arrived_on,
        starts_on=starts_on,
        closed_days=house().calendar.closed_days(arrived_on, starts_on),
        mail=masked_mail(procedure.form.meaning("mail", sent_draft(application).answers)),
    )


@pages.get("/apply/cases")
@signed_in
def get_cases() -> str:
    """The person's applications, newest first."""
    page = max(request.args.get("page", 1, int), 1)
    with engine().connect() as connection:
        cases = queries.own_cases(connection, person().sub, page)
        count = queries.count_own_cases(connection, person().sub)
        asked = queries.open_corrections(connection, cases)
        tasks = queries.own_tasks(connection, person().sub)
    return render_template(
        "intake/cases.html",
        cases=[(one, procedure_of(one), forms.words_of(one, asked.get(one.case_id))) for one in cases],
        tasks=[(one, procedure_of(one), correction, correction.is_late(today())) for one, correction in tasks],
        drafts=_drafts(),
        page=page,
        pages=-(-count // queries.PAGE),
    )


@pages.get("/apply/cases/<number>")
@signed_in
def get_case(number: str) -> str:
    """How far one application is."""
    application = own_case(number)
    procedure = procedure_of(application)
    draft = sent_draft(application)
    with engine().connect() as connection:
        asked = queries.corrections_of(connection, [application.case_id])[application.case_id]
    newest = asked[-1] if asked else None
    correction = newest if newest and newest.is_open(application) else None
    return render_template(
        "intake/case.html",
        application=application,
        procedure=procedure,
        correction=correction,
        late=correction is not None and correction.is_late(today()),
        answered=newest if newest and newest.answered_at and not application.is_past(State.WITHDRAWN) else None,
        on_time=application.due_on >= today(),
        words=forms.words_of(application, correction),
        timeline=forms.timeline(application, procedure, asked, waits=correction is not None),
        starts_on=house().calendar.examined_from(application.submitted_at, procedure.contact.closes_at),
        highlights=_highlights(procedure, draft, application),
        may_change=not application.is_past(State.WITHDRAWN),
    )


@pages.get("/apply/cases/<number>/withdraw")
@signed_in
def get_withdraw(number: str) -> str:
    """Ask once more before an application is taken back."""
    application = own_case(number)
    return render_template(
        "intake/withdraw.html", application=application, procedure=procedure_of(application), decided=State.DECIDED
    )


@pages.post("/apply/cases/<number>/withdraw")
@signed_in
def post_withdraw(number: str) -> Response:
    """Take the application back; one that is decided stays, and its page says so."""
    application = own_case(number)
    try:
        with work_on(engine(), SERVICE) as work:
            use_cases.withdraw_application(application.case_id, SqlApplications(work.connection), work.say, now())
    except NotWithdrawableError:
        return redirect(url_for("intake.get_withdraw", number=number), SEE_OTHER)
    return redirect(url_for("intake.get_case", number=number), SEE_OTHER)


@pages.get("/apply/cases/<number>/sent")
@signed_in
def get_sent(number: str) -> str:
    """What the person has sent, with the files."""
    application = own_case(number)
    procedure = procedure_of(application)
    draft = sent_draft(application)
    groups = [(topic, forms.items(topic, draft)) for topic in procedure.form.topics]
    return render_template("intake/sent.html", application=application, procedure=procedure, draft=draft, groups=groups)


def _drafts() -> list[tuple[Draft, Procedure, int]]:
    """The person's drafts with their procedures, and how many topics are answered."""
    someone = person_or_none()
    if someone is None:
        return []
    with engine().connect() as connection:
        drafts = queries.open_drafts(connection, someone.sub, today())
    known = {one.id: one for one in house().town.on(today())}
    return [_with_progress(one, known[one.procedure_id]) for one in drafts if one.procedure_id in known]


def _with_progress(draft: Draft, procedure: Procedure) -> tuple[Draft, Procedure, int]:
    return draft, procedure, len(procedure.form.topics) - len(draft.open_topics(procedure.form, today()))


def _highlights(procedure: Procedure, draft: Draft, application: Application) -> list[tuple[str, str]]:
    values = [
        (question, _answer(topic.id, question, draft, application)) for topic, question in procedure.form.questions()
    ]
    return [(one.name, forms.text_of(one, value)) for one, value in values if one.highlight and value is not None]


def _answer(topic_id: str, question: Question, draft: Draft, application: Application) -> Answer | None:
    """As it was sent; how the result is received may have been changed since."""
    if question.kind is Kind.DELIVERY:
        return "digital" if application.digital else "paper"
    return draft.answers.get(topic_id, {}).get(question.id)
