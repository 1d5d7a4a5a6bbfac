"""A standing permit (包括の承認): the keeper permits a type of document for a time, instead of one by one.

公印規程: for documents of little weight only, for a time within one 年度, and it can be withdrawn at any moment.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.signing.domain import Keeper, NotTheKeeperError, ReasonMissingError

LAST_MONTH, LAST_DAY = 3, 31


class StandingNotAllowedError(Exception):
    """The by-law's table has no standing permit for this type of document."""


class PeriodError(ValueError):
    """``code``: past, backwards or too_long (beyond the 年度 that it begins in)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AlreadyWithdrawnError(Exception):
    """Somebody has withdrawn it before."""


@dataclass(kw_only=True)
class StandingPermit:
    """``keeper_post``: who keeps the seal; it holds for that post, whoever has it.  Both days are included."""

    permit_id: UUID
    document_type: str
    keeper_post: str
    since: date
    until: date
    basis: str
    granted_by: str
    granted_at: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_because: str = ""

    def covers(self, day: date) -> bool:
        """Whether a document decided on that day is permitted by it."""
        return self.withdrawn_at is None and self.since <= day <= self.until

    def withdraw(self, keeper: Keeper, reason: str, now: datetime) -> None:
        """From now on.  Raises NotTheKeeperError, ReasonMissingError, AlreadyWithdrawnError."""
        if self.keeper_post not in keeper.posts:
            raise NotTheKeeperError(keeper.subject)
        if not reason.strip():
            raise ReasonMissingError
        if self.withdrawn_at is not None:
            raise AlreadyWithdrawnError
        self.withdrawn_by, self.withdrawn_at, self.withdrawn_because = keeper.subject, now, reason.strip()


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a keeper wants to permit.  ``allowed``: whether the type may have a standing permit."""

    permit_id: UUID
    document_type: str
    keeper_post: str
    allowed: bool
    since: date
    until: date
    basis: str


def grant(wish: Wish, keeper: Keeper, today: date, now: datetime) -> StandingPermit:
    """Raises NotTheKeeperError, StandingNotAllowedError, PeriodError, ReasonMissingError."""
    if wish.keeper_post not in keeper.posts:
        raise NotTheKeeperError(keeper.subject)
    if not wish.allowed:
        raise StandingNotAllowedError
    if not wish.basis.strip():
        raise ReasonMissingError
    if mistake := _wrong_period(wish.since, wish.until, today):
        raise PeriodError(mistake)
    return StandingPermit(
        permit_id=wish.permit_id,
        document_type=wish.document_type,
        keeper_post=wish.keeper_post,
        since=wish.since,
        until=wish.until,
        basis=wish.basis.strip(),
        granted_by=keeper.subject,
        granted_at=now,
    )


def end_of_fiscal_year(day: date) -> date:
    """31 March of the 年度 that the day is in (地方自治法208条)."""
    return date(day.year + (day.month > LAST_MONTH), LAST_MONTH, LAST_DAY)


def _wrong_period(since: date, until: date, today: date) -> str:
    if since < today:
        return "past"
    if until < since:
        return "backwards"
    return "too_long" if until > end_of_fiscal_year(since) else ""
