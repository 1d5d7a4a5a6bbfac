"""Number and date of the final notice: nobody has approved them, so they are read when they are given."""

from datetime import date

import pytest

from services.signing.compiler import Issuing, issue_mistake

DAY = date(2026, 12, 9)


def issuing(number: str = "高建第1087号", issued_on: date = DAY, today: date = DAY) -> Issuing:
    return Issuing(number, issued_on, date(2026, 11, 24), date(2026, 12, 9), today)


@pytest.mark.parametrize("number", ["高建第1号", "高総第999号", "高教第12号の2"])
def test_a_number_of_the_town_passes(number: str) -> None:
    assert issue_mistake(issuing(number)) == ""


@pytest.mark.parametrize("number", ["", "第1号", "高建第0号", "高建第号", "高建第01号", "高建第１号", "高建第1号 "])
def test_another_number_is_refused(number: str) -> None:
    assert issue_mistake(issuing(number)) == "DocumentNumberError"


def test_a_day_before_the_decision_or_the_application_is_refused() -> None:
    assert issue_mistake(issuing(issued_on=date(2026, 12, 8))) == "IssuedTooEarlyError"
    assert issue_mistake(issuing(issued_on=date(2026, 11, 23))) == "IssuedTooEarlyError"


def test_a_day_that_has_not_come_is_refused_so_a_clock_that_went_back_is_noticed() -> None:
    assert issue_mistake(issuing(today=date(2026, 12, 8))) == "IssuedInFutureError"
    assert issue_mistake(issuing(issued_on=date(2026, 12, 10), today=date(2026, 12, 10))) == ""
