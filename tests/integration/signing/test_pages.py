"""The seal keeper's pages as a browser without scripts meets them."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.chassis.canonical import canonical_json
from services.messages import DocumentSigned, SealPermitted, SealRefused
from services.signing.store import documents, sources
from tests.integration.signing.cases import Case, House
from tests.integration.signing.conftest import Open
from tests.integration.signing.tokens import SignerProcess
from tests.unit.signing import notices

REASON = "宛先の住所が、申請書とちがいます。"


def page_of(case: Case, client: FlaskClient) -> str:
    answer = client.get(f"/seal/{case.document_id}")
    assert answer.status_code == 200
    return answer.text


def permit(case: Case, client: FlaskClient) -> TestResponse:
    return client.post(f"/seal/{case.document_id}/permit", follow_redirects=True)


def refuse(case: Case, client: FlaskClient, reason: str = REASON) -> TestResponse:
    return client.post(f"/seal/{case.document_id}/refuse", data={"reason": reason}, follow_redirects=True)


def test_the_list_leads_to_the_document_by_its_number(waiting: Case, keeper: FlaskClient) -> None:
    listed = keeper.get("/seal/").text
    assert f'<a href="/seal/{waiting.document_id}">{waiting.number}</a>' in listed
    assert "補助金等交付決定通知書" in listed


def test_the_document_stands_against_its_decision(waiting: Case, keeper: FlaskClient) -> None:
    page = page_of(waiting, keeper)
    for words in ("決裁された内容と、この通知書は同じです", "住宅係長", "別表第2の14", "高畠町長之印（電子）"):
        assert words in page
    for act in ("起案", "承認", "決裁"):
        assert f"{act}</" in page
    assert "公印規程 別表　補助金の交付決定" in page
    assert "承認して署名する" in page


def test_the_preview_opens_as_a_pdf(waiting: Case, keeper: FlaskClient) -> None:
    answer = keeper.get(f"/seal/{waiting.document_id}/notice.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-")


def test_a_permit_is_said_once_and_the_page_tells_it(waiting: Case, keeper: FlaskClient) -> None:
    assert "署名しています" in permit(waiting, keeper).text
    assert "署名しています" in permit(waiting, keeper).text
    assert len(waiting.said(SealPermitted)) == 1


def test_many_clicks_at_once_permit_once(waiting: Case, browser: Open) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda client: permit(waiting, client), [browser() for _ in range(6)]))
    assert {answer.status_code for answer in answers} == {200}
    assert len(waiting.said(SealPermitted)) == 1


def test_a_signed_document_shows_its_file(waiting: Case, keeper: FlaskClient, house: House) -> None:
    permit(waiting, keeper)
    house.hear(waiting.said(SealPermitted)[0])
    page = page_of(waiting, keeper)
    assert "署名しました" in page
    assert "PAdES B-LT" in page
    (signed,) = waiting.said(DocumentSigned)
    answer = keeper.get(f"/seal/{waiting.document_id}/notice.pdf")
    assert answer.data == house.objects.get(signed.document)
    assert waiting.number in keeper.get("/seal/").text


def test_a_refusal_without_reason_asks_for_it(waiting: Case, keeper: FlaskClient) -> None:
    answer = refuse(waiting, keeper, "  ")
    assert answer.status_code == 422
    assert "<title>エラー：" in answer.text
    assert "認めない理由を入力してください。" in answer.text
    assert waiting.said(SealRefused) == []


def test_a_reason_that_is_too_long_comes_back_with_its_length(waiting: Case, keeper: FlaskClient) -> None:
    answer = refuse(waiting, keeper, "あ" * 412)
    assert "理由は400文字までです。いま412文字あります。" in answer.text
    assert "あ" * 412 in answer.text


def test_a_refusal_goes_back_with_its_reason(waiting: Case, keeper: FlaskClient) -> None:
    page = refuse(waiting, keeper).text
    assert "公印の使用を認めませんでした" in page
    assert REASON in page
    assert [fact.reason for fact in waiting.said(SealRefused)] == [REASON]


def test_who_permits_what_was_refused_meanwhile_is_told_so(waiting: Case, keeper: FlaskClient, browser: Open) -> None:
    refuse(waiting, browser())
    page = permit(waiting, keeper).text
    assert "先に処理されていました" in page
    assert "佐竹 隆さんが承認しませんでした" in page
    assert waiting.said(SealPermitted) == []
    assert "先に処理されていました" not in page_of(waiting, keeper)


def test_who_refuses_what_was_permitted_meanwhile_is_told_so(waiting: Case, keeper: FlaskClient) -> None:
    permit(waiting, keeper)
    assert "先に処理されていました" in refuse(waiting, keeper).text
    assert "先に処理されていました" in keeper.get(f"/seal/{waiting.document_id}/refuse", follow_redirects=True).text
    assert waiting.said(SealRefused) == []


def test_two_keepers_at_once_permit_once_and_the_second_is_told_who_was_first(
    waiting: Case, keeper: FlaskClient, house: House
) -> None:
    permit(waiting, keeper)
    with house.engine.begin() as connection:
        mine = documents.c.document_id == waiting.document_id
        connection.execute(documents.update().where(mine).values(acted_subject="s-seino"))
    page = permit(waiting, keeper).text
    assert "先に処理されていました" in page
    assert "情野 亮さんが承認しました" in page
    assert len(waiting.said(SealPermitted)) == 1


def test_a_permit_after_the_session_has_ended_is_kept_for_its_sender(waiting: Case, app: Flask) -> None:
    answer = app.test_client().post(f"/seal/{waiting.document_id}/permit")
    assert answer.status_code == 401
    assert "/seal/sign-in?next=%2Fseal%2Fkept-form" in answer.text
    assert waiting.said(SealPermitted) == []


@pytest.mark.parametrize("sub", ["s-kanno", "s-igarashi", "r-tsuji"])
def test_only_the_holder_of_the_keepers_post_sees_the_pages(waiting: Case, browser: Open, sub: str) -> None:
    client = browser(sub)
    for answer in (client.get("/seal/"), client.get(f"/seal/{waiting.document_id}"), permit(waiting, client)):
        assert answer.status_code == 403
        assert "この画面は、公印管守者だけが見られます。" in answer.text
    assert waiting.said(SealPermitted) == []


def test_a_stranger_signs_in_first(app: Flask) -> None:
    answer = app.test_client().get("/seal/")
    assert (answer.status_code, answer.location) == (302, "/seal/sign-in?next=%2Fseal%2F")


def test_an_unknown_document_is_not_found(keeper: FlaskClient) -> None:
    assert keeper.get(f"/seal/{uuid4()}").status_code == 404
    assert keeper.post(f"/seal/{uuid4()}/permit").status_code == 404


def test_what_waits_says_for_which_server_and_since_when(
    waiting: Case, keeper: FlaskClient, house: House, signer: SignerProcess
) -> None:
    permit(waiting, keeper)
    (fact,) = waiting.said(SealPermitted)
    signer.kill()
    try:
        house.receive(fact)
    finally:
        signer.restart()
    page = page_of(waiting, keeper)
    assert "署名の鍵を使う装置の応答を待っています" in page
    assert "次に試すのは" in page
    assert "署名の鍵を使う装置を待っています" in keeper.get("/seal/").text


def test_parked_work_is_shown_with_its_error(waiting: Case, keeper: FlaskClient, house: House) -> None:
    permit(waiting, keeper)
    (fact,) = waiting.said(SealPermitted)
    unprintable = canonical_json(notices.addressed_to("\U0010fffd"))
    with house.engine.begin() as connection:
        mine = sources.c.document_id == waiting.document_id
        connection.execute(sources.update().where(mine).values(notice_text=unprintable))
    house.receive(fact)
    page = page_of(waiting, keeper)
    assert "署名できませんでした" in page
    assert "印字できない文字があります。" in page
    assert "決裁された内容と、この通知書がちがいます" in page
    assert "止まっています" in keeper.get("/seal/").text
