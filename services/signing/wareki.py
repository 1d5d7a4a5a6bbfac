"""Dates and digits as a notice writes them: 令和８年１２月９日, full-width (公用文作成の考え方)."""

from datetime import date

REIWA = date(2019, 5, 1)
FULL_WIDTH = str.maketrans("0123456789,", "０１２３４５６７８９，")


class EraError(ValueError):
    """A notice's date lies before 令和."""


def full_width(text: str) -> str:
    """Digits and commas in full width; everything else as it is."""
    return text.translate(FULL_WIDTH)


def wareki(day: date) -> str:
    """令和８年１２月９日; the first year is 元年.  Raises EraError."""
    if day < REIWA:
        raise EraError(day.isoformat())
    year = day.year - REIWA.year + 1
    return full_width(f"令和{'元' if year == 1 else year}年{day.month}月{day.day}日")
