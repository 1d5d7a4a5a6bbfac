"""Dates as an official letter writes them."""

from datetime import date

import pytest

from services.chassis.eras import day_of, letter_date, year_text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 12, 9), "令和８年１２月９日"),
        (date(2019, 5, 1), "令和元年５月１日"),
        (date(2019, 4, 30), "平成３１年４月３０日"),
        (date(1989, 1, 7), "昭和６４年１月７日"),
    ],
)
def test_a_date_is_written_with_its_era_in_full_width(day: date, text: str) -> None:
    assert letter_date(day) == text


def test_a_year_before_the_eras_of_today_is_the_western_one() -> None:
    assert year_text(date(1868, 1, 24)) == "1868年"


@pytest.mark.parametrize(
    ("era", "year", "month", "day", "found"),
    [
        ("令和", 1, 5, 1, date(2019, 5, 1)),
        ("平成", 31, 4, 30, date(2019, 4, 30)),
        ("昭和", 64, 1, 7, date(1989, 1, 7)),
        ("大正", 15, 12, 24, date(1926, 12, 24)),
        ("明治", 45, 7, 29, date(1912, 7, 29)),
    ],
)
def test_the_last_and_first_days_of_each_era_are_found(era: str, year: int, month: int, day: int, found: date) -> None:
    assert day_of(era, year, month, day) == found


@pytest.mark.parametrize(
    ("era", "year", "month", "day"),
    [
        ("令和", 1, 4, 30),
        ("令和", 0, 5, 1),
        ("平成", 31, 5, 1),
        ("昭和", 64, 1, 8),
        ("大正", 15, 12, 25),
        ("明治", 45, 7, 30),
        ("慶応", 3, 1, 1),
    ],
)
def test_a_day_that_an_era_does_not_have_is_refused(era: str, year: int, month: int, day: int) -> None:
    with pytest.raises(ValueError, match=era):
        day_of(era, year, month, day)
