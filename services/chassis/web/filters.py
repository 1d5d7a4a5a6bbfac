"""Dates, money, names and sizes as pages write them (Japanese eras, weekdays, holidays are computed, never typed)."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import jpholiday
from markupsafe import Markup, escape

from services.chassis.clock import TOKYO, today
from services.chassis.eras import ERAS, full_width, letter_date, year_text

WEEKDAYS = "月火水木金土日"
# A date or a number inside a sentence, in digits of either width; ``int`` reads both.
DATE = rf"({'|'.join(name for _, name in ERAS)})(元|\d+)年(\d+)月(\d+)日(?:（[^（）]{{1,3}}）)?"
WRITTEN = re.compile(rf"(?P<date>{DATE})|\d[\d,，.．]*")
NEAR = timedelta(days=92)
MEGABYTE, KILOBYTE = 1_000_000, 1_000


def wareki(value: date | str, year: bool | None = None, weekday: bool = True) -> Markup:
    """``<time>`` with 令和8年11月22日（日）; the year is left out within three months of today unless asked for.

    ``value``: a date, a moment (shown in Japan's time) or either in ISO 8601.
    """
    day = _day(value)
    return _time(day.isoformat(), _date_text(day, year, weekday))


def wareki_time(value: datetime | str, year: bool | None = None) -> Markup:
    """``<time>`` with 11月22日（日）20時14分."""
    at = _moment(value)
    return _time(at.isoformat(timespec="seconds"), _date_text(at.date(), year) + _clock_text(at))


def clock(value: datetime | str) -> Markup:
    """``<time>`` with 20時14分."""
    at = _moment(value)
    return _time(at.isoformat(timespec="seconds"), _clock_text(at))


def wareki_text(value: date | str, year: bool | None = None, weekday: bool = True) -> str:
    """The words of ``wareki`` or ``wareki_time`` without a tag: for titles and attributes."""
    if isinstance(value, datetime):
        at = _moment(value)
        return _date_text(at.date(), year) + _clock_text(at)
    return _date_text(_day(value), year, weekday)


def yen(amount: int) -> str:
    """198,000円."""
    return f"{amount:,}円"


def phrases(name: str) -> Markup:
    """A long name that breaks only where its data has ``|``; without one, where its phrases end."""
    if "|" not in name:
        return escape(name)
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
    return full_width(str(text))


def notice_date(value: date | str) -> Markup:
    """``<time>`` with 令和８年１２月９日, as a notice writes it."""
    day = _day(value)
    return _time(day.isoformat(), letter_date(day))


def unbroken(text: str) -> Markup:
    """A sentence whose dates (as ``<time>``) and numbers do not break over lines; markup stays as it is."""
    if isinstance(text, Markup):
        return text
    return Markup("").join(_written(text))


def masked_mail(address: str) -> str:
    """An address that its owner knows again and nobody else can write to: ``m＊＊＊@example.jp``."""
    box, _, domain = address.partition("@")
    return f"{box[:1]}＊＊＊@{domain}" if domain else ""


def lines(text: str) -> Markup:
    """Line breaks as ``<br>``; dates and numbers as in ``unbroken``."""
    return Markup("<br>").join(unbroken(line) for line in text.splitlines())


def _written(text: str) -> Iterator[Markup]:
    end = 0
    for found in WRITTEN.finditer(text):
        yield escape(text[end : found.start()])
        yield _time_or_number(found)
        end = found.end()
    yield escape(text[end:])


def _time_or_number(found: re.Match[str]) -> Markup:
    day = _day_of(found) if found["date"] else None
    return _time(day.isoformat(), found[0]) if day else Markup('<span class="num">{}</span>').format(found[0])


def _day_of(found: re.Match[str]) -> date | None:
    """None: no calendar has this day."""
    _, era, year, month, day = found.groups()
    first = next(first for first, name in ERAS if name == era)
    try:
        return date(first.year - 1 + (1 if year == "元" else int(year)), int(month), int(day))
    except ValueError:
        return None


def _time(machine: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, words)


def _date_text(day: date, year: bool | None, weekday: bool = True) -> str:
    with_year = abs(day - today()) > NEAR if year is None else year
    return f"{year_text(day) if with_year else ''}{day.month}月{day.day}日{_weekday_text(day) if weekday else ''}"


def _weekday_text(day: date) -> str:
    holiday = "・祝" if jpholiday.is_holiday(day) else ""
    return f"（{WEEKDAYS[day.weekday()]}{holiday}）"


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
