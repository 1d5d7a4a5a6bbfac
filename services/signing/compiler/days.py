"""Dates inside sentences, in eras or Western years, with or without the year, in digits or kanji."""

import re
from datetime import date

from services.chassis.eras import ERAS, day_of
from services.signing.compiler.numbers import plain

WEEKDAYS = "月火水木金土日"
ERA = "|".join(name for _, name in ERAS)
DATE = re.compile(
    rf"(?:(?P<era>{ERA})?\s*(?P<year>元|[0-9]+)\s*年\s*)?(?<![0-9])(?P<month>[0-9]+)\s*月\s*(?P<day>[0-9]+)\s*日"
    rf"(?:\s*\((?P<weekday>[{WEEKDAYS}])(?:曜日?)?\))?"
)
LEAP_YEAR = 2000
FIRST_WESTERN_YEAR = 1000


def impossible_days(text: str) -> list[str]:
    """Every date that the calendar, or the era it is written in, does not have, or not on that day of the week."""
    return [found[0] for found in DATE.finditer(plain(text)) if not _exists(found)]


def _exists(found: re.Match[str]) -> bool:
    try:
        day = _day(found["era"], int((found["year"] or "0").replace("元", "1")), int(found["month"]), int(found["day"]))
    except (ValueError, OverflowError):
        return False
    return day.year == LEAP_YEAR or found["weekday"] in (None, WEEKDAYS[day.weekday()])


def _day(era: str | None, year: int, month: int, day: int) -> date:
    """Where the year, or its era, stands elsewhere in the sentence, 29 February may be."""
    if era:
        return day_of(era, year, month, day)
    return date(year if year >= FIRST_WESTERN_YEAR else LEAP_YEAR, month, day)
