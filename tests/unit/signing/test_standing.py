"""A standing permit: for allowed types, within one 年度, by the seal's keeper, until its last day or its withdrawal."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from services.signing.domain import Keeper, NotTheKeeperError, ReasonMissingError
from services.signing.domain.standing import (
    AlreadyWithdrawnError,
    PeriodError,
    StandingNotAllowedError,
    StandingPermit,
    Wish,
    end_of_fiscal_year,
    grant,
)

NOW, TODAY = datetime(2026, 12, 9, 3, 0, tzinfo=UTC), date(2026, 12, 9)
KEEPER = Keeper(subject="s-satake", posts=frozenset({"seal-keeper"}))
OTHER = Keeper(subject="s-kanno", posts=frozenset({"housing-officer"}))


def wish(**changes: Any) -> Wish:
    values = {
        "permit_id": uuid4(), "document_type": "letter", "keeper_post": "seal-keeper", "allowed": True,
        "since": TODAY, "until": date(2027, 3, 31), "basis": "軽易な文書のため",
    }  # fmt: skip
    return Wish(**values | changes)


def granted(**changes: Any) -> StandingPermit:
    return grant(wish(**changes), KEEPER, TODAY, NOW)


def test_it_covers_its_first_and_its_last_day_and_none_beside() -> None:
    permit = granted(since=date(2026, 12, 10), until=date(2026, 12, 20))
    covered = [day for day in range(9, 22) if permit.covers(date(2026, 12, day))]
    assert covered == list(range(10, 21))


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        (date(2026, 12, 8), date(2027, 3, 31), "past"),
        (date(2026, 12, 20), date(2026, 12, 19), "backwards"),
        (date(2026, 12, 9), date(2027, 4, 1), "too_long"),
        (date(2027, 4, 1), date(2028, 4, 1), "too_long"),
    ],
)
def test_another_period_is_refused(since: date, until: date, code: str) -> None:
    with pytest.raises(PeriodError) as raised:
        granted(since=since, until=until)
    assert raised.value.code == code


def test_a_fiscal_year_ends_in_march() -> None:
    days = [date(2026, 12, 9), date(2027, 1, 1), date(2027, 3, 31), date(2027, 4, 1)]
    assert [end_of_fiscal_year(day).year for day in days] == [2027, 2027, 2027, 2028]


def test_only_the_keeper_gives_it_with_a_reason_and_for_an_allowed_type() -> None:
    with pytest.raises(NotTheKeeperError):
        grant(wish(), OTHER, TODAY, NOW)
    with pytest.raises(ReasonMissingError):
        granted(basis=" ")
    with pytest.raises(StandingNotAllowedError):
        granted(allowed=False)


def test_after_its_withdrawal_it_covers_nothing() -> None:
    permit = granted()
    with pytest.raises(NotTheKeeperError):
        permit.withdraw(OTHER, "担当が変わる", NOW)
    with pytest.raises(ReasonMissingError):
        permit.withdraw(KEEPER, " ", NOW)
    assert permit.covers(TODAY)
    permit.withdraw(KEEPER, "担当が変わる", NOW)
    assert not permit.covers(TODAY)
    with pytest.raises(AlreadyWithdrawnError):
        permit.withdraw(KEEPER, "担当が変わる", NOW)
