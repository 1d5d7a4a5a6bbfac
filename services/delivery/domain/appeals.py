"""Until when one can have a decision looked at again: 行政不服審査法18条, 行政事件訴訟法14条, counted by 民法."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Literal

Closed = Callable[[date], bool]

REVIEW_MONTHS = 3
SUIT_MONTHS = 6
OUTER_LIMIT_MONTHS = 12


class UnknownAppealVariantError(ValueError):
    """The notice names a kind of 教示 that delivery cannot put into plain words."""

    permanent: ClassVar[bool] = True

    def __init__(self, variant: str) -> None:
        super().__init__(variant)
        self.variant = variant


def period_end(known_on: date, months: int) -> date:
    """Last day of a period of ``months`` that begins on the day after ``known_on``.

    The first day is not counted (民法140条).  The period ends on the day before the one that corresponds to its
    beginning, or on the last day of a month that has no such day (民法143条2項).
    """
    begin = known_on + timedelta(days=1)
    year, month0 = divmod(begin.year * 12 + begin.month - 1 + months, 12)
    last_day = monthrange(year, month0 + 1)[1]
    if begin.day > last_day:
        return date(year, month0 + 1, last_day)
    return date(year, month0 + 1, begin.day) - timedelta(days=1)


def first_open_day(day: date, closed: Closed) -> date:
    """``day``, or the next one on which an act is possible (地方自治法4条の2第4項; 民事訴訟法95条3項)."""
    while closed(day):
        day += timedelta(days=1)
    return day


RemedyKind = Literal["review", "suit", "ruling_suit"]


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """One way to have a decision looked at again.

    ``kind``: review (審査請求), suit (取消訴訟), or ruling_suit (a suit against the ruling only, 裁決主義).
    ``until``: last day; None where the time runs from the ruling (裁決), which is not there yet.
    """

    kind: RemedyKind
    until: date | None


# Months in which each way is open; None: they begin with the ruling.
REMEDIES: dict[str, tuple[tuple[RemedyKind, int | None], ...]] = {
    "both": (("review", REVIEW_MONTHS), ("suit", SUIT_MONTHS)),
    "appeal_first": (("review", REVIEW_MONTHS), ("suit", None)),
    "ruling_only": (("review", REVIEW_MONTHS), ("ruling_suit", None)),
    "charges": (("review", REVIEW_MONTHS), ("suit", None)),
    "local_tax": (("review", REVIEW_MONTHS), ("suit", None)),
}


def require_appeal_variant(variant: str) -> None:
    """Raises UnknownAppealVariantError."""
    if variant not in REMEDIES:
        raise UnknownAppealVariantError(variant)


def remedies(variant: str, *, known_on: date, decided_on: date, closed: Closed) -> tuple[Remedy, ...]:
    """The ways to appeal that ``variant`` of 教示 leaves open, with their last days.

    行政不服審査法18条 and 行政事件訴訟法14条: from the day after one knew, and never later than a year after the
    decision.  Raises UnknownAppealVariantError.
    """
    require_appeal_variant(variant)
    return tuple(
        Remedy(kind=kind, until=None if months is None else _last_day(months, known_on, decided_on, closed))
        for kind, months in REMEDIES[variant]
    )


def _last_day(months: int, known_on: date, decided_on: date, closed: Closed) -> date:
    end = min(period_end(known_on, months), period_end(decided_on, OUTER_LIMIT_MONTHS))
    return first_open_day(end, closed)
