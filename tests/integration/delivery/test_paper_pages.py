"""Notices on paper, as the office in charge meets them in a browser without scripts; and the resident's own choice."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.chassis.clock import today
from services.chassis.web.forms import REIWA_BEFORE
from services.delivery.settings import DeliverySettings
from services.delivery.web.pages import create_app
from tests.integration.delivery.conftest import Case, House
from tests.web_support import sign_in_as

Open = Callable[[str], FlaskClient]
OFFICER, OTHER_OFFICE, RESIDENT = "s-kanno", "s-yokoyama", "r-paper"
NUMBER = "12345678903"


@pytest.fixture(scope="module")
def app(settings: DeliverySettings) -> Flask:
    found = create_app(settings)
    found.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return found


@pytest.fixture
def browser(app: Flask) -> Open:
    def open_as(sub: str) -> FlaskClient:
        client = app.test_client()
        sign_in_as(app, client, sub, "菅野 沙織")
        return client

    return open_as


def on_paper(house: House) -> Case:
    case = house.case(RESIDENT)
    case.application = replace(case.application, digital=False, digital_consent_at=None)
    return case.deliver()


def typed(number: str = NUMBER, day: date | None = None) -> dict[str, str]:
    on = day or today()
    return {"number": number, "on-y": str(on.year - REIWA_BEFORE), "on-m": str(on.month), "on-d": str(on.day)}


def test_the_office_in_charge_sees_the_task_and_no_other_office_does(house: House, browser: Open) -> None:
    case = on_paper(house)
    assert str(case.document_id) in browser(OFFICER).get("/post/").text
    assert "紙で送る通知書はありません。" in browser(OTHER_OFFICE).get("/post/").text
    assert browser(OTHER_OFFICE).get(f"/post/{case.document_id}").status_code == 404
    assert browser(OTHER_OFFICE).post(f"/post/{case.document_id}", data=typed()).status_code == 404
    assert browser(RESIDENT).get("/post/").status_code == 403


def test_the_copy_bears_the_mark_on_each_page_and_no_signature(house: House, browser: Open) -> None:
    answer = browser(OFFICER).get(f"/post/{on_paper(house).document_id}/copy.pdf")
    assert answer.mimetype == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert all(page.Resources.XObject.keys() for page in pdf.pages)
        assert len(pdf.pages) == 2


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "引受番号を入力してください。"),
        ("123", "11けたの数字で入力してください。"),
        ("12345678904", "引受番号の数字がちがうようです。"),
    ],
)
def test_a_wrong_number_is_told_and_what_was_typed_stays(
    house: House, browser: Open, number: str, said: str
) -> None:
    case = on_paper(house)
    answer = browser(OFFICER).post(f"/post/{case.document_id}", data=typed(number))
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{number}"' in answer.text
    assert house.said(case.id) == ["delivery_failed.v1"]


def test_a_day_that_does_not_exist_or_lies_ahead_is_told(house: House, browser: Open) -> None:
    case = on_paper(house)
    data = typed() | {"on-m": "13"}
    assert "出した日を確かめてください" in browser(OFFICER).post(f"/post/{case.document_id}", data=data).text
    ahead = typed() | {"on-y": str(today().year - REIWA_BEFORE + 1)}
    assert "今日までの日にしてください" in browser(OFFICER).post(f"/post/{case.document_id}", data=ahead).text


def test_posting_is_written_down_once_with_its_number_and_who_did_it(house: House, browser: Open) -> None:
    case = on_paper(house)
    officer = browser(OFFICER)
    for _ in range(2):
        answer = officer.post(f"/post/{case.document_id}", data=typed(), follow_redirects=True)
        assert "123-45-67890-3" in answer.text
    assert house.said(case.id) == ["delivery_failed.v1", "paper_posted.v1"]
    assert "菅野 沙織" in answer.text
    other = officer.post(f"/post/{case.document_id}", data=typed("98765432102"))
    assert other.status_code == 422
    assert "先に記録されています" in other.text


def test_a_resident_changes_to_paper_until_the_notice_is_there(house: House, browser: Open) -> None:
    case = house.case("r-choice", reception_number="R8-000777")
    house.hear(case.application)
    resident = browser("r-choice")
    page = resident.get("/inbox/settings/R8-000777").text
    assert "紙で受け取るように変える" in page
    answer = resident.post("/inbox/settings/R8-000777", data={"how": "paper"}, follow_redirects=True)
    assert "紙の通知書で受け取ることにしました" in answer.text
    assert house.said(case.id) == ["delivery_chosen.v1"]
    for fact in (case.decision, case.signed):
        house.hear(fact)
    late = resident.post("/inbox/settings/R8-000777", data={"how": "digital"}, follow_redirects=True)
    assert "受け取り方は、変えられません。" in late.text
    assert house.said(case.id) == ["delivery_chosen.v1", "delivery_failed.v1"]


def test_nobody_chooses_for_another(house: House, browser: Open) -> None:
    case = house.case("r-other", reception_number="R8-000778")
    house.hear(case.application)
    stranger = browser("r-stranger")
    assert stranger.get("/inbox/settings/R8-000778").status_code == 404
    assert stranger.post("/inbox/settings/R8-000778", data={"how": "paper"}).status_code == 404
    assert house.said(case.id) == []
