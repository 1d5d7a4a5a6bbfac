"""The daily sum: 受付 = 決定 + 取下げ + 処理中.  An application that it misses is an incident, never a rounding."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many applications of one procedure were received, decided or withdrawn on one day.

    ``day``: in Japan.  ``procedure``: its id; empty for applications that are no case.
    """

    day: date
    procedure: str
    received: int = 0
    decided: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, kw_only=True)
class Sum:
    """Both sides of the sum.  ``open``: in process now, as the states of the cases tell it."""

    received: int
    decided: int
    withdrawn: int
    open: int

    @property
    def accounted(self) -> int:
        """The right side."""
        return self.decided + self.withdrawn + self.open

    @property
    def holds(self) -> bool:
        """Whether no application is missing, and none is there twice."""
        return self.received == self.accounted


@dataclass(frozen=True, kw_only=True)
class Day:
    """What one day brought.  ``open``: in process at its end."""

    day: date
    received: int
    decided: int
    withdrawn: int
    open: int


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Reception numbers between two that are known, and that nobody here has heard of: R8-000003 to R8-000004."""

    first: str
    last: str


def sum_of(counts: Iterable[Count], open_now: int) -> Sum:
    """Over all days of what is counted."""
    every = list(counts)
    return Sum(
        received=sum(one.received for one in every),
        decided=sum(one.decided for one in every),
        withdrawn=sum(one.withdrawn for one in every),
        open=open_now,
    )


def days(counts: Iterable[Count], today: date, length: int) -> Sequence[Day]:
    """The last ``length`` days, today first; each with what was in process at its end."""
    every = list(counts)
    return [_day(every, today - timedelta(days=back)) for back in range(length)]


def _day(counts: Sequence[Count], day: date) -> Day:
    that_day = sum_of((one for one in counts if one.day == day), 0)
    so_far = sum_of((one for one in counts if one.day <= day), 0)
    return Day(
        day=day,
        received=that_day.received,
        decided=that_day.decided,
        withdrawn=that_day.withdrawn,
        open=so_far.received - so_far.decided - so_far.withdrawn,
    )
