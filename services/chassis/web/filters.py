"""Dates, money, names and sizes as pages write them (Japanese eras, weekdays, holidays are computed, never typed)."""

from datetime import date, datetime, timedelta

import jpholiday
from markupsafe import Markup, escape

from services.chassis.clock import TOKYO, today

ERAS = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
    (date(1912, 7, 30), "大正"),
    (date(1868, 1, 25), "明治"),
)
WEEKDAYS = "月火水木金土日"
NEAR = timedelta(days=92)
MEGABYTE, KILOBYTE = 1_000_000, 1_000
FULL_WIDTH = str.maketrans("0123456789,", "０１２３４５６７８９，")


def wareki(value: date | str, year: bool | None = None) -> Markup:
    """``<time>`` with 令和8年11月22日（日）; the year is left out within three months of today unless asked for.

    ``value``: a date, a moment (shown in Japan's time) or either in ISO 8601.
    """
    day = _day(value)
    return _time(day.isoformat(), _date_text(day, year))


def wareki_time(value: datetime | str, year: bool | None = None) -> Markup:
    """``<time>`` with 11月22日（日）20時14分."""
    at = _moment(value)
    return _time(at.isoformat(timespec="seconds"), _date_text(at.date(), year) + _clock_text(at))


def clock(value: datetime | str) -> Markup:
    """``<time>`` with 20時14分."""
    at = _moment(value)
    return _time(at.isoformat(timespec="seconds"), _clock_text(at))


def wareki_text(value: date | str, year: bool | None = None) -> str:
    """The words of ``wareki`` or ``wareki_time`` without a tag: for titles and attributes."""
    if isinstance(value, datetime):
        at = _moment(value)
        return _date_text(at.date(), year) + _clock_text(at)
    return _date_text(_day(value), year)


def yen(amount: int) -> str:
    """198,000円."""
    return f"{amount:,}円"


def phrases(name: str) -> Markup:
    """A long name that breaks only where its data has ``|``."""
    parts = Markup("<wbr>").join(escape(part) for part in name.split("|"))
    return Markup('<span class="keep">{}</span>').format(parts)


def plain_name(name: str) -> str:
    """A name without its phrase breaks: for titles and attributes."""
    return name.replace("|", "")


def file_size(size: int) -> str:
    """4.2 MB or 184 KB, as phones tell it (decimal units)."""
    if size >= MEGABYTE:
        return f"{size / MEGABYTE:.1f}".removesuffix(".0") + " MB"
    return f"{max(1, round(size / KILOBYTE))} KB"


def fullwidth(text: object) -> str:
    """Digits and commas in full width: inside a notice only (公用文作成の考え方)."""
    return str(text).translate(FULL_WIDTH)


def notice_date(value: date | str) -> Markup:
    """``<time>`` with 令和８年１２月９日, as a notice writes it."""
    day = _day(value)
    return _time(day.isoformat(), fullwidth(f"{_year_text(day)}{day.month}月{day.day}日"))


def lines(text: str) -> Markup:
    """Line breaks as ``<br>``."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def _time(machine: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, words)


def _date_text(day: date, year: bool | None) -> str:
    with_year = abs(day - today()) > NEAR if year is None else year
    holiday = "・祝" if jpholiday.is_holiday(day) else ""
    return f"{_year_text(day) if with_year else ''}{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}{holiday}）"


def _year_text(day: date) -> str:
    for first, era in ERAS:
        if day >= first:
            number = day.year - first.year + 1
            return f"{era}{'元' if number == 1 else number}年"
    return f"{day.year}年"


def _clock_text(at: datetime) -> str:
    return f"{at.hour}時{at.minute}分"


def _moment(value: datetime | str) -> datetime:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return at.astimezone(TOKYO)


def _day(value: date | str) -> date:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return _moment(value).date() if isinstance(value, datetime) else value
