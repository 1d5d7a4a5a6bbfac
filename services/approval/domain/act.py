"""What a person does to a case, in which post and with what in view; and why an act is refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """What a person did."""

    EXAMINE = "examine"
    DRAFT = "draft"
    APPROVE = "approve"
    DECIDE = "decide"
    SEND_BACK = "send_back"
    REQUEST_CORRECTION = "request_correction"
    GO_ON = "go_on"


@dataclass(frozen=True)
class Actor:
    """Who acts, and the posts that this person holds on that day: names by id, the highest first."""

    sub: str
    posts: Mapping[str, str]


@dataclass(frozen=True)
class Seen:
    """What a person had in view: version and content of the draft, and how many answers to corrections (補正) were in.

    Version 0: there was no draft yet.
    """

    version: int = 0
    content_sha256: str = ""
    answers: int = 0


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


class MovedOnError(Exception):
    """The case is no longer as the person saw it.  ``last``: what happened meanwhile (None: nothing that is known)."""

    def __init__(self, last: Act | None) -> None:
        super().__init__(last.kind if last else "")
        self.last = last


class ContentDiffersError(Exception):
    """What the notice compiler has read is not what was drafted."""

    permanent: ClassVar[bool] = True


class CommentMissingError(ValueError):
    """Who sends a draft back says why."""


class OwnDraftError(Exception):
    """Nobody approves or decides an own draft."""


class WithdrawnError(Exception):
    """The applicant has taken the application back (取下げ), at ``at``: nothing is left to do."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at.isoformat())
        self.at = at


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


def post_in(actor: Actor, office: Iterable[str]) -> str:
    """The actor's post among these.  Raises NotYoursError."""
    wanted = frozenset(office)
    for post in actor.posts:
        if post in wanted:
            return post
    raise NotYoursError("")
