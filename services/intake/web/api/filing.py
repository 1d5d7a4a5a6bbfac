"""A whole application from another programme of the signed-in person: read, judged as on the pages, stored, recorded.

It becomes a case of its own, beside the draft that the person may have on the pages.  The case's id follows from the
person and the key, so that the same request gives the same number however often it comes.
"""

import base64
import uuid
from collections.abc import Iterator, Mapping
from functools import partial
from http import HTTPStatus
from uuid import UUID

from services.chassis.clock import now, today
from services.chassis.database import Work, work_on
from services.chassis.debts import owe
from services.chassis.objects import ref_of
from services.chassis.web import Person
from services.chassis.web.api import Problem
from services.chassis.web.shelf import engine
from services.intake import queries, use_cases
from services.intake.domain.answers import Reading
from services.intake.domain.draft import (
    KEPT_FOR,
    Attachment,
    Draft,
    DraftError,
    FilesTooLargeError,
    TooManyFilesError,
)
from services.intake.domain.given import read_given
from services.intake.domain.procedure import Kind, Procedure, Question
from services.intake.inspection import InspectionError, inspect
from services.intake.web import forms, views
from services.intake.web.api.requests import KEY_HEADER, pointer
from services.intake.web.api.shapes import FileShape, FilingShape
from services.intake.web.filling import ports
from services.intake.web.house import SERVICE, house
from services.intake.web.uploads import own_name

KEYED = UUID("3c2a1d5e-6a0f-5d0b-9d52-7b8f0c0f4a11")
CLOSED = "この手続きは、いまは申請を受け付けていません。"
CHANGED = "手続きの内容が変わりました。もう一度読みこんで、入力し直してください。"
REUSED = "このIdempotency-Keyは、別の内容の申請に使われています。"
NO_PROCEDURE = "この手続きはありません。"
Errors = list[dict[str, str]]
Contents = dict[UUID, bytes]
File = tuple[str, bytes, Attachment | None]


def file(someone: Person, key: str, wanted: FilingShape) -> use_cases.Submission:
    """Apply.  Raises Problem (409, 422) and Waiting."""
    procedure = _version(wanted)
    draft = _new_draft(someone, key, procedure)
    files = list(_files(procedure, wanted, draft))
    readings = _readings(procedure, wanted, draft)
    if sent := _sent(someone, draft.case_id):
        _must_be_same(sent, draft, readings)
    else:
        _must_hold(procedure, files, _unknown_topics(procedure, wanted) + _faults(procedure, readings))
    contents = {one.id: data for _, data, one in files if one}
    return _record(someone, procedure, draft, readings, {} if sent else contents)


def case_of(sub: str, key: str) -> UUID:
    """The case that this person's key makes."""
    return uuid.uuid5(KEYED, f"{sub}\n{key}")


def _version(wanted: FilingShape) -> Procedure:
    """The version whose form was filled in; whether it is today's is asked later."""
    try:
        return house().town.version(wanted.procedure_id, wanted.version)
    except KeyError:
        pass
    if house().town.procedure(wanted.procedure_id, today()):
        raise Problem(HTTPStatus.CONFLICT, "version-changed", CHANGED)
    raise _refused([{"pointer": pointer("procedure_id"), "code": "unknown", "message": NO_PROCEDURE}])


def _new_draft(someone: Person, key: str, procedure: Procedure) -> Draft:
    return Draft(
        case_id=case_of(someone.sub, key),
        sub=someone.sub,
        procedure_id=procedure.id,
        keep_until=today() + KEPT_FOR,
    )


def _files(procedure: Procedure, wanted: FilingShape, draft: Draft) -> Iterator[File]:
    """Of each file what is said against it, its bytes, and what it is; what can be taken is in the draft then."""
    for sent in wanted.files:
        question = _files_question(procedure, sent)
        data = base64.b64decode(sent.content)
        if question is None:
            yield forms.UNKNOWN, data, None
        else:
            yield _attach(draft, question, own_name(sent.name), data)


def _attach(draft: Draft, question: Question, name: str, data: bytes) -> File:
    try:
        attachment = _inspected(question, name, data, draft.case_id)
        draft.attach(question, attachment, today())
        return "", data, attachment
    except InspectionError as error:
        code = error.code
    except TooManyFilesError:
        code = "many"
    except FilesTooLargeError:
        code = "together"
    (said,) = forms.refusals_text(question, [forms.Refusal(code, name, len(data))])
    return said, data, None


def _inspected(question: Question, name: str, data: bytes, case_id: UUID) -> Attachment:
    found = inspect(data, question.accept)
    ref = ref_of(str(case_id), data, found.media_type)
    return Attachment(
        id=uuid.uuid4(),
        question=question.id,
        name=name,
        media_type=found.media_type,
        size=ref.size,
        sha256=ref.sha256,
        pages=found.pages,
        thumbnail=found.thumbnail,
    )


def _files_question(procedure: Procedure, sent: FileShape) -> Question | None:
    topic = procedure.form.topic(sent.topic)
    questions = topic.questions if topic else ()
    return next((one for one in questions if one.id == sent.question and one.kind is Kind.FILES), None)


def _readings(procedure: Procedure, wanted: FilingShape, draft: Draft) -> dict[str, Reading]:
    counts = draft.count_files()
    return {
        topic.id: read_given(topic, wanted.answers.get(topic.id, {}), today(), counts)
        for topic in procedure.form.topics
    }


def _sent(someone: Person, case_id: UUID) -> Draft | None:
    with engine().connect() as connection:
        return queries.sent_draft(connection, someone.sub, case_id)


def _must_be_same(sent: Draft, draft: Draft, readings: Mapping[str, Reading]) -> None:
    same_answers = sent.answers == {topic: reading.values for topic, reading in readings.items()}
    if sent.procedure_id != draft.procedure_id or not same_answers or _hashes(sent) != _hashes(draft):
        error = {"pointer": KEY_HEADER, "code": "reused", "message": REUSED}
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused", REUSED, [error])


def _hashes(draft: Draft) -> set[tuple[str, str]]:
    return {(one.question, one.sha256) for one in draft.attachments}


def _must_hold(procedure: Procedure, files: list[File], errors: Errors) -> None:
    """Today's version, open, and without a fault.  Nothing is stored before that is known."""
    if not procedure.period.is_open(today()):
        raise Problem(HTTPStatus.CONFLICT, "procedure-closed", CLOSED)
    if house().town.procedure(procedure.id, today()) != procedure:
        raise Problem(HTTPStatus.CONFLICT, "version-changed", CHANGED)
    refused = [
        {"pointer": pointer("files", place), "code": "file", "message": said}
        for place, (said, _, _) in enumerate(files)
        if said
    ]
    if refused or errors:
        raise _refused(errors + refused)


def _unknown_topics(procedure: Procedure, wanted: FilingShape) -> Errors:
    unknown = sorted(wanted.answers.keys() - {topic.id for topic in procedure.form.topics})
    return [{"pointer": pointer("answers", one), "code": "unknown", "message": forms.UNKNOWN} for one in unknown]


def _faults(procedure: Procedure, readings: Mapping[str, Reading]) -> Errors:
    return [
        {
            "pointer": pointer("answers", topic.id, fault.question),
            "code": fault.code,
            "message": forms.UNKNOWN
            if fault.code == "unknown"
            else forms.message(topic, topic.question(fault.question), fault),
        }
        for topic in procedure.form.topics
        for fault in readings[topic.id].faults
    ]


def _refused(errors: Errors) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "answers-refused", errors=errors)


def _record(
    someone: Person, procedure: Procedure, draft: Draft, readings: Mapping[str, Reading], contents: Contents
) -> use_cases.Submission:
    """Files first, then the case: a file of a case is always in the store."""
    refs = [(use_cases.reference(draft.case_id, one), contents[one.id]) for one in _new_files(draft, contents)]
    stored = [(ref, house().objects.put(ref, data)) for ref, data in refs]
    command = use_cases.FileApplication(
        draft=draft,
        values={topic: reading.values for topic, reading in readings.items()},
        claims=views.claims_of(someone),
        shown=partial(forms.shown, procedure.form.topics),
    )
    try:
        with work_on(engine(), SERVICE) as work:
            submission = _filed(command, procedure, work)
            for ref, where in stored:
                owe(work.connection, ref, where)
    except DraftError as error:  # judged just now, so the day has changed meanwhile
        raise Problem(HTTPStatus.CONFLICT, "version-changed", CHANGED) from error
    return submission


def _new_files(draft: Draft, contents: Contents) -> list[Attachment]:
    return [one for one in draft.attachments if one.id in contents]


def _filed(command: use_cases.FileApplication, procedure: Procedure, work: Work) -> use_cases.Submission:
    return use_cases.file_application(command, procedure, house().calendar, ports(work), now())
