"""What signing decides: which document may bear the seal, and by whose permit."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

State = Literal["waiting", "permitted", "refused", "signed"]


class ContentDiffersError(Exception):
    """What was decided is not what was checked: nobody may seal it."""

    permanent: ClassVar[bool] = True

    def __init__(self, document_id: UUID) -> None:
        super().__init__(str(document_id))
        self.document_id = document_id


class NotTheKeeperError(Exception):
    """Someone other than the keeper of this seal wants to use it."""


class AlreadyActedError(Exception):
    """Somebody has permitted or refused before.  ``state``: what the document is now."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


class ReasonMissingError(ValueError):
    """A refusal needs its reason."""


class NotPermittedError(Exception):
    """A document is to be signed that nobody has permitted."""

    permanent: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One version of a draft that the notice compiler has read.  ``sha256``: of the notice data."""

    case_id: UUID
    version: int
    document_type: str
    sha256: str
    checked_at: datetime


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """Who acts.  ``subject``: OpenID Connect ``sub``.  ``posts``: the posts that the person holds today."""

    subject: str
    posts: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Permitted:
    """The keeper has permitted the seal, under the post ``by``."""

    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The keeper has not permitted the seal."""

    by: str
    at: datetime
    reason: str


@dataclass(kw_only=True)
class Document:
    """A decided notice on its way to its seal.  ``keeper_post``: who keeps the seal it bears (公印規程).

    ``public_id``: random, in the address that its QR code gives; it tells nothing of the document by itself.
    ``closed_at``: when a paper became the original in its place (no double original).
    """

    document_id: UUID
    case_id: UUID
    draft_version: int
    document_type: str
    document_number: str
    issued_on: date
    outcome: str
    decider: str
    authority: str
    decided_at: datetime
    keeper_post: str
    public_id: str = ""
    state: State = "waiting"
    acted_by: str | None = None
    acted_subject: str | None = None
    acted_at: datetime | None = None
    reason: str = ""
    signed_at: datetime | None = None
    level: str = ""
    closed_at: datetime | None = None
    version: int = 0

    def permit(self, keeper: Keeper, now: datetime) -> Permitted:
        """Raises NotTheKeeperError, AlreadyActedError."""
        self._act("permitted", keeper, now)
        return Permitted(by=self.keeper_post, at=now)

    def permit_by_standing(self, granted_by: str, now: datetime) -> Permitted:
        """A standing permit of its keeper covers it.  ``granted_by``: who gave that.  Raises AlreadyActedError."""
        return self.permit(Keeper(subject=granted_by, posts=frozenset({self.keeper_post})), now)

    def refuse(self, keeper: Keeper, reason: str, now: datetime) -> Refused:
        """Raises NotTheKeeperError, AlreadyActedError, ReasonMissingError."""
        if not reason.strip():
            raise ReasonMissingError
        self._act("refused", keeper, now)
        self.reason = reason.strip()
        return Refused(by=self.keeper_post, at=now, reason=self.reason)

    def sign(self, level: str, signed_at: datetime) -> None:
        """The sealed file is stored on both sites.  Raises NotPermittedError."""
        if self.state != "permitted":
            raise NotPermittedError(str(self.document_id))
        self.state, self.level, self.signed_at = "signed", level, signed_at

    def close(self, at: datetime) -> None:
        """A paper was posted: this file is a copy (写し) from now on."""
        self.closed_at = self.closed_at or at

    @property
    def claimed_at(self) -> datetime:
        """The signing time it bears: the permit's, so that a repeat is the same.  Raises NotPermittedError."""
        if self.state != "permitted" or self.acted_at is None:
            raise NotPermittedError(str(self.document_id))
        return self.acted_at

    def _act(self, state: State, keeper: Keeper, now: datetime) -> None:
        if self.keeper_post not in keeper.posts:
            raise NotTheKeeperError(keeper.subject)
        if self.state != "waiting":
            raise AlreadyActedError(self.state)
        self.state, self.acted_by, self.acted_subject, self.acted_at = state, self.keeper_post, keeper.subject, now


def require_same(draft: Draft, document_id: UUID, decided_sha256: str) -> None:
    """An approval binds to the hash of the content (practice A8).  Raises ContentDiffersError."""
    if draft.sha256 != decided_sha256:
        raise ContentDiffersError(document_id)
