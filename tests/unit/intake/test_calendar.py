"""When the town looks at an application, and by when it answers."""

from datetime import date, datetime, time

import pytest

from services.intake.domain.calendar import JAPAN, Calendar
from services.intake.domain.procedure import StandardPeriod
from tests.holidays import HOLIDAYS

OFFICE = Calendar(HOLIDAYS.is_open)
CLOSES_AT = time(17, 15)
BUSINESS = StandardPeriod(14, "business", date(2026, 4, 1))
CALENDAR = StandardPeriod(14, "calendar", date(2026, 4, 1))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=JAPAN)


def test_the_day_of_arrival_is_not_counted() -> None:
    assert OFFICE.due_on(date(2026, 11, 24), BUSINESS) == date(2026, 12, 14)


def test_days_on_which_the_office_is_closed_are_not_counted() -> None:
    assert OFFICE.due_on(date(2026, 11, 22), BUSINESS) == date(2026, 12, 11)


def test_calendar_days_end_on_an_open_day() -> None:
    assert OFFICE.due_on(date(2026, 11, 24), CALENDAR) == date(2026, 12, 8)
    assert OFFICE.due_on(date(2026, 12, 18), CALENDAR) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("arrived", "from_day"),
    [(at(24, 10), 24), (at(24, 17, 15), 25), (at(22, 20, 14), 24), (at(20, 23, 59), 24)],
)
def test_the_town_looks_at_it_on_the_next_hour_it_is_open(arrived: datetime, from_day: int) -> None:
    assert OFFICE.examined_from(arrived, CLOSES_AT) == date(2026, 11, from_day)


def test_the_closed_days_between_are_told() -> None:
    assert OFFICE.closed_days(date(2026, 11, 22), date(2026, 11, 24)) == [date(2026, 11, 22), date(2026, 11, 23)]


def test_the_office_is_closed_at_the_years_end() -> None:
    assert OFFICE.first_open_day(date(2026, 12, 29)) == date(2027, 1, 4)
