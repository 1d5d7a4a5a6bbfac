"""Eras (元号) and the dates that residents write in them."""

from datetime import date

from services.intake.domain.procedure import Era

FIRST_DAYS: dict[Era, date] = {
    Era.MEIJI: date(1868, 1, 25),
    Era.TAISHO: date(1912, 7, 30),
    Era.SHOWA: date(1926, 12, 25),
    Era.HEISEI: date(1989, 1, 8),
    Era.REIWA: date(2019, 5, 1),
}


class NoSuchYearError(ValueError):
    """The era has no such year.  ``era`` and ``year`` say which."""

    def __init__(self, era: Era, year: int) -> None:
        super().__init__(f"{era} has no year {year}")
        self.era, self.year = era, year


def year_in(era: Era, year: int) -> int:
    """The year of our time in which year ``year`` of the era lies.  Raises NoSuchYearError."""
    found = FIRST_DAYS[era].year + year - 1
    following = _first_day_after(era)
    if year < 1 or (following and found > following.year):
        raise NoSuchYearError(era, year)
    return found


def date_in(era: Era, year: int, month: int, day: int) -> date:
    """The date.  Raises NoSuchYearError, or ValueError when the month has no such day."""
    found = date(year_in(era, year), month, day)
    following = _first_day_after(era)
    if found < FIRST_DAYS[era] or (following and found >= following):
        raise NoSuchYearError(era, year)
    return found


def era_of(day: date) -> tuple[Era, int]:
    """Era and year of a day since 1868."""
    era = [era for era, first in FIRST_DAYS.items() if first <= day][-1]
    return era, day.year - FIRST_DAYS[era].year + 1


def _first_day_after(era: Era) -> date | None:
    return next((first for first in FIRST_DAYS.values() if first > FIRST_DAYS[era]), None)
