"""Days on which the town office is closed: Saturday, Sunday, 祝日 (practice E36), and what ``holidays.toml`` adds.

A resident's deadline moves on over the same days: the town's are named by 地方自治法4条の2, the court's by
民事訴訟法95条3項.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jpholiday

SATURDAY = 5


@dataclass(frozen=True)
class Closing:
    """Days of every year, as (month, day), on which the office is closed from ``since`` to ``until``."""

    days: frozenset[tuple[int, int]]
    since: date
    until: date = date.max

    def covers(self, day: date) -> bool:
        """Whether the office is closed on this day for this reason."""
        return (day.month, day.day) in self.days and self.since <= day <= self.until


@dataclass(frozen=True)
class Holidays:
    """The town's calendar."""

    closings: tuple[Closing, ...]

    def is_closed(self, day: date) -> bool:
        """Whether nobody is at the office on this day."""
        weekend = day.weekday() >= SATURDAY
        return weekend or bool(jpholiday.is_holiday(day)) or any(one.covers(day) for one in self.closings)

    def is_open(self, day: date) -> bool:
        """Whether the office is open on this day."""
        return not self.is_closed(day)


@cache
def read_holidays(town: Path) -> Holidays:
    """Read once per process.  Raises OSError, KeyError, ValueError: without it no service starts."""
    file = tomllib.loads((town / "holidays.toml").read_text("utf-8"))
    return Holidays(tuple(_closing(one) for one in file["closing"]))


def _closing(entry: dict[str, Any]) -> Closing:
    days = frozenset(_month_and_day(text) for text in entry["days"])
    return Closing(days, entry["from"], entry.get("until", date.max))


def _month_and_day(text: str) -> tuple[int, int]:
    # 2024 is a leap year: 02-29 is a day like any other.
    day = date.fromisoformat(f"2024-{text}")
    return day.month, day.day
