"""The server's clock, which is evidence (practice B11), and the calendar of the town."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
APRIL = 4


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date in Japan."""
    return now().astimezone(TOKYO).date()


def fiscal_year(day: date) -> int:
    """年度 (April to March) of a day, as the year of its April."""
    return day.year if day.month >= APRIL else day.year - 1
