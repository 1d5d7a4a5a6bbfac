"""A case (案件): one application on its way through examination, draft, approval and decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.approval.domain.bylaws import Part, Route, Step
from services.approval.domain.notice import Application, Values
from services.messages import DocumentRef, Finding


class State(StrEnum):
    """How far a case is.  ``seal_refused`` goes back to the drafter."""

    ACCEPTED = "accepted"
    EXAMINING = "examining"
    IN_APPROVAL = "in_approval"
    DECIDED = "decided"
    SEAL_REFUSED = "seal_refused"
    PERMITTED = "permitted"
    SIGNED = "signed"
    AVAILABLE = "available"
    OPENED = "opened"


DRAFTABLE = (State.EXAMINING, State.IN_APPROVAL, State.SEAL_REFUSED)
AFTER_DECISION = (State.DECIDED, State.PERMITTED, State.SIGNED, State.AVAILABLE, State.OPENED)


class Kind(StrEnum):
    """What a person did, or what was heard."""

    EXAMINE = "examine"
    DRAFT = "draft"
    APPROVE = "approve"
    DECIDE = "decide"
    SEND_BACK = "send_back"


@dataclass(frozen=True)
class Actor:
    """Who acts, and the posts that this person holds on that day."""

    sub: str
    posts: frozenset[str]


@dataclass(frozen=True)
class Seen:
    """The version and content that a person had in view."""

    version: int
    content_sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act of one person in one post.  Approvals bind to (version, content)."""

    kind: Kind
    sub: str
    post: str
    post_name: str
    at: datetime
    version: int = 0
    content_sha256: str = ""
    article: str = ""
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One version of a draft decision (起案).  ``notice``: data as in docs/notice.md; its canonical JSON is ``document``."""

    version: int
    outcome: str
    headline: str
    values: Values
    notice: dict[str, Any]
    document_type: str
    document: DocumentRef
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
    preview: DocumentRef | None = None

    @property
    def passed(self) -> bool:
        """Whether the notice could be issued as it is."""
        return all(one.severity != "error" for one in self.findings)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The town's will (決裁).  Who decided and in whose name the paper goes out are two things: ``notice`` has the latter."""

    document_id: UUID
    document_number: str
    issued_on: date
    version: int
    outcome: str
    sub: str
    post: str
    authority: str
    chain: DocumentRef
    decided_at: datetime


class MovedOnError(Exception):
    """The case is no longer as the person saw it.  ``last``: what happened meanwhile (None: nothing that is known)."""

    def __init__(self, last: Act | None) -> None:
        super().__init__(last.kind if last else "")
        self.last = last


class NotYoursError(Exception):
    """The act belongs to a post that the person does not hold today.  ``post_name``: whose it is."""

    def __init__(self, post_name: str) -> None:
        super().__init__(post_name)
        self.post_name = post_name


class NotCheckedError(Exception):
    """The notice compiler has not said yet that this version could be issued, or has said that it could not."""

    def __init__(self, checked: bool) -> None:
        super().__init__("errors" if checked else "unchecked")
        self.checked = checked


@dataclass(kw_only=True)
class Case:
    """``section``: id of the section in charge; ``officer``: sub of the one who examines."""

    case_id: UUID
    reception_number: str
    procedure_id: str
    procedure_version: date
    procedure_name: str
    section: str
    submitted_at: datetime
    due_on: date
    digital: bool
    application: Application
    attachments: tuple[DocumentRef, ...]
    state: State = State.ACCEPTED
    officer: str = ""
    drafts: list[Draft] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    reached: dict[State, datetime] = field(default_factory=dict)
    document: DocumentRef | None = None
    seal_refusal: str = ""
    row_version: int = 0

    @property
    def draft(self) -> Draft | None:
        """The newest version."""
        return self.drafts[-1] if self.drafts else None

    @property
    def check(self) -> Check | None:
        """What the compiler found in the newest version."""
        if self.draft is None:
            return None
        return next((one for one in reversed(self.checks) if one.version == self.draft.version), None)

    @property
    def decision(self) -> Decision | None:
        """The newest decision."""
        return self.decisions[-1] if self.decisions else None

    @property
    def approvals(self) -> list[Act]:
        """Approvals of exactly the newest content."""
        draft = self.draft
        if draft is None:
            return []
        bound = (draft.version, draft.content_sha256)
        steps = (Kind.APPROVE, Kind.DECIDE)
        return [one for one in self.acts if one.kind in steps and (one.version, one.content_sha256) == bound]

    @property
    def step(self) -> Step | None:
        """The step that is asked for now."""
        if self.state is not State.IN_APPROVAL or self.draft is None:
            return None
        return self.draft.route.steps[len(self.approvals)]

    @property
    def route_posts(self) -> frozenset[str]:
        """All posts that any version's route has named: they may read the case."""
        return frozenset(step.post for draft in self.drafts for step in draft.route.steps)

    def start_examination(self, actor: Actor, office: frozenset[str], posts: Posts, at: datetime) -> bool:
        """Take the case; False when the examination has begun before.  ``office``: posts of the section in charge.

        Raises NotYoursError.
        """
        if self.state is not State.ACCEPTED:
            return False
        post = self._post_for(actor, office, "")
        self.officer = actor.sub
        self._reach(State.EXAMINING, at)
        self.acts.append(Act(kind=Kind.EXAMINE, sub=actor.sub, post=post, post_name=posts[post], at=at))
        return True
