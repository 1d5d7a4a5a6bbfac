"""Dates and amounts as a notice writes them: eras and full-width digits (only inside the notice)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")
REIWA_BEFORE = 2018
APRIL = 4
FULL_WIDTH = str.maketrans("0123456789,", "０１２３４５６７８９，")


def full_width(text: str) -> str:
    """Digits and commas in full width."""
    return text.translate(FULL_WIDTH)


def yen(amount: int) -> str:
    """１，９８０，０００ for 1980000; the template adds 金 and 円."""
    return full_width(f"{amount:,}")


def year_of_reiwa(year: int) -> str:
    """令和８年, 令和元年."""
    count = year - REIWA_BEFORE
    return f"令和{'元' if count == 1 else full_width(str(count))}年"


def wareki(day: date) -> str:
    """令和８年１１月２４日."""
    return f"{year_of_reiwa(day.year)}{full_width(str(day.month))}月{full_width(str(day.day))}日"


def fiscal_year_name(day: date) -> str:
    """令和８年度."""
    return f"{year_of_reiwa(fiscal_year(day))}度"


def fiscal_year(day: date) -> int:
    """年度 of a day, as the year of its April."""
    return day.year if day.month >= APRIL else day.year - 1


def local_date(at: datetime) -> date:
    """The day in Japan."""
    return at.astimezone(JAPAN).date()
