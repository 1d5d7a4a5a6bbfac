"""補正: the office asks the applicant to put something right, and takes the answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from services.approval.domain.act import Actor, Seen
from services.approval.domain.case import Case
from services.approval.domain.correction import Answer, Asked, Correction, request_document, require_asked
from services.approval.domain.wording import local_date
from services.approval.use_cases.ports import Cases, Papers, Ports, Town, keep, office, paper_of, reference_of
from services.messages import ApplicationCorrected, CorrectionRequested

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class RequestCorrection:
    """Ask for ``questions`` to be answered anew until the end of ``answer_by``."""

    case_id: UUID
    actor: Actor
    seen: Seen
    questions: tuple[Asked, ...]
    message: str
    answer_by: date


def request_correction(command: RequestCorrection, ports: Ports, now: datetime) -> Correction:
    """Ask the applicant (補正を求める); that time is not counted.

    Raises MovedOnError, NotYoursError, WithdrawnError, NothingAskedError, TooSoonError.
    """
    case = ports.cases.load(command.case_id)
    require_asked(command.questions, command.message, case.application)
    correction = _correction(case, command, ports, now)
    case.ask(correction, command.actor, office(case, ports.town, now), command.seen, local_date(now))
    keep(case, case.acts[-1], ports)
    ports.say(
        CorrectionRequested(
            case_id=case.case_id,
            correction_id=correction.correction_id,
            request=reference_of(correction.request),
            answer_by=correction.answer_by,
            requested_at=now,
        )
    )
    return correction


def go_on(case_id: UUID, actor: Actor, ports: Ports, now: datetime) -> None:
    """Examine on without the answer, once its day has passed.

    Raises MovedOnError, NotYoursError, WithdrawnError, StillWaitingError.
    """
    case = ports.cases.load(case_id)
    due_on = _due_after_wait(case, ports.town, local_date(now))
    keep(case, case.go_on(actor, office(case, ports.town, now), due_on, now, local_date(now)), ports)


def receive_correction(fact: ApplicationCorrected, cases: Cases, papers: Papers) -> None:
    """The applicant has answered.  Raises UnknownCorrectionError."""
    case = cases.load(fact.case_id)
    answer = Answer(
        correction_id=fact.correction_id,
        application=papers.form(fact.form).application,
        attachments=tuple(map(paper_of, fact.attachments)),
        due_on=fact.due_on,
        answered_at=fact.corrected_at,
    )
    if case.hear_answer(answer):
        cases.save(case)


def _correction(case: Case, command: RequestCorrection, ports: Ports, now: datetime) -> Correction:
    procedure = ports.town.procedure(case.procedure_id, case.procedure_version)
    document = request_document(
        case.reception_number,
        case.procedure_id,
        case.procedure_version,
        procedure.contact,
        command.message,
        command.questions,
    )
    return Correction(
        correction_id=uuid4(),
        message=command.message,
        questions=command.questions,
        answer_by=command.answer_by,
        request=ports.papers.keep(case.case_id, document, procedure.retention),
        requested_by=command.actor.sub,
        requested_at=now,
        application=case.application,
        attachments=case.attachments,
    )


def _due_after_wait(case: Case, town: Town, today: date) -> date | None:
    """The last day of the 標準処理期間, later by the open days of the wait (6条: 補正 does not count)."""
    if not case.corrections or case.due_on is None:
        return case.due_on
    due_on, day = case.due_on, local_date(case.corrections[-1].requested_at)
    while (day := town.first_open_day(day + ONE_DAY)) <= today:
        due_on = town.first_open_day(due_on + ONE_DAY)
    return due_on
