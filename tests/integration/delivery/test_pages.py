"""The inbox as a browser without scripts meets it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.delivery.settings import DeliverySettings
from services.delivery.web.pages import create_app
from tests.integration.delivery.conftest import Case, House
from tests.web_support import sign_in_as

Open = Callable[[str], FlaskClient]
SHOWN = (
    "補助金の交付が決まりました", "198,000円", "通知書（PDF）を保存する", "2ページ", "高建第1087号",
    "結果に納得できないとき",
)  # fmt: skip
REASONS = {"fact": "工事は11月2日に始まっています。", "rule": "要綱第3条", "application": "対象になりません。"}


@pytest.fixture(scope="module")
def app(settings: DeliverySettings) -> Flask:
    found = create_app(settings)
    found.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return found


@pytest.fixture
def browser(app: Flask) -> Open:
    def open_as(sub: str) -> FlaskClient:
        client = app.test_client()
        sign_in_as(app, client, sub, "辻 𠮷子")
        return client

    return open_as


def state(house: House, case: Case) -> object:
    return house.value("SELECT opened_at FROM inbox_items WHERE document_id = :id", id=case.document_id)


def test_an_empty_inbox_says_what_will_come(browser: Open) -> None:
    page = browser("r-nobody").get("/inbox/").text
    assert "まだ届いていません。" in page
    assert "/apply/cases" in page


def test_the_list_names_what_is_unread_and_never_the_result(house: House, browser: Open) -> None:
    case = house.case("r-list").deliver()
    page = browser("r-list").get("/inbox/").text
    assert f"/inbox/{case.document_id}" in page
    assert "未読" in page
    assert "件の未読" in page
    assert "決まりました" not in page
    assert state(house, case) is None


def test_reading_the_notice_opens_it_once_and_shows_result_paper_and_dates(house: House, browser: Open) -> None:
    case = house.case("r-read").deliver()
    client = browser("r-read")
    page = client.get(f"/inbox/{case.document_id}").text
    for words in SHOWN:
        assert words in page
    opened = state(house, case)
    assert opened is not None
    client.get(f"/inbox/{case.document_id}")
    assert state(house, case) == opened
    assert "件の未読" not in client.get("/inbox/").text
    assert house.said(case.id) == ["notice_delivered.v1", "notice_opened.v1", "notice_arrived.v1"]


def test_the_paper_has_its_letterhead_and_its_tables(house: House, browser: Open) -> None:
    case = house.case("r-table").deliver()
    page = browser("r-table").get(f"/inbox/{case.document_id}").text
    assert "山形県東置賜郡高畠町大字高畠４３６番地" in page
    assert '<th scope="col">補助対象経費</th>' in page
    assert "<td>金１９８，０００円</td>" in page


@pytest.mark.parametrize("ahead", [{"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}])
def test_a_browser_that_fetches_ahead_opens_nothing(house: House, browser: Open, ahead: dict[str, str]) -> None:
    case = house.case("r-ahead").deliver()
    assert browser("r-ahead").get(f"/inbox/{case.document_id}", headers=ahead).status_code == 503
    assert browser("r-ahead").head(f"/inbox/{case.document_id}").status_code == 200
    assert state(house, case) is None


def test_the_file_is_the_sealed_one_and_stays_with_its_reader(house: House, browser: Open) -> None:
    case = house.case("r-file").deliver()
    answer = browser("r-file").get(f"/inbox/{case.document_id}/notice.pdf")
    assert answer.data == case.pdf
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert state(house, case) is not None


def test_another_persons_notice_is_not_found_and_stays_unopened(house: House, browser: Open) -> None:
    case = house.case("r-owner").deliver()
    other = browser("r-other")
    for path in (f"/inbox/{case.document_id}", f"/inbox/{case.document_id}/notice.pdf"):
        answer = other.get(path)
        assert answer.status_code == 404
        assert "決まりました" not in answer.text
    assert state(house, case) is None


def test_a_refusal_gives_its_reasons_first(house: House, browser: Open) -> None:
    summary = {"verdict": "補助金を交付しないことに決まりました", "amount": None, "next_steps": []}
    case = house.case("r-refused", summary=summary, reasons=REASONS, items=[], conditions=[])
    case.decision = replace(case.decision, outcome="refused")
    page = browser("r-refused").get(f"/inbox/{case.deliver().document_id}").text
    assert page.index("この結果になった理由") < page.index("通知書の内容")
    assert 'data-type="refused"' in page
    assert "198,000円" not in page


def test_fifty_notices_stand_on_a_page(house: House, browser: Open) -> None:
    for _ in range(51):
        house.case("r-many").deliver()
    client = browser("r-many")
    assert client.get("/inbox/").text.count("の結果</a>") == 50
    assert client.get("/inbox/?page=2").text.count("の結果</a>") == 1
    assert client.get("/inbox/?page=x").status_code == 200


def test_the_settings_tell_each_way_and_no_whole_address(house: House, browser: Open) -> None:
    house.case("r-settings").deliver()
    page = browser("r-settings").get("/inbox/settings").text
    assert "受信箱で受け取る" in page
    assert "r＊＊＊@example.jp" in page
    assert "r-settings@example.jp" not in page


@pytest.mark.parametrize("path", ["/inbox/", "/inbox/settings", "/inbox/6c1f5d2e-0000-4000-8000-000000000000"])
def test_who_is_not_signed_in_goes_to_the_sign_in_and_comes_back(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code == 302
    assert path.replace("/", "%2F") in answer.location
