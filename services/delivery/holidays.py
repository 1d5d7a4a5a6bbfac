"""Days on which nobody can act: Saturday, Sunday, 祝日, and the year's end (practice E36)."""

from datetime import date

import jpholiday

SATURDAY = 5
YEAR_END = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


def is_closed(day: date) -> bool:
    """Whether a resident's deadline on ``day`` moves on.

    The town's days are named by 地方自治法4条の2, the court's by 民事訴訟法95条3項: they are the same.
    """
    return day.weekday() >= SATURDAY or (day.month, day.day) in YEAR_END or bool(jpholiday.is_holiday(day))
