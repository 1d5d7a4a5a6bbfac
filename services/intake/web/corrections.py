"""The page on which an applicant answers what the office asks: the asked questions only, and one button to send."""

from dataclasses import dataclass, replace
from functools import partial

from flask import redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from services.chassis.clock import now, today
from services.chassis.database import Work, work_on
from services.chassis.objects import ref_of
from services.chassis.web import Mistake, engine, person, signed_in, typed_of
from services.intake import queries
from services.intake.domain.application import Application
from services.intake.domain.correction import AskedTopic, Correction, CorrectionOverError, Faults
from services.intake.domain.draft import LARGEST_FILE, Attachment, Draft
from services.intake.domain.procedure import Question, Topic
from services.intake.store import SqlApplications, SqlCorrections, SqlDrafts, WorkDocuments
from services.intake.use_cases import corrections
from services.intake.use_cases.corrections import Answering
from services.intake.web import forms, uploads, views
from services.intake.web.drafts import own_case, sent_draft
from services.intake.web.house import SERVICE, house, id_or_none, pages, procedure_of
from services.messages import DocumentRef

SEE_OTHER, REFUSED = 303, 422
BETWEEN = "__"
Answered = str | Response | tuple[str, int]


@dataclass(frozen=True)
class AnswerFiles:
    """The files of an answer that is not sent yet."""

    application: Application

    def must_take(self, question: Question, data: bytes, media_type: str) -> DocumentRef:
        """Asked before the file goes to the store."""
        ref = ref_of(str(self.application.case_id), data, media_type)
        with engine().connect() as connection:
            draft = sent_draft(self.application)
            correction = queries.last_correction(connection, self.application.case_id)
        if correction is None:
            raise CorrectionOverError
        correction.as_draft(draft).must_take(question, ref.size, ref.sha256)
        return ref

    def enter(self, question: Question, attachment: Attachment, work: Work) -> None:
        """The answer has it from now on."""
        corrections.attach_to_answer(_answering(self.application, work), question, attachment)


@pages.get("/apply/cases/<number>/correction")
@signed_in
def get_correction(number: str) -> Answered:
    """What the office asks, with what was answered so far."""
    return _page(own_case(number), {}, {})


@pages.post("/apply/cases/<number>/correction")
@signed_in
def post_correction(number: str) -> Answered:
    """Send the answer, or keep it for later; what cannot be sent comes back as it was typed."""
    application = own_case(number)
    refused = _take_files(application)
    stays = "remove" in request.form or bool(refused)
    with work_on(engine(), SERVICE) as work:
        answering = _answering(application, work)
        if removed := id_or_none(request.form.get("remove", "")):
            corrections.remove_from_answer(answering, removed)
        faults = corrections.take_answer(answering, _typed(), now())
        done = not (stays or faults or "leave" in request.form)
        if done:
            shown = partial(forms.shown, answering.procedure.form.topics)
            corrections.send_answer(answering, views.claims_of(person()), shown, house().calendar, now())
    if done or "leave" in request.form:
        return redirect(url_for("intake.get_case", number=number), SEE_OTHER)
    if "remove" in request.form and not refused:
        return redirect(url_for("intake.get_correction", number=number), SEE_OTHER)
    return _page(application, faults, refused), REFUSED


@pages.errorhandler(CorrectionOverError)
def on_over(_error: CorrectionOverError) -> Response:
    """It was answered, in another tab perhaps, withdrawn or decided: the page says so."""
    number = (request.view_args or {})["number"]
    return redirect(url_for("intake.get_correction", number=number), SEE_OTHER)


def _page(application: Application, faults: Faults, refused: views.Refused) -> str:
    procedure = procedure_of(application)
    draft = sent_draft(application)
    with engine().connect() as connection:
        correction = queries.last_correction(connection, application.case_id)
    if correction is None or not correction.is_open(application):
        return render_template("intake/no_correction.html", application=application, correction=correction)
    topics, answered = correction.topics(procedure.form), correction.as_draft(draft)
    return render_template(
        "intake/correction.html",
        application=application,
        procedure=procedure,
        correction=correction,
        late=correction.is_late(today()),
        topics=[_shown(one, correction) for one in topics],
        files={_field(one, question): answered.files_of(question) for one, question in _files(topics)},
        typed=_fields(correction, topics, draft),
        mistakes=[made for one in topics for made in _mistakes(one, faults, refused)],
        takes_files=any(True for _ in _files(topics)),
        largest=LARGEST_FILE,
        too_large=forms.FILE_MESSAGES["too_large"],
    )


def _answering(application: Application, work: Work) -> Answering:
    """All that the acts need, locked until the commit.  Raises CorrectionOverError."""
    applications, drafts = SqlApplications(work.connection), SqlDrafts(work.connection)
    found = applications.find(application.case_id)
    if found is None:
        raise CorrectionOverError
    return Answering(
        application=found,
        procedure=procedure_of(found),
        sent=drafts.load(found.case_id, found.sub),
        corrections=SqlCorrections(work.connection),
        applications=applications,
        drafts=drafts,
        documents=WorkDocuments(work),
        say=work.say,
    )


def _take_files(application: Application) -> views.Refused:
    procedure = procedure_of(application)
    with engine().connect() as connection:
        correction = queries.last_correction(connection, application.case_id)
    topics = correction.topics(procedure.form) if correction and correction.is_open(application) else ()
    return uploads.take_files(AnswerFiles(application), {_field(one, each): each for one, each in _files(topics)})


def _typed() -> dict[str, dict[str, list[str]]]:
    """What was typed, per topic."""
    found: dict[str, dict[str, list[str]]] = {}
    for name, texts in typed_of(request.form).items():
        topic, between, field = name.partition(BETWEEN)
        if between:
            found.setdefault(topic, {})[field] = texts
    return found


def _fields(correction: Correction, topics: tuple[AskedTopic, ...], draft: Draft) -> dict[str, list[str]]:
    return {
        f"{one.topic.id}{BETWEEN}{name}": texts
        for one in topics
        for name, texts in correction.fields(one, draft).items()
    }


def _files(topics: tuple[AskedTopic, ...]) -> list[tuple[AskedTopic, Question]]:
    return [(one, question) for one in topics for question in one.questions if question.kind == "files"]


def _field(one: AskedTopic, question: Question) -> str:
    """Two topics may each have a question of one id: on this page they stand side by side."""
    return f"{one.topic.id}{BETWEEN}{question.id}"


def _shown(one: AskedTopic, correction: Correction) -> Topic:
    """The topic as the page shows it: fields named after it, and what the officer writes beside each question."""
    return replace(one.topic, questions=tuple(_question(one, each, correction) for each in one.questions))


def _question(one: AskedTopic, question: Question, correction: Correction) -> Question:
    note = correction.note(one.topic, question)
    said = Markup("<strong>町から：{}</strong>").format(note) if note else ""
    hint = Markup("<br>").join(filter(None, (said, question.hint)))
    when = question.needed_when
    if when:
        when = replace(when, question=_prefixed(one, when.question))
    return replace(question, id=_field(one, question), hint=hint, needed_when=when)


def _prefixed(one: AskedTopic, question_id: str) -> str:
    return f"{one.topic.id}{BETWEEN}{question_id}"


def _mistakes(one: AskedTopic, faults: Faults, refused: views.Refused) -> list[Mistake]:
    """Beside the questions that are asked; what an answer brings to another question is said at the first of them."""
    mine = {each.id: refused[_field(one, each)] for each in one.questions if _field(one, each) in refused}
    found = views.mistakes_of(one.topic, faults.get(one.topic.id, ()), mine)
    asked = {each.id for each in one.questions}
    first = one.questions[0]
    first_of_all = {"field": first.id, "at": forms.field_of(first, "")}
    at = [made if made.field in asked else replace(made, **first_of_all) for made in found]
    return [replace(made, field=_prefixed(one, made.field), at=_prefixed(one, made.target)) for made in at]
