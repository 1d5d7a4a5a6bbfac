"""What approval does, one function per act.  The caller gives the time and the ports, and commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID, uuid4

from services.approval.domain.bylaws import Rulebook
from services.approval.domain.case import Act, Actor, Case, Check, Decision, Draft, Seen, State
from services.approval.domain.chain import chain_of
from services.approval.domain.delay import Delay
from services.approval.domain.handover import Handover
from services.approval.domain.notice import Application, Letterhead, Outcome, Procedure, Values, compose, headline
from services.approval.domain.paper import Finding, Paper
from services.approval.domain.wording import fiscal_year, local_date
from services.messages import (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    DecisionDrafted,
    DecisionMade,
    DocumentRef,
    DocumentSigned,
    DraftChecked,
    ExaminationStarted,
    Fact,
    HandlingDelayed,
    HandlingParked,
    HandlingResumed,
    NoticeDelivered,
    NoticeOpened,
    RetryRequested,
    SealPermitted,
    SealRefused,
)

AMOUNT = "amount"


class UnknownOutcomeError(ValueError):
    """The procedure has no such outcome."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """What approval copies out of the form document."""

    procedure_version: date
    application: Application


class Cases(Protocol):
    """The cases.  Each is locked from its loading to the commit."""

    def has(self, case_id: UUID) -> bool: ...

    def add(self, case: Case) -> None: ...

    def load(self, case_id: UUID) -> Case:
        """Raises NotYet when the application has not been heard."""
        ...

    def save(self, case: Case) -> None: ...


class Handovers(Protocol):
    """Work of any service that could not be done and waits for a person."""

    def add(self, handover: Handover) -> None:
        """Nothing changes when it is known."""
        ...

    def load(self, parking_id: UUID) -> Handover:
        """Raises NotYet when there is none."""
        ...

    def save(self, handover: Handover) -> None: ...


class Delays(Protocol):
    """Work of any service that waits for an outside server."""

    def add(self, delay: Delay) -> None: ...

    def load(self, waiting_id: UUID) -> Delay:
        """Raises NotYet when there is none."""
        ...

    def save(self, delay: Delay) -> None: ...


class Numbers(Protocol):
    """The counter of each 記号 and 年度; a count belongs to the commit that took it, so there are no gaps."""

    def following(self, mark: str, year: int) -> str:
        """The next document number, e.g. 高建第1087号."""
        ...


class Papers(Protocol):
    """Stored documents.  Reading raises Waiting when the store is down."""

    def form(self, ref: DocumentRef) -> Form: ...

    def keep(self, case_id: UUID, value: Mapping[str, Any], retention: str) -> Paper:
        """Keep a JSON value; the facts of this commit go out once it is stored."""
        ...


class Town(Protocol):
    """The town's dated data."""

    @property
    def rulebook(self) -> Rulebook: ...

    def procedure(self, procedure_id: str, version: date) -> Procedure:
        """Raises UnknownProcedureError."""
        ...

    def letterhead(self, document_type: str, appeal_variant: str, day: date) -> Letterhead:
        """Raises UnknownDocumentTypeError, VacantPostError."""
        ...


class Say(Protocol):
    """Puts a fact into the outbox."""

    def __call__(self, fact: Fact) -> object: ...


class Register(Protocol):
    """Notes an act in the ledger: ids, posts and states only."""

    def __call__(self, act: Act, case: Case) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Ports:
    """All that an act of a person writes to, within one commit."""

    cases: Cases
    numbers: Numbers
    papers: Papers
    town: Town
    register: Register
    say: Say


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


def paper_of(ref: DocumentRef) -> Paper:
    """As a case names what a message refers to."""
    return Paper(ref.owner, ref.sha256, ref.media_type, ref.size, ref.retention)


def reference_of(paper: Paper) -> DocumentRef:
    """As a message refers to what a case names."""
    return DocumentRef(paper.owner, paper.sha256, paper.media_type, paper.size, paper.retention)


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


def start_examination(case_id: UUID, actor: Actor, ports: Ports, now: datetime) -> None:
    """The office begins to examine (審査).  Raises NotYoursError."""
    case = ports.cases.load(case_id)
    if not case.start_examination(actor, _office(case, ports.town, now), now):
        return
    _keep(case, case.acts[-1], ports)
    ports.say(ExaminationStarted(case_id=case_id, section=case.section, started_at=now))


def draft_decision(command: DraftDecision, ports: Ports, now: datetime) -> Draft:
    """Draft, or draft anew: the notice, its route, and who is next.

    Raises MovedOnError, NotYoursError, UnknownOutcomeError, NoDeciderError, VacantPostError, UnknownSectionError.
    """
    case = ports.cases.load(command.case_id)
    draft = _draft(case, command, ports, now)
    case.put_forward(draft, command.actor, _office(case, ports.town, now), command.seen)
    _keep(case, case.acts[-1], ports)
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
    _keep(case, case.approve(command.actor, command.seen, command.comment, now), ports)


def send_back(command: TakeStep, ports: Ports, now: datetime) -> None:
    """The next post gives the draft back (差戻し).  Raises MovedOnError, NotYoursError, CommentMissingError."""
    case = ports.cases.load(command.case_id)
    _keep(case, case.send_back(command.actor, command.seen, command.comment, now), ports)


def decide(command: TakeStep, ports: Ports, now: datetime) -> Decision:
    """The town's will (決裁): number, date and chain belong to it from now on.

    Raises MovedOnError, NotYoursError, OwnDraftError, NotCheckedError.
    """
    case = ports.cases.load(command.case_id)
    act = case.decide(command.actor, command.seen, command.comment, now)
    draft = case.drafts[-1]
    decision = _decision(case, draft, act, ports)
    case.conclude(decision)
    _keep(case, act, ports)
    ports.say(_decision_made(case, draft, decision))
    return decision


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


Followed = SealPermitted | NoticeDelivered | NoticeOpened


def _follow(fact: Followed, state: State, at: datetime, cases: Cases) -> None:
    case = cases.load(fact.case_id)
    if case.hear(fact.document_id, state, at):
        cases.save(case)


def _keep(case: Case, act: Act, ports: Ports) -> None:
    ports.cases.save(case)
    ports.register(act, case)


def _office(case: Case, town: Town, now: datetime) -> frozenset[str]:
    return town.rulebook.organisation.posts_in(case.section, local_date(now))


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
