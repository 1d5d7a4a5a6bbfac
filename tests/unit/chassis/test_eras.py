"""Dates as an official letter writes them."""

from datetime import date

import pytest

from services.chassis.eras import letter_date, year_text


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
