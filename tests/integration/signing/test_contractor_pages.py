"""The contractor's pages as a browser without scripts meets them."""

import io
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from services.chassis.clock import today
from services.chassis.web.kept_forms import kept_forms
from services.messages import (
    ConsentCodeRequested,
    ConsentGiven,
    ContractConcluded,
    ContractDeclined,
    ContractOffered,
    SealPermitted,
    SealRefused,
)
from tests.integration.signing.deals import CONTRACTOR, Deal
from tests.integration.signing.letters import Letters
from tests.web_support import sign_in_as

Open = Callable[..., FlaskClient]


@pytest.fixture
def browser(app: Flask) -> Open:
    def open_as(sub: str = CONTRACTOR, name: str = "大沼 健") -> FlaskClient:
        client = app.test_client()
        sign_in_as(app, client, sub, name, sid="session-1")
        return client

    return open_as


@pytest.fixture
def contractor(browser: Open) -> FlaskClient:
    return browser()


@pytest.fixture
def offered(deal: Deal) -> Deal:
    deal.up_to_the_contractor()
    return deal


def enter(client: FlaskClient, deal: Deal, code: str, sha256: str = "") -> str:
    data = {"one_time_code": code, "sha256": sha256 or deal.offered_sha256}
    return client.post(f"/sign/{deal.document_id}/consent", data=data, follow_redirects=True).text


def ask(client: FlaskClient, deal: Deal) -> str:
    return client.post(f"/sign/{deal.document_id}/code", follow_redirects=True).text


def send(deal: Deal) -> None:
    deal.house.hear(deal.said(ConsentCodeRequested)[-1])


def test_the_list_leads_to_the_contract(offered: Deal, contractor: FlaskClient) -> None:
    listed = contractor.get("/sign/").text
    assert "あなたの同意を待っている契約" in listed
    assert f'href="/sign/{offered.document_id}"' in listed
    assert offered.number in listed


def test_who_has_no_contract_is_told_so(browser: Open) -> None:
    assert "いまは、契約はありません。" in browser("r-tsuji").get("/sign/").text


def test_the_contract_is_read_as_a_page_and_as_the_very_pdf(offered: Deal, contractor: FlaskClient) -> None:
    page = contractor.get(f"/sign/{offered.document_id}").text
    for words in ("学校給食用食材購入", "１０条（電磁的記録による契約）", "内容に同意する", offered.offered_sha256):
        assert words in page
    pdf = contractor.get(f"/sign/{offered.document_id}/contract.pdf").data
    assert pdf == offered.house.objects.get(offered.said(ContractOffered)[0].document)


@pytest.mark.parametrize("sub", ["r-tsuji", "s-satake"])
def test_another_person_finds_nothing(offered: Deal, browser: Open, sub: str) -> None:
    client, here = browser(sub), f"/sign/{offered.document_id}"
    for path in ("", "/contract.pdf", "/consent", "/decline", "/pack", "/pack/contract.pdf"):
        assert client.get(here + path).status_code == 404
    for path in ("/code", "/consent", "/decline"):
        assert client.post(here + path).status_code == 404


def test_a_stranger_signs_in_first(app: Flask, offered: Deal) -> None:
    answer = app.test_client().get("/sign/")
    assert (answer.status_code, answer.location) == (302, "/seal/sign-in?next=%2Fsign%2F")


def test_a_code_is_asked_for_sent_and_entered(offered: Deal, contractor: FlaskClient, letters: Letters) -> None:
    assert "確認コードを送る" in contractor.get(f"/sign/{offered.document_id}/consent").text
    assert "確認コードを送っています" in ask(contractor, offered)
    send(offered)
    full_width = letters.code().translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert "同意を受け付けました" in enter(contractor, offered, full_width)
    assert "時刻の証明を待っています" in contractor.get(f"/sign/{offered.document_id}").text
    assert "同意を受け付けました" in enter(contractor, offered, letters.code())
    assert len(offered.said(ConsentGiven)) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "確認コードを入力してください。"),
        ("12345", "確認コードは、6けたの数字で入力してください。"),
        ("abcdef", "確認コードは、6けたの数字で入力してください。"),
    ],
)
def test_what_is_no_code_is_said_and_does_not_count(
    offered: Deal, contractor: FlaskClient, letters: Letters, typed: str, words: str
) -> None:
    ask(contractor, offered)
    send(offered)
    page = enter(contractor, offered, typed)
    assert "<title>エラー：" in page
    assert words in page
    assert "同意を受け付けました" in enter(contractor, offered, letters.code())


def test_a_wrong_code_says_how_often_one_can_try(offered: Deal, contractor: FlaskClient, letters: Letters) -> None:
    ask(contractor, offered)
    send(offered)
    wrong = f"{(int(letters.code()) + 1) % 1_000_000:06}"
    page = enter(contractor, offered, wrong)
    assert "確認コードがちがいます。" in page
    assert "あと4回ためせます。" in page
    assert wrong not in page
    for _ in range(4):
        page = enter(contractor, offered, wrong)
    assert "このコードは、もう使えません。新しいコードを送ってください。" in page
    assert "新しいコードを送る" in page


def test_an_old_code_is_said_to_be_old(offered: Deal, contractor: FlaskClient, letters: Letters) -> None:
    ask(contractor, offered)
    send(offered)
    offered.age_codes(timedelta(minutes=11))
    assert "確認コードの期限（10分）が過ぎました。" in enter(contractor, offered, letters.code())


def test_codes_are_not_sent_at_will(offered: Deal, contractor: FlaskClient) -> None:
    ask(contractor, offered)
    assert "いま送ったばかりです。" in ask(contractor, offered)


def test_another_hash_than_the_offered_is_no_consent(offered: Deal, contractor: FlaskClient, letters: Letters) -> None:
    ask(contractor, offered)
    send(offered)
    assert "いまの契約書とちがいます。" in enter(contractor, offered, letters.code(), "0" * 64)
    assert offered.said(ConsentGiven) == []


def test_a_code_of_an_ended_session_is_not_kept(offered: Deal, app: Flask) -> None:
    client = app.test_client()
    answer = client.post(f"/sign/{offered.document_id}/consent", data={"one_time_code": "987654", "sha256": "x"})
    assert answer.status_code == 401
    with offered.house.engine.connect() as connection:
        kept = connection.scalars(sa.select(kept_forms.c.fields)).all()
    assert kept
    assert not any("987654" in one for one in kept)


def test_who_declines_tells_why_or_not(offered: Deal, contractor: FlaskClient) -> None:
    here = f"/sign/{offered.document_id}/decline"
    assert "理由は400文字までです。" in contractor.post(here, data={"reason": "あ" * 401}).text
    page = contractor.post(here, data={"reason": "数量がちがいます。"}, follow_redirects=True).text
    assert "同意しないと答えました" in page
    assert "数量がちがいます。" in page
    contractor.post(here, data={"reason": ""})
    assert [fact.reason for fact in offered.said(ContractDeclined)] == ["数量がちがいます。"]


def test_after_the_last_day_the_page_says_so_before_anybody_has_looked(
    offered: Deal, contractor: FlaskClient, letters: Letters
) -> None:
    offered.set(answer_by=today() - timedelta(days=1))
    page = contractor.get(f"/sign/{offered.document_id}").text
    assert "期限が過ぎました" in page
    assert "内容に同意する</a>" not in page
    assert "期限が過ぎました" in ask(contractor, offered)
    assert "期限が過ぎました" in enter(contractor, offered, "123456")


def test_the_keeper_sees_the_consent_permits_and_the_contractor_fetches_both_files(
    offered: Deal, contractor: FlaskClient, browser: Open, letters: Letters
) -> None:
    offered.house.hear(offered.consent(letters))
    assert "次に、町が電子署名をします。" in contractor.get(f"/sign/{offered.document_id}").text
    keeper = browser("s-satake", "佐竹 隆")
    assert offered.number in keeper.get("/seal/").text
    page = keeper.get(f"/seal/{offered.document_id}").text
    for words in ("相手がこの契約書に同意しています", "決裁された内容と、この契約書は同じです", "承認して署名する"):
        assert words in page
    shown = keeper.get(f"/seal/{offered.document_id}/notice.pdf").data
    assert shown == offered.house.objects.get(offered.said(ContractOffered)[0].document)
    keeper.post(f"/seal/{offered.document_id}/permit")
    offered.house.hear(offered.said(SealPermitted)[0])
    (said,) = offered.said(ContractConcluded)
    pack = contractor.get(f"/sign/{offered.document_id}/pack").text
    for words in ("契約書（PDF）を保存する", "合意締結証明書（PDF）を保存する", said.certificate.sha256):
        assert words in pack
    for which, ref in (("contract", said.document), ("certificate", said.certificate)):
        answer = contractor.get(f"/sign/{offered.document_id}/pack/{which}.pdf")
        assert answer.data == offered.house.objects.get(ref)
        assert "attachment" in answer.headers["Content-Disposition"]
    assert "署名しました" in keeper.get(f"/seal/{offered.document_id}").text


def test_the_public_verifier_knows_contract_and_certificate(deal: Deal, app: Flask, letters: Letters) -> None:
    said = deal.concluded(letters)
    for ref, title in ((said.document, "物品購入契約書"), (said.certificate, "合意締結証明書")):
        file = (io.BytesIO(deal.house.objects.get(ref)), "file.pdf")
        page = app.test_client().post("/verify/", data={"pdf": file}, content_type="multipart/form-data").text
        assert f"{title}（{deal.number}）" in page
        assert "本物です" in page


def test_a_refused_seal_ends_the_contract_for_the_contractor_too(
    offered: Deal, contractor: FlaskClient, browser: Open, letters: Letters
) -> None:
    offered.house.hear(offered.consent(letters))
    browser("s-satake", "佐竹 隆").post(f"/seal/{offered.document_id}/refuse", data={"reason": "別の契約です。"})
    assert len(offered.said(SealRefused)) == 1
    page = contractor.get(f"/sign/{offered.document_id}").text
    assert "町がこの契約を取りやめました" in page
    assert "別の契約です。" not in page


def test_an_unknown_contract_is_not_found(contractor: FlaskClient) -> None:
    answer = contractor.get(f"/sign/{uuid4()}")
    assert answer.status_code == 404
    assert "この契約は見つかりません。" in answer.text
