"""On which days nobody is at the office."""

from datetime import date
from pathlib import Path

import pytest

from services.chassis.holidays import read_holidays
from tests.holidays import HOLIDAYS


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2026, 11, 21), True),  # Saturday
        (date(2026, 11, 22), True),  # Sunday
        (date(2026, 11, 23), True),  # 勤労感謝の日
        (date(2026, 11, 24), False),
        (date(2026, 12, 28), False),
        (date(2026, 12, 29), True),  # the town's own closing begins
        (date(2027, 1, 1), True),
        (date(2027, 1, 4), False),
        (date(2026, 5, 6), True),  # 振替休日
    ],
)
def test_weekends_national_holidays_and_the_years_end_are_closed(day: date, closed: bool) -> None:
    assert HOLIDAYS.is_closed(day) is closed
    assert HOLIDAYS.is_open(day) is not closed


def test_another_town_closes_on_other_days_and_only_while_its_ordinance_holds(tmp_path: Path) -> None:
    file = '[[closing]]\nname = "祭"\ndays = ["08-18"]\nfrom = 2026-04-01\nuntil = 2027-03-31\n'
    (tmp_path / "holidays.toml").write_text(file, "utf-8")
    found = read_holidays(tmp_path)
    assert found.is_closed(date(2026, 8, 18))
    assert found.is_open(date(2027, 8, 18))
    assert found.is_open(date(2026, 12, 29))


def test_a_day_that_no_year_has_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "holidays.toml").write_text('[[closing]]\ndays = ["02-30"]\nfrom = 2026-04-01\n', "utf-8")
    with pytest.raises(ValueError, match="day is out of range"):
        read_holidays(tmp_path)
