"""Dates inside sentences, in eras or Western years, with or without the year, in digits or kanji."""

import re
from datetime import date

from services.chassis.eras import ERAS, day_of
from services.signing.compiler.numbers import plain

ERA = "|".join(name for _, name in ERAS)
DATE = re.compile(
    rf"(?:(?P<era>{ERA})?\s*(?P<year>元|[0-9]+)\s*年\s*)?(?<![0-9])(?P<month>[0-9]+)\s*月\s*(?P<day>[0-9]+)\s*日"
)
LEAP_YEAR = 2000
FIRST_WESTERN_YEAR = 1000


def impossible_days(text: str) -> list[str]:
    """Every date that the calendar, or the era it is written in, does not have."""
    return [found[0] for found in DATE.finditer(plain(text)) if not _exists(found)]


def _exists(found: re.Match[str]) -> bool:
    try:
        return bool(_day(found["era"], found["year"], int(found["month"]), int(found["day"])))
    except (ValueError, OverflowError):
        return False


def _day(era: str | None, year: str | None, month: int, day: int) -> date:
    """Where the year, or its era, stands elsewhere in the sentence, 29 February may be."""
    number = int((year or "0").replace("元", "1"))
    if era:
        return day_of(era, number, month, day)
    return date(number if number >= FIRST_WESTERN_YEAR else LEAP_YEAR, month, day)
