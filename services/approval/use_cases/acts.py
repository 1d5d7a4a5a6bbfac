"""What people do at the desk, one function per act.  The caller gives the time and the ports, and commits."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from services.approval.domain.act import Act, Actor, Seen
from services.approval.domain.case import Case, Decision, Draft
from services.approval.domain.chain import chain_of
from services.approval.domain.notice import Outcome, Procedure, Values, compose, headline
from services.approval.domain.wording import fiscal_year, local_date
from services.approval.use_cases.agreements import contract_approved, contract_data, contract_decision
from services.approval.use_cases.ports import Handovers, Ports, Say, Town, keep, office, reference_of
from services.messages import (
    DecisionDrafted,
    DecisionMade,
    ExaminationStarted,
    RetryRequested,
)

AMOUNT = "amount"


class UnknownOutcomeError(ValueError):
    """The procedure has no such outcome."""


@dataclass(frozen=True, kw_only=True)
class DraftDecision:
    """Draft a decision (起案).  ``values``: the fields of the outcome by id."""

    case_id: UUID
    actor: Actor
    seen: Seen
    outcome: str
    values: Values


@dataclass(frozen=True, kw_only=True)
class TakeStep:
    """Approve, decide or send back what was seen."""

    case_id: UUID
    actor: Actor
    seen: Seen
    comment: str = ""


def start_examination(case_id: UUID, actor: Actor, ports: Ports, now: datetime) -> None:
    """The office begins to examine (審査).  Raises NotYoursError."""
    case = ports.cases.load(case_id)
    if not case.start_examination(actor, office(case, ports.town, now), now):
        return
    keep(case, case.acts[-1], ports)
    ports.say(ExaminationStarted(case_id=case_id, section=case.section, started_at=now))


def draft_decision(command: DraftDecision, ports: Ports, now: datetime) -> Draft:
    """Draft, or draft anew: the notice, its route, and who is next.

    Raises MovedOnError, NotYoursError, UnknownOutcomeError, NoDeciderError, VacantPostError, UnknownSectionError.
    """
    case = ports.cases.load(command.case_id)
    draft = _draft(case, command, ports, now)
    case.put_forward(draft, command.actor, office(case, ports.town, now), command.seen)
    keep(case, case.acts[-1], ports)
    ports.say(
        DecisionDrafted(
            case_id=case.case_id,
            version=draft.version,
            document_type=draft.document_type,
            notice=reference_of(draft.document),
            drafted_at=now,
        )
    )
    return draft


def approve(command: TakeStep, ports: Ports, now: datetime) -> None:
    """The next post agrees (承認).  Raises MovedOnError, NotYoursError, OwnDraftError, NotCheckedError."""
    case = ports.cases.load(command.case_id)
    keep(case, case.approve(command.actor, command.seen, command.comment, now), ports)


def send_back(command: TakeStep, ports: Ports, now: datetime) -> None:
    """The next post gives the draft back (差戻し).  Raises MovedOnError, NotYoursError, CommentMissingError."""
    case = ports.cases.load(command.case_id)
    keep(case, case.send_back(command.actor, command.seen, command.comment, now), ports)


def decide(command: TakeStep, ports: Ports, now: datetime) -> Decision:
    """The town's will (決裁): number, date and chain belong to it from now on.

    Raises MovedOnError, NotYoursError, OwnDraftError, NotCheckedError.
    """
    case = ports.cases.load(command.case_id)
    act = case.decide(command.actor, command.seen, command.comment, now)
    draft = case.drafts[-1]
    decision = (contract_decision if case.agreement else _decision)(case, draft, act, ports)
    case.conclude(decision)
    keep(case, act, ports)
    ports.say((contract_approved if case.agreement else _decision_made)(case, draft, decision))
    return decision


def request_retry(parking_id: UUID, sub: str, handovers: Handovers, say: Say, now: datetime) -> None:
    """Ask the service to try again; asking twice asks once."""
    handover = handovers.load(parking_id)
    if not handover.ask(sub, now):
        return
    handovers.save(handover)
    say(
        RetryRequested(
            case_id=handover.case_id, service=handover.service, parking_id=parking_id, requested_at=now
        )
    )


def _draft(case: Case, command: DraftDecision, ports: Ports, now: datetime) -> Draft:
    day = local_date(now)
    procedure = ports.town.procedure(case.procedure_id, case.procedure_version)
    outcome = procedure.outcome(command.outcome)
    if outcome is None:
        raise UnknownOutcomeError(command.outcome)
    notice = _notice(case, procedure, outcome, command.values, ports.town, day)
    return Draft(
        version=len(case.drafts) + 1,
        outcome=outcome.id,
        headline=headline(outcome, command.values),
        values=command.values,
        notice=notice,
        document_type=outcome.document_type,
        document=ports.papers.keep(case.case_id, notice, "none"),
        route=ports.town.rulebook.route(
            matter=outcome.matter,
            amount=_amount(command.values),
            section=case.section,
            drafter=command.actor.sub,
            day=day,
        ),
        drafted_by=command.actor.sub,
        drafted_at=now,
    )


def _notice(
    case: Case, procedure: Procedure, outcome: Outcome, values: Values, town: Town, day: date
) -> dict[str, Any]:
    if case.agreement:
        return contract_data(case, case.agreement, values, town, day)
    letterhead = town.letterhead(outcome.document_type, procedure.appeal_variant, day)
    applicant, submitted_on = case.application.applicant, local_date(case.submitted_at)
    return compose(procedure, outcome, values, letterhead, applicant, case.reception_number, submitted_on)


def _amount(values: Values) -> int | None:
    amount = values.get(AMOUNT)
    return amount if isinstance(amount, int) else None


def _decision(case: Case, draft: Draft, act: Act, ports: Ports) -> Decision:
    issued_on = local_date(act.at)
    mark = ports.town.rulebook.organisation.mark(case.section, issued_on)
    retention = ports.town.procedure(case.procedure_id, case.procedure_version).retention
    return Decision(
        document_id=uuid4(),
        document_number=ports.numbers.following(mark, fiscal_year(issued_on)),
        issued_on=issued_on,
        version=draft.version,
        outcome=draft.outcome,
        sub=act.sub,
        post=act.post,
        authority=draft.route.authority,
        chain=ports.papers.keep(case.case_id, chain_of(case), retention),
        decided_at=act.at,
    )


def _decision_made(case: Case, draft: Draft, decision: Decision) -> DecisionMade:
    return DecisionMade(
        case_id=case.case_id,
        version=draft.version,
        outcome=decision.outcome,
        document_id=decision.document_id,
        document_type=draft.document_type,
        document_number=decision.document_number,
        issued_on=decision.issued_on,
        notice=reference_of(draft.document),
        chain=reference_of(decision.chain),
        decider=decision.post,
        authority=decision.authority,
        decided_at=decision.decided_at,
    )
