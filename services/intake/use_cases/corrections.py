"""What intake does when the office asks the applicant to look at something again (補正)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid4

from services.intake.domain.answers import Fields
from services.intake.domain.application import Application, State
from services.intake.domain.calendar import Calendar
from services.intake.domain.correction import Asked, Correction, CorrectionOverError, Faults
from services.intake.domain.document import Shown, form_document
from services.intake.domain.draft import Attachment, Draft
from services.intake.domain.procedure import Procedure, Question
from services.intake.use_cases import Applications, Documents, Drafts, Say, local_date, reference
from services.messages import ApplicationCorrected, CorrectionRequested, DocumentRef


class Corrections(Protocol):
    """The corrections, each locked from its loading to the commit."""

    def has(self, correction_id: UUID) -> bool: ...

    def add(self, correction: Correction) -> None: ...

    def newest(self, case_id: UUID) -> Correction | None:
        """What was asked last of a case."""
        ...

    def save(self, correction: Correction) -> None: ...


class Requests(Protocol):
    """The stored requests (docs/correction.md)."""

    def request(self, ref: DocumentRef) -> tuple[str, tuple[Asked, ...]]:
        """Message and questions.  Raises Waiting, UnreadableRequestError."""
        ...


@dataclass(frozen=True, kw_only=True)
class Answering:
    """One case whose applicant answers: all that the acts of the page need, within one commit."""

    application: Application
    procedure: Procedure
    sent: Draft
    corrections: Corrections
    applications: Applications
    drafts: Drafts
    documents: Documents
    say: Say

    @property
    def correction(self) -> Correction:
        """What is asked now.  Raises CorrectionOverError."""
        found = self.corrections.newest(self.application.case_id)
        if found is None:
            raise CorrectionOverError
        found.require_open(self.application)
        return found


def hear_correction(
    fact: CorrectionRequested,
    applications: Applications,
    drafts: Drafts,
    corrections: Corrections,
    requests: Requests,
) -> None:
    """The office asks.  The answer begins with what was sent, its files included.

    Passed over when the case was withdrawn or decided meanwhile: there is nothing left to ask.
    """
    application = applications.find(fact.case_id)
    if application is None or application.is_past(State.WITHDRAWN) or corrections.has(fact.correction_id):
        return
    message, asked = requests.request(fact.request)
    sent = drafts.load(fact.case_id, application.sub)
    again = {one.question for one in asked}
    corrections.add(
        Correction(
            correction_id=fact.correction_id,
            case_id=fact.case_id,
            message=message,
            asked=asked,
            answer_by=fact.answer_by,
            requested_at=fact.requested_at,
            attachments=[replace(one, id=uuid4()) for one in sent.attachments if one.question in again],
        )
    )


def take_answer(answering: Answering, typed: Mapping[str, Fields], now: datetime) -> Faults:
    """Keep what was typed, whatever it is; gives the faults by topic.  Raises CorrectionOverError."""
    correction = answering.correction
    faults = correction.take(answering.procedure.form, answering.sent, typed, local_date(now))
    answering.corrections.save(correction)
    return faults


def attach_to_answer(answering: Answering, question: Question, attachment: Attachment) -> None:
    """Enter a file that the store already has.

    Raises CorrectionOverError, TooManyFilesError, FilesTooLargeError.
    """
    correction = answering.correction
    correction.as_draft(answering.sent).must_take(question, attachment.size, attachment.sha256)
    if not any(one.sha256 == attachment.sha256 and one.question == question.id for one in correction.attachments):
        correction.attachments.append(attachment)
    answering.corrections.save(correction)


def remove_from_answer(answering: Answering, attachment_id: UUID) -> None:
    """Take a file out of the answer.  Raises CorrectionOverError."""
    correction = answering.correction
    correction.attachments = [one for one in correction.attachments if one.id != attachment_id]
    answering.corrections.save(correction)


def send_answer(
    answering: Answering,
    claims: Mapping[str, str],
    shown: Callable[[Draft], Shown],
    calendar: Calendar,
    now: datetime,
) -> None:
    """The answer goes to the office: the whole form anew, and the day of the result later by the time of waiting.

    Raises CorrectionOverError, UnansweredError.
    """
    application, procedure = answering.application, answering.procedure
    correction = answering.correction
    draft = correction.answer(procedure.form, answering.sent, application, now, local_date(now))
    waited = (local_date(correction.requested_at), local_date(now))
    application.due_on = calendar.moved(application.due_on, *waited, procedure.standard_period)
    answering.corrections.save(correction)
    answering.drafts.save(draft)
    answering.applications.save(application)
    form = form_document(draft, application, procedure, claims, shown(draft))
    answering.say(
        ApplicationCorrected(
            case_id=application.case_id,
            correction_id=correction.correction_id,
            form=answering.documents.keep(application.case_id, form, procedure.retention),
            attachments=tuple(reference(application.case_id, one) for one in draft.attachments),
            due_on=application.due_on,
            corrected_at=now,
        )
    )
