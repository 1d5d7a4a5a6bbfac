"""A notice on paper (書面交付): printed as a copy (写し), posted by 特定記録郵便, written down with its number."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services.delivery.domain.appeals import Closed, first_open_day

# お問い合わせ番号 of 特定記録郵便: 11 digits, printed 3-2-5-1; the last is the others modulo 7.
DIGITS = re.compile(r"\d{11}")
MODULUS = 7


class PostingNumberError(ValueError):
    """Not a number of 特定記録郵便.  ``mistyped``: it has the right length, but its check digit is wrong."""

    def __init__(self, mistyped: bool) -> None:
        super().__init__("check digit" if mistyped else "length")
        self.mistyped = mistyped


class PostingDayError(ValueError):
    """The day lies in the future, or before the notice was there."""


class AlreadyPostedError(Exception):
    """Somebody has written down another posting of this notice before."""


@dataclass(frozen=True)
class Posting:
    """One posting.  ``number``: as printed, 123-45-67890-3."""

    number: str
    on: date

    @classmethod
    def of(cls, typed: str, on: date) -> "Posting":
        """From digits in any grouping.  Raises PostingNumberError."""
        digits = re.sub(r"[\s-]", "", typed)
        if not digits.isascii() or not DIGITS.fullmatch(digits):
            raise PostingNumberError(mistyped=False)
        if int(digits[:-1]) % MODULUS != int(digits[-1]):
            raise PostingNumberError(mistyped=True)
        return cls(f"{digits[:3]}-{digits[3:5]}-{digits[5:10]}-{digits[10:]}", on)


@dataclass(kw_only=True)
class PaperDelivery:
    """One notice on its way by post.  ``reason``: why on paper; ``due_on``: until when the office posts it.

    ``posted_by``: ``sub`` of who wrote it down.
    """

    document_id: UUID
    case_id: UUID
    reason: str
    since: datetime
    due_on: date
    posting_number: str = ""
    posted_on: date | None = None
    posted_by: str = ""
    posted_at: datetime | None = None
    version: int = 0

    def post(self, posting: Posting, by: str, now: datetime, *, today: date, since: date) -> bool:
        """Write the posting down; False when this very one was written down before.

        ``since``: the day the notice was signed.  Raises PostingDayError, AlreadyPostedError.
        """
        if self.posted_at is not None:
            if (self.posting_number, self.posted_on) != (posting.number, posting.on):
                raise AlreadyPostedError
            return False
        if not since <= posting.on <= today:
            raise PostingDayError
        self.posting_number, self.posted_on, self.posted_by, self.posted_at = posting.number, posting.on, by, now
        return True


def post_until(day: date, open_days: int, closed: Closed) -> date:
    """The last of so many open days of the office after this day."""
    for _ in range(open_days):
        day = first_open_day(day + timedelta(days=1), closed)
    return day
