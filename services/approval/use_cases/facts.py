"""What approval makes of the facts it hears, one function per fact."""

from datetime import datetime

from services.approval.domain.case import Case, Check, State
from services.approval.domain.delay import Delay
from services.approval.domain.handover import Handover
from services.approval.domain.paper import Finding
from services.approval.use_cases.ports import Cases, Delays, Handovers, Papers, Town, paper_of
from services.messages import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    DeliveryChosen,
    DeliveryFailed,
    DocumentSigned,
    DraftChecked,
    HandlingDelayed,
    HandlingParked,
    HandlingResumed,
    NoticeDelivered,
    NoticeOpened,
    PaperPosted,
    SealPermitted,
    SealRefused,
)


def open_case(fact: ApplicationSubmitted, cases: Cases, papers: Papers, town: Town) -> None:
    """An application has arrived: a case of the section in charge.  Raises UnknownProcedureError."""
    if cases.has(fact.case_id):
        return
    form = papers.form(fact.form)
    procedure = town.procedure(fact.procedure_id, form.procedure_version)
    cases.add(
        Case(
            case_id=fact.case_id,
            reception_number=fact.reception_number,
            procedure_id=procedure.id,
            procedure_version=procedure.valid_from,
            procedure_name=procedure.name,
            section=procedure.section,
            submitted_at=fact.submitted_at,
            due_on=fact.due_on,
            digital=fact.digital,
            application=form.application,
            attachments=tuple(map(paper_of, fact.attachments)),
            reached={State.ACCEPTED: fact.submitted_at},
        )
    )


def receive_withdrawal(fact: ApplicationWithdrawn, cases: Cases) -> None:
    """The applicant has taken the application back."""
    case = cases.load(fact.case_id)
    case.withdraw(fact.withdrawn_at)
    cases.save(case)


def receive_check(fact: DraftChecked, cases: Cases) -> None:
    """The notice compiler has read a draft.  Raises ContentDiffersError."""
    case = cases.load(fact.case_id)
    check = Check(
        version=fact.version,
        findings=tuple(Finding(one.code, one.severity, one.text) for one in fact.findings),
        checked_at=fact.checked_at,
        preview=paper_of(fact.preview) if fact.preview else None,
    )
    case.hear_check(check, fact.content_sha256)
    cases.save(case)


def receive_permit(fact: SealPermitted, cases: Cases) -> None:
    """The seal keeper permits."""
    _follow(fact, State.PERMITTED, fact.permitted_at, cases)


def receive_seal_refusal(fact: SealRefused, cases: Cases) -> None:
    """The seal keeper does not permit: back to the drafter."""
    case = cases.load(fact.case_id)
    case.refuse_seal(fact.document_id, fact.reason, fact.refused_at)
    cases.save(case)


def receive_signed(fact: DocumentSigned, cases: Cases) -> None:
    """The notice is signed and on both sites."""
    case = cases.load(fact.case_id)
    if case.hear(fact.document_id, State.SIGNED, fact.signed_at):
        case.document = paper_of(fact.document)
        cases.save(case)


def receive_delivery(fact: NoticeDelivered, cases: Cases) -> None:
    """The notice lies in the resident's inbox."""
    _follow(fact, State.AVAILABLE, fact.available_at, cases)


def receive_opening(fact: NoticeOpened, cases: Cases) -> None:
    """The resident has opened the notice."""
    _follow(fact, State.OPENED, fact.opened_at, cases)


def receive_choice(fact: DeliveryChosen, cases: Cases) -> None:
    """The applicant has changed how the result is received."""
    case = cases.load(fact.case_id)
    case.digital = fact.digital
    cases.save(case)


def receive_delivery_failure(fact: DeliveryFailed, cases: Cases) -> None:
    """The notice goes on paper: the office prints and posts it."""
    _follow(fact, State.FALLBACK, fact.failed_at, cases)


def receive_posting(fact: PaperPosted, cases: Cases) -> None:
    """The office has posted the notice."""
    _follow(fact, State.POSTED, fact.posted_at, cases)


def receive_handover(fact: HandlingParked, handovers: Handovers) -> None:
    """Work of some service waits for a person."""
    handovers.add(
        Handover(
            parking_id=fact.parking_id,
            case_id=fact.case_id,
            service=fact.service,
            fact=fact.fact,
            error=fact.error,
            parked_at=fact.parked_at,
        )
    )


def receive_delay(fact: HandlingDelayed, delays: Delays) -> None:
    """Work of some service waits for an outside server."""
    delays.add(
        Delay(
            waiting_id=fact.waiting_id,
            case_id=fact.case_id,
            service=fact.service,
            fact=fact.fact,
            server=fact.server,
            since=fact.since,
        )
    )


def receive_resumption(fact: HandlingResumed, delays: Delays) -> None:
    """It goes on."""
    delay = delays.load(fact.waiting_id)
    delay.resume(fact.resumed_at)
    delays.save(delay)


Followed = SealPermitted | NoticeDelivered | NoticeOpened | DeliveryFailed | PaperPosted


def _follow(fact: Followed, state: State, at: datetime, cases: Cases) -> None:
    case = cases.load(fact.case_id)
    if case.hear(fact.document_id, state, at):
        cases.save(case)
