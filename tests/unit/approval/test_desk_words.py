"""What the desk says of days, times, turns and refusals."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from services.approval.domain.act import Act, Kind
from services.approval.domain.handover import Handover
from services.approval.domain.notice import Field, Outcome
from services.approval.web import forms
from services.approval.web.cases import Turn
from services.approval.web.refusals import moved_on
from services.approval.web.rows import Due
from services.chassis.clock import now

TODAY = date(2026, 11, 25)
OUTCOME = Outcome(
    id="granted", label="", headline="", matter="", document_type="", legal_basis="", preamble="", verdict="",
    fields=(Field("amount", "交付決定額", "amount"), Field("grounds", "起案の理由", "text")),
)  # fmt: skip


@pytest.mark.parametrize(("days", "text"), [(10, "あと10日"), (1, "あと1日"), (0, "今日まで"), (-1, "1日過ぎています")])
def test_how_long_until_the_last_day(days: int, text: str) -> None:
    assert Due.of(TODAY + timedelta(days=days), TODAY) == Due(text, late=days < 0)


def test_where_a_case_stands_in_ones_list() -> None:
    assert Turn.of("b", ["a", "b", "c"]) == Turn(2, 3, "a", "c")
    assert Turn.of("a", ["a"]) == Turn(1, 1, "", "")
    assert Turn.of("x", ["a", "b"]) == Turn(0, 2, "", "a")
    assert Turn.of("x", []) == Turn(0, 0, "", "")


@pytest.mark.parametrize(
    ("typed", "amount"), [("198000", 198_000), ("198,000", 198_000), ("１９８，０００円", 198_000), (" 1 ", 1)]
)
def test_an_amount_is_read_however_it_is_typed(typed: str, amount: int) -> None:
    values, mistakes = forms.read_values(OUTCOME, {"field-amount": [typed], "field-grounds": ["要綱のとおり"]})
    assert mistakes == []
    assert values == {"amount": amount, "grounds": "要綱のとおり"}


@pytest.mark.parametrize("typed", ["", "0", "-1", "1.5", "²", "一", "1" * 20])
def test_what_is_no_amount_is_a_mistake_of_its_field(typed: str) -> None:
    values, mistakes = forms.read_values(OUTCOME, {"field-amount": [typed], "field-grounds": ["x"]})
    assert [one.field for one in mistakes] == ["field-amount"]
    assert "amount" not in values


def test_what_was_offered_is_read_back_unchanged() -> None:
    values: dict[str, int | str] = {"amount": 1_980_000, "grounds": "一行め\n二行め"}
    assert forms.read_values(OUTCOME, forms.offered(values)) == (values, [])


def test_a_conflict_of_another_day_names_the_day() -> None:
    act = Act(kind=Kind.DECIDE, sub="s", post="p", post_name="課長", at=datetime(2020, 5, 1, 1, 32, tzinfo=UTC))
    assert "令和2年5月1日（金）10時32分に鈴木さんが決裁しました" in moved_on(act, lambda _: "鈴木さん").text
    assert "変わりました" in moved_on(None, lambda _: "鈴木さん").text


def test_parked_work_is_told_by_service_and_fact() -> None:
    parked = Handover(
        parking_id=uuid4(), case_id=uuid4(), service="delivery", fact="jp.todoke.signing.document_signed.v1",
        error="KeyError", parked_at=now(),
    )  # fmt: skip
    assert forms.what_stopped(parked) == "交付が「通知書の署名」を引き継げませんでした"
    assert forms.why_stopped(parked) == "思いがけない問題が起きました。（KeyError）"


@pytest.mark.parametrize(("minutes", "text"), [(0, "0分前"), (59, "59分前"), (60, "1時間前"), (3000, "2日前")])
def test_an_age_is_told_in_one_unit(minutes: int, text: str) -> None:
    assert forms.age(now() - timedelta(minutes=minutes, seconds=5)) == text
