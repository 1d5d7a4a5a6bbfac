"""How a signed document stays provable: editions of its file, each with a newer timestamp than the one before.

ETSI EN 319 142-1 5.4 and 6.3 (B-LTA), and signing.md's rule: renewed long before the last timestamp's certificate ends,
or at once when its algorithm is retired; never when the file is not the one that was signed.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from services.signing.domain import Keeper, NotTheKeeperError, ReasonMissingError

ARCHIVED = "B-LTA"
AGAIN = timedelta(minutes=15)
DAYS_OF_A_MONTH = 30
State = Literal["newest", "followed", "refused"]


class NotRefusedError(Exception):
    """The document's preservation goes on already: somebody else was faster, or it never stood still."""


class NoAlgorithmError(Exception):
    """Every hash algorithm of infra/town/preservation.toml is retired: the file must name a newer one."""


@dataclass(frozen=True)
class Algorithm:
    """A hash algorithm.  ``retired_on``: from that day on it proves nothing new; None: nobody knows of such a day."""

    name: str
    retired_on: date | None = None

    def is_retired(self, day: date) -> bool:
        """Whether a timestamp with it must be followed by a better one."""
        return self.retired_on is not None and self.retired_on <= day


@dataclass(frozen=True)
class Preservation:
    """The town's rules.  ``grace``: from signing to the first archive timestamp, for newer revocation lists to be out.

    ``before``: how long before a timestamp's certificate ends it is renewed.  ``algorithms``: the preferred one first.
    """

    grace: timedelta
    before: timedelta
    algorithms: tuple[Algorithm, ...]

    def digest(self, day: date) -> str:
        """The algorithm of a timestamp made on that day.  Raises NoAlgorithmError."""
        for one in self.algorithms:
            if not one.is_retired(day):
                return one.name
        raise NoAlgorithmError

    def retired(self, day: date) -> frozenset[str]:
        """Algorithms whose timestamps are renewed at once."""
        return frozenset(one.name for one in self.algorithms if one.is_retired(day))


@dataclass(kw_only=True)
class Edition:
    """One file of a signed document, from the first (``number`` 1) to the newest.

    ``digest``: hash algorithm of its last timestamp.  ``proven_until``: when that timestamp's certificates end.
    ``due_at``: when it is to be followed by the next; None: never (its kind stays as it is, or it is refused).
    """

    document_id: UUID
    number: int
    case_id: UUID
    document_type: str
    document_number: str
    level: str
    digest: str
    sha256: str
    made_at: datetime
    proven_until: datetime | None = None
    due_at: datetime | None = None
    state: State = "newest"
    reason: str = ""

    def is_due(self, rules: Preservation, now: datetime, day: date) -> bool:
        """Whether its time has come, or its algorithm's has passed."""
        if self.state != "newest" or self.due_at is None:
            return False
        return self.due_at <= now or (self.level == ARCHIVED and self.digest in rules.retired(day))

    def postpone(self, now: datetime) -> None:
        """Something outside is away, or newer lists are not out yet."""
        self.due_at = now + AGAIN

    def refuse(self, reason: str) -> None:
        """The file is not the one that was signed: it gets no new timestamp, and a person must look."""
        self.state, self.reason, self.due_at = "refused", reason, None

    def release(self, keeper: Keeper, keeper_post: str, reason: str, now: datetime) -> None:
        """A person has seen to the cause: tried again at once, and validated fully as ever.

        ``keeper_post``: of the document's seal.  Raises NotTheKeeperError, ReasonMissingError, NotRefusedError.
        """
        if keeper_post not in keeper.posts:
            raise NotTheKeeperError(keeper.subject)
        if not reason.strip():
            raise ReasonMissingError
        if self.state != "refused":
            raise NotRefusedError
        self.state, self.reason, self.due_at = "newest", "", now

    def follow(
        self, rules: Preservation, *, level: str, digest: str, sha256: str, proven_until: datetime, now: datetime
    ) -> "Edition":
        """The next edition; this one is kept, and due no more."""
        self.state, self.due_at = "followed", None
        return Edition(
            document_id=self.document_id,
            number=self.number + 1,
            case_id=self.case_id,
            document_type=self.document_type,
            document_number=self.document_number,
            level=level,
            digest=digest,
            sha256=sha256,
            made_at=now,
            proven_until=proven_until,
            due_at=proven_until - rules.before,
        )
