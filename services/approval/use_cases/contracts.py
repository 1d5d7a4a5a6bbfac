"""Contracts: drafting one, and what approval makes of what signing says of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.approval.domain.act import Actor, Seen
from services.approval.domain.case import Case, State
from services.approval.domain.contract import OUTCOME, Agreement, Contractor
from services.approval.domain.notice import Applicant, Application, Procedure, Values
from services.approval.domain.wording import fiscal_year, local_date
from services.approval.use_cases.acts import DraftDecision, draft_decision
from services.approval.use_cases.ports import Cases, Ports, paper_of
from services.messages import (
    ContractConcluded,
    ContractConsented,
    ContractDeclined,
    ContractExpired,
    ContractOffered,
)


class AlreadyDraftedError(Exception):
    """This very form has been sent before: ``case_id`` is a contract already."""

    def __init__(self, case_id: UUID) -> None:
        super().__init__(str(case_id))
        self.case_id = case_id


@dataclass(frozen=True, kw_only=True)
class DraftContract:
    """Draft a contract (起案).  ``case_id``: made with its form; ``values``: the fields of the kind by id."""

    case_id: UUID
    actor: Actor
    kind: str
    contractor: str
    values: Values


def draft_contract(command: DraftContract, ports: Ports, now: datetime) -> str:
    """A new contract with its number, on its route; the number.

    The counter is locked first: of two clicks the second waits here, and then finds the contract of the first.
    Raises AlreadyDraftedError, NotYoursError, UnknownProcedureError, UnknownContractorError, NoDeciderError,
    VacantPostError.
    """
    day = local_date(now)
    procedure = ports.town.kind_on(command.kind, day).procedure
    contractor = ports.town.contractor(command.contractor)
    number = ports.numbers.following_contract(fiscal_year(day))
    if ports.cases.has(command.case_id):
        raise AlreadyDraftedError(command.case_id)
    ports.cases.add(_opened(command, number, procedure, contractor, now))
    draft = DraftDecision(
        case_id=command.case_id, actor=command.actor, seen=Seen(), outcome=OUTCOME, values=command.values
    )
    draft_decision(draft, ports, now)
    return number


def receive_offer(fact: ContractOffered, cases: Cases) -> None:
    """The contract lies before the contractor."""
    _follow(fact.case_id, fact.document_id, State.OFFERED, fact.offered_at, cases)


def receive_consent(fact: ContractConsented, cases: Cases) -> None:
    """The contractor has consented."""
    _follow(fact.case_id, fact.document_id, State.CONSENTED, fact.consented_at, cases)


def receive_decline(fact: ContractDeclined, cases: Cases) -> None:
    """The contractor does not consent."""
    _end(fact.case_id, fact.document_id, State.DECLINED, fact.reason, fact.declined_at, cases)


def receive_expiry(fact: ContractExpired, cases: Cases) -> None:
    """The last day has passed."""
    _end(fact.case_id, fact.document_id, State.EXPIRED, "", fact.expired_at, cases)


def receive_conclusion(fact: ContractConcluded, cases: Cases) -> None:
    """The town has sealed last: contract and certificate are on both sites."""
    case = cases.load(fact.case_id)
    if case.agreement and case.hear(fact.document_id, State.CONCLUDED, fact.concluded_at):
        case.document = paper_of(fact.document)
        case.agreement = case.agreement.certified(paper_of(fact.certificate))
        cases.save(case)


def _opened(command: DraftContract, number: str, procedure: Procedure, contractor: Contractor, now: datetime) -> Case:
    applicant = Applicant(
        sub=contractor.subject, name=contractor.name, kana=contractor.kana, address=contractor.address
    )
    return Case(
        case_id=command.case_id,
        reception_number=number,
        procedure_id=procedure.id,
        procedure_version=procedure.valid_from,
        procedure_name=procedure.name,
        section=procedure.section,
        submitted_at=now,
        due_on=None,
        digital=True,
        application=Application(applicant=applicant, answers={}),
        attachments=(),
        state=State.EXAMINING,
        officer=command.actor.sub,
        agreement=Agreement(contractor=contractor.id),
    )


def _follow(case_id: UUID, document_id: UUID, state: State, at: datetime, cases: Cases) -> None:
    case = cases.load(case_id)
    if case.hear(document_id, state, at):
        cases.save(case)


def _end(case_id: UUID, document_id: UUID, state: State, reason: str, at: datetime, cases: Cases) -> None:
    case = cases.load(case_id)
    case.end(document_id, state, reason, at)
    cases.save(case)
