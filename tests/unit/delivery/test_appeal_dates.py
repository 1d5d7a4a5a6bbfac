"""Until when one can appeal (practice 19, 20, 21, 36, 37)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.delivery.domain.appeals import (
    REMEDIES,
    Remedy,
    UnknownAppealVariantError,
    first_open_day,
    period_end,
    remedies,
)
from tests.holidays import HOLIDAYS

is_closed = HOLIDAYS.is_closed
days = st.dates(date(2019, 5, 1), date(2045, 12, 31))


@pytest.mark.parametrize(
    ("known_on", "months", "last_day"),
    [
        (date(2026, 12, 10), 3, date(2027, 3, 10)),  # the drawing
        (date(2026, 12, 10), 6, date(2027, 6, 10)),
        (date(2026, 12, 10), 12, date(2027, 12, 10)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),  # begins on 1 September, so ends before 1 March
        (date(2027, 8, 31), 6, date(2028, 2, 29)),  # the same in a leap year
        (date(2026, 2, 28), 3, date(2026, 5, 31)),  # begins on 1 March: three whole months
        (date(2026, 11, 29), 3, date(2027, 2, 28)),  # begins on the 30th, and February has none
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 3, date(2027, 3, 31)),
    ],
)
def test_a_period_begins_the_day_after_and_goes_by_the_calendar(known_on, months, last_day):
    assert period_end(known_on, months) == last_day


@given(days, st.integers(1, 24))
def test_a_period_has_at_least_the_days_of_its_shortest_months(known_on, months):
    length = (period_end(known_on, months) - known_on).days
    assert 28 * months <= length <= 31 * months


@given(days, days, st.integers(1, 24))
def test_who_knows_later_never_has_to_act_earlier(one, other, months):
    earlier, later = sorted((one, other))
    assert period_end(earlier, months) <= period_end(later, months)


@given(days, st.integers(1, 12), st.integers(1, 12))
def test_more_months_end_later(known_on, months, more):
    assert period_end(known_on, months) < period_end(known_on, months + more)


@given(days)
def test_a_last_day_is_never_one_on_which_nobody_can_act(day):
    moved = first_open_day(day, is_closed)
    assert not is_closed(moved)
    assert all(is_closed(day + timedelta(n)) for n in range((moved - day).days))


def test_a_deadline_at_new_year_moves_to_the_first_open_day():
    # 3 months after 29 September 2026 is 29 December; 2 and 3 January 2027 are a weekend.
    found = remedies("both", known_on=date(2026, 9, 29), decided_on=date(2026, 9, 28), closed=is_closed)
    assert found[0] == Remedy(kind="review", until=date(2027, 1, 4))


def test_a_deadline_on_a_weekday_holiday_moves_on():
    # 11 February 2027 (建国記念の日) is a Thursday.
    found = remedies("both", known_on=date(2026, 11, 11), decided_on=date(2026, 11, 10), closed=is_closed)
    assert found[0].until == date(2027, 2, 12)


def test_the_dates_of_the_drawing():
    found = remedies("both", known_on=date(2026, 12, 10), decided_on=date(2026, 12, 9), closed=is_closed)
    assert found == (
        Remedy(kind="review", until=date(2027, 3, 10)),
        Remedy(kind="suit", until=date(2027, 6, 10)),
    )


def test_who_opens_late_has_no_more_than_a_year_after_the_decision():
    found = remedies("both", known_on=date(2027, 11, 1), decided_on=date(2026, 12, 9), closed=is_closed)
    assert [remedy.until for remedy in found] == [date(2027, 12, 9), date(2027, 12, 9)]


@pytest.mark.parametrize("variant", ["appeal_first", "ruling_only", "charges", "local_tax"])
def test_where_the_town_must_be_asked_first_the_court_has_no_date_yet(variant):
    review, court = remedies(variant, known_on=date(2026, 12, 10), decided_on=date(2026, 12, 9), closed=is_closed)
    assert review.until == date(2027, 3, 10)
    assert court.until is None


@given(st.sampled_from(sorted(REMEDIES)), days, st.integers(0, 400))
def test_every_date_is_after_the_day_one_knew_or_the_year_is_over(variant, decided_on, delay):
    known_on = decided_on + timedelta(days=delay)
    for remedy in remedies(variant, known_on=known_on, decided_on=decided_on, closed=is_closed):
        assert remedy.until is None or remedy.until > min(known_on, period_end(decided_on, 11))


def test_a_variant_that_has_no_plain_words_is_refused():
    with pytest.raises(UnknownAppealVariantError):
        remedies("both_ways", known_on=date(2026, 12, 10), decided_on=date(2026, 12, 9), closed=is_closed)
