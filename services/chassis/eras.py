"""Japanese eras, and dates and digits as an official letter writes them (公用文作成の考え方).

The calendar begins with 明治: an earlier year is told by the Western one.
"""

from datetime import date

ERAS = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
    (date(1912, 7, 30), "大正"),
    (date(1868, 1, 25), "明治"),
)
FULL_WIDTH = str.maketrans("0123456789,", "０１２３４５６７８９，")


def year_text(day: date) -> str:
    """令和8年; the first year is 元年."""
    for first, era in ERAS:
        if day >= first:
            number = day.year - first.year + 1
            return f"{era}{'元' if number == 1 else number}年"
    return f"{day.year}年"


def day_of(era: str, year: int, month: int, day: int) -> date:
    """The day that bears this name.  Raises ValueError when no day does: 昭和64年 ended on 7 January."""
    first = next((first for first, name in ERAS if name == era), None)
    if first is None:
        raise ValueError(f"no era {era}")
    found = date(first.year + year - 1, month, day)
    if _era(found) != era:
        raise ValueError(f"no such day in {era}")
    return found


def full_width(text: str) -> str:
    """Digits and commas in full width; everything else as it is."""
    return text.translate(FULL_WIDTH)


def letter_date(day: date) -> str:
    """令和８年１２月９日."""
    return full_width(f"{year_text(day)}{day.month}月{day.day}日")


def _era(day: date) -> str:
    return next((era for first, era in ERAS if day >= first), "")
