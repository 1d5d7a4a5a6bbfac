"""A case (案件): one application on its way through examination, draft, approval and decision."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.approval.domain.act import (
    Act,
    Actor,
    CommentMissingError,
    ContentDiffersError,
    Kind,
    MovedOnError,
    NotCheckedError,
    NotYoursError,
    OwnDraftError,
    Seen,
    WithdrawnError,
    post_in,
)
from services.approval.domain.bylaws import Part, Route, Step
from services.approval.domain.contract import Agreement
from services.approval.domain.correction import (
    Answer,
    Correction,
    StillWaitingError,
    TooSoonError,
    UnknownCorrectionError,
)
from services.approval.domain.notice import Application, Values
from services.approval.domain.paper import Finding, Paper


class State(StrEnum):
    """How far a case is.  ``seal_refused`` goes back to the drafter; ``fallback``: the office posts the notice.

    Only of contracts: ``offered``, ``consented``, ``concluded``; and three ends without a contract.
    """

    ACCEPTED = "accepted"
    EXAMINING = "examining"
    CORRECTION_REQUESTED = "correction_requested"
    IN_APPROVAL = "in_approval"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    SEAL_REFUSED = "seal_refused"
    PERMITTED = "permitted"
    SIGNED = "signed"
    AVAILABLE = "available"
    OPENED = "opened"
    FALLBACK = "fallback"
    POSTED = "posted"
    OFFERED = "offered"
    CONSENTED = "consented"
    CONCLUDED = "concluded"
    DECLINED = "declined"
    EXPIRED = "expired"
    NOT_SEALED = "not_sealed"


WITH_THE_DRAFTER = (State.EXAMINING, State.SEAL_REFUSED)


UNDECIDED = (State.ACCEPTED, State.EXAMINING, State.CORRECTION_REQUESTED, State.IN_APPROVAL)
# In this order, whatever order the facts come in.


AFTER_DECISION = (
    State.DECIDED, State.OFFERED, State.CONSENTED, State.PERMITTED, State.SIGNED, State.AVAILABLE, State.OPENED,
    State.FALLBACK, State.POSTED, State.CONCLUDED, State.DECLINED, State.EXPIRED, State.NOT_SEALED,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One version of a draft decision (起案).  ``notice``: as in docs/notice.md; its canonical JSON is ``document``."""

    version: int
    outcome: str
    headline: str
    values: Values
    notice: dict[str, Any]
    document_type: str
    document: Paper
    route: Route
    drafted_by: str
    drafted_at: datetime

    @property
    def content_sha256(self) -> str:
        """What approvals bind to."""
        return self.document.sha256


@dataclass(frozen=True, kw_only=True)
class Check:
    """What the notice compiler found in one version."""

    version: int
    findings: tuple[Finding, ...]
    checked_at: datetime
    preview: Paper | None = None

    @property
    def passed(self) -> bool:
        """Whether the notice could be issued as it is."""
        return all(one.severity != "error" for one in self.findings)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The town's will (決裁).  In whose name the paper goes out is another thing: the notice says that."""

    document_id: UUID
    document_number: str
    issued_on: date
    version: int
    outcome: str
    sub: str
    post: str
    authority: str
    chain: Paper
    decided_at: datetime


@dataclass(kw_only=True)
class Case:
    """``section``: id of the section in charge; ``officer``: sub of the one who examines.

    ``reached``: when each state was reached, the newest time; ``document``: the signed notice.
    A contract is a case with an ``agreement``: its ``reception_number`` is the contract number, its applicant the
    contractor, and ``due_on`` the last day for the contractor's consent, None until it is approved.
    """

    case_id: UUID
    reception_number: str
    procedure_id: str
    procedure_version: date
    procedure_name: str
    section: str
    submitted_at: datetime
    due_on: date | None
    digital: bool
    application: Application
    attachments: tuple[Paper, ...]
    state: State = State.ACCEPTED
    officer: str = ""
    drafts: list[Draft] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    reached: dict[State, datetime] = field(default_factory=dict)
    document: Paper | None = None
    seal_refusal: str = ""
    agreement: Agreement | None = None

    @property
    def kind(self) -> str:
        """What it is: an application or a contract."""
        return "contract" if self.agreement else "application"

    @property
    def draft(self) -> Draft | None:
        """The newest version."""
        return self.drafts[-1] if self.drafts else None

    @property
    def seen(self) -> Seen:
        """What somebody who looks now has in view."""
        draft, answers = self.draft, len(self.answers)
        return Seen(draft.version, draft.content_sha256, answers) if draft else Seen(answers=answers)

    @property
    def check(self) -> Check | None:
        """What the compiler found in the newest version."""
        return next((one for one in self.checks if one.version == self.seen.version), None)

    @property
    def decision(self) -> Decision | None:
        """The newest decision."""
        return self.decisions[-1] if self.decisions else None

    @property
    def approvals(self) -> list[Act]:
        """Approvals of exactly the newest content, since it was last sent back or drafted."""
        kept: list[Act] = []
        for act in self.acts:
            if act.kind in (Kind.DRAFT, Kind.SEND_BACK):
                kept = []
            elif act.kind in (Kind.APPROVE, Kind.DECIDE) and self._is_of_this_draft(act):
                kept.append(act)
        return kept

    def _is_of_this_draft(self, act: Act) -> bool:
        return (act.version, act.content_sha256) == (self.seen.version, self.seen.content_sha256)

    @property
    def step(self) -> Step | None:
        """The step that is asked for now."""
        if self.state is not State.IN_APPROVAL or self.draft is None:
            return None
        return self.draft.route.steps[len(self.approvals)]

    @property
    def waits_until(self) -> date | None:
        """The day until which the applicant is asked to answer, while the case waits for that (補正)."""
        return self.corrections[-1].answer_by if self.state is State.CORRECTION_REQUESTED else None

    @property
    def route_posts(self) -> frozenset[str]:
        """All posts that any version's route has named: they may read the case."""
        return frozenset(step.post for draft in self.drafts for step in draft.route.steps)

    @property
    def may_draft(self) -> bool:
        """Whether a new version can be made; on its route only until the first post has acted (引戻し)."""
        return self.state in WITH_THE_DRAFTER or (self.state is State.IN_APPROVAL and not self.approvals)

    def may_be_read_by(self, posts: Iterable[str], sections: Iterable[str]) -> bool:
        """Those of the department in charge (``sections``: theirs), and every post that a route has named."""
        return self.section in frozenset(sections) or not self.route_posts.isdisjoint(posts)

    def start_examination(self, actor: Actor, office: Iterable[str], at: datetime) -> bool:
        """Take the case; False when the examination has begun before.  ``office``: posts of the section in charge.

        Raises NotYoursError, WithdrawnError.
        """
        post = post_in(actor, office)
        self._require_application()
        if self.state is not State.ACCEPTED:
            return False
        self.officer = actor.sub
        self._reach(State.EXAMINING, at)
        self._act(Kind.EXAMINE, actor, post, at)
        return True

    def put_forward(self, draft: Draft, actor: Actor, office: Iterable[str], seen: Seen) -> None:
        """A draft, or a new version of it, begins its route (回議).

        Raises MovedOnError, NotYoursError, WithdrawnError.
        """
        post = post_in(actor, office)
        self._require_application()
        if not self.may_draft or seen != self.seen:
            raise self._moved_on()
        self.drafts.append(draft)
        self.seal_refusal = ""
        self._reach(State.IN_APPROVAL, draft.drafted_at)
        self._act(Kind.DRAFT, actor, post, draft.drafted_at)

    def ask(self, correction: Correction, actor: Actor, office: Iterable[str], seen: Seen, today: date) -> None:
        """The office asks the applicant to put something right (補正): the clock stands still.

        Raises MovedOnError, NotYoursError, WithdrawnError, TooSoonError.
        """
        post = post_in(actor, office)
        self._require_application()
        if self.state is not State.EXAMINING or seen != self.seen:
            raise self._moved_on()
        if correction.answer_by <= today:
            raise TooSoonError(correction.answer_by)
        self.corrections.append(correction)
        self._reach(State.CORRECTION_REQUESTED, correction.requested_at)
        self._act(Kind.REQUEST_CORRECTION, actor, post, correction.requested_at)

    def go_on(self, actor: Actor, office: Iterable[str], due_on: date | None, at: datetime, today: date) -> Act:
        """Nobody has answered in time: the examination goes on without.  ``due_on``: with the wait not counted.

        Raises MovedOnError, NotYoursError, WithdrawnError, StillWaitingError.
        """
        post = post_in(actor, office)
        self._require_application()
        if self.waits_until is None:
            raise self._moved_on()
        if today <= self.waits_until:
            raise StillWaitingError(self.waits_until)
        self.due_on = due_on
        self._reach(State.EXAMINING, at)
        return self._act(Kind.GO_ON, actor, post, at)

    def hear_answer(self, answer: Answer) -> bool:
        """The applicant has answered; False when that is known.  Until a decision is made it is never too late.

        The newest answer is the application, whatever order they come in.  Raises UnknownCorrectionError.
        """
        if all(one.correction_id != answer.correction_id for one in self.corrections):
            raise UnknownCorrectionError(answer.correction_id)
        if any(one.correction_id == answer.correction_id for one in self.answers):
            return False
        newest = all(one.answered_at <= answer.answered_at for one in self.answers)
        taken = newest and self.state in (*WITH_THE_DRAFTER, State.CORRECTION_REQUESTED, State.IN_APPROVAL)
        self.answers.append(replace(answer, taken=taken))
        if taken:
            self._take(answer)
        return True

    def hear_check(self, check: Check, content_sha256: str) -> None:
        """The notice compiler has read a version.  Raises ContentDiffersError."""
        if not any((one.version, one.content_sha256) == (check.version, content_sha256) for one in self.drafts):
            raise ContentDiffersError(f"version {check.version}")
        if all(one.version != check.version for one in self.checks):
            self.checks.append(check)

    def approve(self, actor: Actor, seen: Seen, comment: str, at: datetime) -> Act:
        """The next post of the route agrees (承認).

        Raises MovedOnError, NotYoursError, OwnDraftError, NotCheckedError, WithdrawnError.
        """
        step = self._own_step(Part.APPROVE, actor, seen)
        self._require_check()
        return self._act(Kind.APPROVE, actor, step.post, at, step.article, comment)

    def decide(self, actor: Actor, seen: Seen, comment: str, at: datetime) -> Act:
        """The one who has the power decides (決裁, 専決).  ``conclude`` follows in the same commit.

        Raises MovedOnError, NotYoursError, OwnDraftError, NotCheckedError, WithdrawnError.
        """
        step = self._own_step(Part.DECIDE, actor, seen)
        self._require_check()
        act = self._act(Kind.DECIDE, actor, step.post, at, step.article, comment)
        self._reach(State.DECIDED, at)
        return act

    def send_back(self, actor: Actor, seen: Seen, comment: str, at: datetime) -> Act:
        """The next post gives the draft back to its drafter (差戻し).

        Raises MovedOnError, NotYoursError, CommentMissingError, WithdrawnError.
        """
        if not comment.strip():
            raise CommentMissingError
        step = self._own_step(None, actor, seen)
        self._reach(State.EXAMINING, at)
        return self._act(Kind.SEND_BACK, actor, step.post, at, step.article, comment)

    def conclude(self, decision: Decision) -> None:
        """Keep the decision with its number."""
        self.decisions.append(decision)

    def hear(self, document_id: UUID, state: State, at: datetime) -> bool:
        """What became of a decided notice; False when it is an earlier one, whose seal was refused."""
        if self.decision is None or self.decision.document_id != document_id:
            return False
        self.reached[state] = at
        known = [one for one in AFTER_DECISION if one in self.reached]
        if self.state is not State.SEAL_REFUSED:
            self.state = known[-1]
        return True

    def withdraw(self, at: datetime) -> None:
        """The applicant has taken the application back; a decision that was made before stands."""
        self.reached[State.WITHDRAWN] = at
        if not self.decisions and self.state in UNDECIDED:
            self.state = State.WITHDRAWN

    def refuse_seal(self, document_id: UUID, reason: str, at: datetime) -> None:
        """The seal keeper did not permit the seal: the drafter has to do something.  A contract ends by it."""
        if self.agreement:
            self.end(document_id, State.NOT_SEALED, reason, at)
            return
        if self.decision and self.decision.document_id == document_id and self.state is State.DECIDED:
            self.seal_refusal = reason
            self._reach(State.SEAL_REFUSED, at)

    def end(self, document_id: UUID, state: State, reason: str, at: datetime) -> None:
        """A contract will not be concluded.  ``state``: declined, expired or not_sealed."""
        if self.agreement and self.hear(document_id, state, at):
            self.agreement = self.agreement.ended(reason)

    def _take(self, answer: Answer) -> None:
        """Back to the drafter, also from the route: a draft was made from the answers before.

        While a later request waits, an answer to an earlier one changes the application and nothing else.
        """
        self.application, self.attachments, self.due_on = answer.application, answer.attachments, answer.due_on
        is_waited_for = self.corrections[-1].correction_id == answer.correction_id
        if self.state is State.IN_APPROVAL or (self.state is State.CORRECTION_REQUESTED and is_waited_for):
            self._reach(State.EXAMINING, answer.answered_at)

    def _own_step(self, part: Part | None, actor: Actor, seen: Seen) -> Step:
        self._require_application()
        step, draft = self.step, self.draft
        if step is None or draft is None or seen != self.seen:
            raise self._moved_on()
        if step.post not in actor.posts:
            raise self._moved_on() if self._has_acted(actor) else NotYoursError(step.post_name)
        if part not in (None, step.part):
            raise self._moved_on()
        if actor.sub == draft.drafted_by:
            raise OwnDraftError
        return step

    def _require_application(self) -> None:
        if self.state is State.WITHDRAWN:
            raise WithdrawnError(self.reached[State.WITHDRAWN])

    def _has_acted(self, actor: Actor) -> bool:
        return any(one.sub == actor.sub for one in self.approvals)

    def _require_check(self) -> None:
        if self.check is None or not self.check.passed:
            raise NotCheckedError(self.check is not None)

    def _moved_on(self) -> MovedOnError:
        last = self.acts[-1] if self.acts else None
        answered_since = last and any(one.answered_at > last.at for one in self.answers)
        return MovedOnError(None if answered_since else last)

    def _reach(self, state: State, at: datetime) -> None:
        self.state = state
        self.reached[state] = at

    def _act(self, kind: Kind, actor: Actor, post: str, at: datetime, article: str = "", comment: str = "") -> Act:
        act = Act(
            kind=kind,
            sub=actor.sub,
            post=post,
            post_name=actor.posts[post],
            at=at,
            version=self.seen.version,
            content_sha256=self.seen.content_sha256,
            article=article,
            comment=comment.strip(),
        )
        self.acts.append(act)
        return act
