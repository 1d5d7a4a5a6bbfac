"""The keeper permits a type of document for a time, or ends that."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.signing.domain import Keeper
from services.signing.domain.standing import StandingPermit, Wish, grant


class StandingPermits(Protocol):
    """What signing remembers of them.  Rows are loaded for update."""

    def add(self, permit: StandingPermit) -> bool:
        """Whether it was not there yet: the same form sent twice is one permit."""
        ...

    def load(self, permit_id: UUID) -> StandingPermit: ...

    def save(self, permit: StandingPermit) -> None: ...

    def covering(self, document_type: str, keeper_post: str, day: date) -> StandingPermit | None:
        """The one that permits a document of that type today, if there is one."""
        ...


Note = Callable[[str, StandingPermit, str], None]


def grant_standing(
    wish: Wish, keeper: Keeper, permits: StandingPermits, note: Note, today: date, now: datetime
) -> StandingPermit:
    """Raises NotTheKeeperError, StandingNotAllowedError, PeriodError, ReasonMissingError."""
    permit = grant(wish, keeper, today, now)
    if permits.add(permit):
        note("standing permit granted", permit, keeper.subject)
    return permit


def withdraw_standing(
    permit_id: UUID, keeper: Keeper, reason: str, permits: StandingPermits, note: Note, now: datetime
) -> None:
    """Raises NotTheKeeperError, ReasonMissingError, AlreadyWithdrawnError."""
    permit = permits.load(permit_id)
    permit.withdraw(keeper, reason, now)
    permits.save(permit)
    note("standing permit withdrawn", permit, keeper.subject)
