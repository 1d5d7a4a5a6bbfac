"""Days on which the town office is closed: Saturday, Sunday, 祝日 (practice E36), and the year's end."""

from datetime import date

import jpholiday

from services.intake.domain.calendar import Calendar

SATURDAY = 5
YEAR_END = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


def is_open(day: date) -> bool:
    """Whether the town office is open on a day."""
    return day.weekday() < SATURDAY and (day.month, day.day) not in YEAR_END and not jpholiday.is_holiday(day)


OFFICE = Calendar(is_open)
