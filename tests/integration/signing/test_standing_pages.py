"""The keeper permits a type for a time; what is decided then is signed without waiting, and stands in the book."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from services.chassis.clock import today
from services.chassis.web.forms import day_fields
from services.messages import SealPermitted
from services.signing.domain.standing import end_of_fiscal_year
from services.signing.store import documents
from services.signing.store.standing import standing_permits
from tests.integration.signing.cases import Case, House
from tests.integration.signing.conftest import Open


@pytest.fixture(autouse=True)
def none_before(house: House) -> Iterator[None]:
    """Each test begins and ends without any."""
    yield
    with house.engine.begin() as connection:
        connection.execute(standing_permits.delete())


def form(page: str, **typed: Any) -> dict[str, Any]:
    found = re.search(r'name="permit_id" value="([^"]+)"', page)
    assert found is not None
    days = day_fields("since", today()) | day_fields("until", end_of_fiscal_year(today()))
    values = {"type": "letter", "basis": "軽易な文書のため", "permit_id": found[1]}
    return {name: value[0] for name, value in days.items()} | values | typed


def give(keeper: FlaskClient, **typed: Any) -> str:
    values = form(keeper.get("/seal/standing").text, **typed)
    answer = keeper.post("/seal/standing", data=values, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


def decided(house: House, document_type: str = "letter") -> Case:
    case = Case.at(house, document_type=document_type)
    case.up_to_the_keeper()
    return case


def state(case: Case) -> tuple[str, str | None]:
    query = sa.select(documents.c.state, documents.c.acted_subject).where(documents.c.document_id == case.document_id)
    with case.house.engine.connect() as connection:
        return tuple(connection.execute(query).one())  # type: ignore[return-value]


def test_what_is_decided_under_it_is_permitted_at_once_by_who_gave_it(house: House, keeper: FlaskClient) -> None:
    waiting = decided(house)
    assert "お知らせ" in give(keeper)
    covered, other = decided(house), decided(house, "subsidy-grant")
    assert state(covered) == ("permitted", "s-satake")
    assert state(other) == ("waiting", None)
    assert state(waiting) == ("waiting", None)
    (fact,) = covered.said(SealPermitted)
    assert fact.permitted_by == "seal-keeper"
    assert "包括の承認による使用" in keeper.get("/seal/ledger").text


def test_after_its_end_each_document_waits_again(house: House, keeper: FlaskClient) -> None:
    page = give(keeper)
    address = re.search(r"/seal/standing/[0-9a-f-]+/withdraw", page)
    assert address is not None
    refused = keeper.post(address[0], data={"reason": " "})
    assert refused.status_code == 422
    assert "やめる理由" in refused.text
    ended = keeper.post(address[0], data={"reason": "担当が変わるため"}, follow_redirects=True).text
    assert "担当が変わるため" in ended
    assert state(decided(house)) == ("waiting", None)
    assert keeper.post(address[0], data={"reason": "もう一度"}, follow_redirects=True).status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"type": ""}, "承認する文書の種類を選んでください。"),
        ({"type": "subsidy-grant"}, "承認する文書の種類を選んでください。"),
        ({"basis": "  "}, "承認する理由"),
        ({"basis": "あ" * 2000}, "理由"),
        ({"since-d": "40"}, "始める日を確かめてください。"),
        ({"until-y": "x"}, "終わる日を確かめてください。"),
        ({"until-y": "20"}, "年度のうち"),
        ({name: value[0] for name, value in day_fields("since", today() - timedelta(days=1)).items()}, "今日からあと"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    keeper: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    values = form(keeper.get("/seal/standing").text, **{"basis": "軽易な文書のため"} | typed)
    answer = keeper.post("/seal/standing", data=values)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert values["basis"].strip() in answer.text


def test_the_form_sent_twice_is_one_permit(house: House, keeper: FlaskClient) -> None:
    values = form(keeper.get("/seal/standing").text)
    for _ in range(2):
        assert keeper.post("/seal/standing", data=values).status_code == 303
    with house.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(standing_permits)) == 1


def test_who_keeps_no_seal_gives_none(browser: Open) -> None:
    officer = browser("s-kanno", "菅野 沙織")
    assert officer.get("/seal/standing").status_code == 403
    assert officer.post("/seal/standing", data={}).status_code == 403


def test_a_permit_of_nobody_is_not_found(keeper: FlaskClient) -> None:
    assert keeper.get("/seal/standing/3f1c1f0e-0000-4000-8000-000000000000/withdraw").status_code == 404


def test_the_decision_is_signed_without_a_further_hand(house: House, keeper: FlaskClient) -> None:
    give(keeper)
    case = decided(house)
    (permitted,) = case.said(SealPermitted)
    house.hear(permitted)
    assert state(case)[0] == "signed"
