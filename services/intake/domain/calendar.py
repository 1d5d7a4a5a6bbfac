"""Days of the town office, and the time limits that are counted in them (民法140条: the first day is not counted)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from services.intake.domain.procedure import StandardPeriod

JAPAN = timezone(timedelta(hours=9))
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """``is_open``: whether the town office is open on a day."""

    is_open: Callable[[date], bool]

    def first_open_day(self, day: date) -> date:
        """This day, or the next one on which the office is open."""
        while not self.is_open(day):
            day += ONE_DAY
        return day

    def due_on(self, arrived_on: date, period: StandardPeriod) -> date:
        """Last day of the 標準処理期間 of an application that arrived on this day."""
        if period.count == "calendar":
            return self.first_open_day(arrived_on + period.days * ONE_DAY)
        day = arrived_on
        for _ in range(period.days):
            day = self.first_open_day(day + ONE_DAY)
        return day

    def moved(self, due_on: date, asked_on: date, answered_on: date, period: StandardPeriod) -> date:
        """``due_on`` later by the time that the office waited for the applicant, not counted (practice B13)."""
        if period.count == "calendar":
            return self.first_open_day(due_on + (answered_on - asked_on))
        waited = (answered_on - asked_on).days - len(self.closed_days(asked_on + ONE_DAY, answered_on + ONE_DAY))
        for _ in range(waited):
            due_on = self.first_open_day(due_on + ONE_DAY)
        return due_on

    def examined_from(self, arrived_at: datetime, closes_at: time) -> date:
        """The open day from which the town looks at what arrived then (practice B11)."""
        local = arrived_at.astimezone(JAPAN)
        day = local.date() if local.time() < closes_at else local.date() + ONE_DAY
        return self.first_open_day(day)

    def closed_days(self, since: date, until: date) -> list[date]:
        """The days from ``since`` to before ``until`` on which the office is closed."""
        days = (since + n * ONE_DAY for n in range((until - since).days))
        return [day for day in days if not self.is_open(day)]
