"""The public verifier as a browser without scripts, without cookies and without a session meets it."""

import html
import io
import re
from xml.etree import ElementTree

import pikepdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pyhanko.sign.fields import SigSeedSubFilter
from werkzeug.test import TestResponse

from services.chassis.clock import now, today
from services.chassis.web.filters import plain_name, wareki
from services.messages import DocumentSigned, PaperPosted
from services.signing.examining import Examiners
from services.signing.store import documents
from services.signing.verifier.report import VR
from services.signing.web.pages import create_app
from services.signing.web.verdicts import ALTERED, GENUINE, LARGEST, NOT_THERE, UNSURE
from services.signing.web.verifier import EXAMINERS
from tests.integration.signing.cases import Case, House
from tests.integration.signing.strangers import signed_elsewhere
from tests.unit.signing import notices


@pytest.fixture(scope="module")
def app(house: House) -> Flask:
    found = create_app(house.settings)
    found.config.update(TESTING=True)
    return found


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


def send(client: FlaskClient, data: bytes, name: str = "通知書.pdf") -> TestResponse:
    return client.post("/verify/", data={"pdf": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def heading(answer: TestResponse) -> str:
    assert answer.status_code == 200
    inside = answer.text.split("<h1>")[1].split("</h1>")[0]
    return inside.replace('<span class="keep">', "").replace("</span>", "").replace("<wbr>", "")


def test_the_page_is_open_to_anybody(anybody: FlaskClient) -> None:
    page = anybody.get("/verify/")
    assert page.status_code == 200
    assert "30 MBまで" in page.text


def test_a_signed_notice_is_genuine(anybody: FlaskClient, signed: bytes) -> None:
    answer = send(anybody, signed)
    assert heading(answer) == "本物です"
    for words in ("高畠町長（試験）", "時刻認証局の時刻", "どちらも「有効」", "PAdES B-T", "通知書.pdf"):
        assert words in answer.text


def test_a_notice_of_this_town_is_named_by_its_number(anybody: FlaskClient, case: Case) -> None:
    case.up_to_the_keeper()
    case.house.hear(case.permit())
    (fact,) = case.said(DocumentSigned)
    answer = send(anybody, case.house.objects.get(fact.document))
    assert "補助金等交付決定通知書（高建第1号）" in answer.text


def test_the_code_tells_type_date_and_issuer_and_asks_for_the_file(anybody: FlaskClient, case: Case) -> None:
    case.up_to_the_keeper()
    address = f"/verify/q/{public_id(case)}"
    assert anybody.get(address).status_code == 404
    case.house.hear(case.permit())
    page = anybody.get(address)
    assert page.status_code == 200
    for words in ("補助金等交付決定通知書", wareki(today(), year=True), "高畠町長", "符号だけでは", 'type="file"'):
        assert words in page.text
    for words in (notices.YOSHI, case.number, "198,000", "深沼"):
        assert words not in page.text


def test_the_code_of_a_notice_that_was_posted_tells_that_the_paper_is_the_original(
    anybody: FlaskClient, case: Case
) -> None:
    case.up_to_the_keeper()
    case.house.hear(case.permit())
    case.house.hear(posted(case))
    assert "原本は紙の文書です" in anybody.get(f"/verify/q/{public_id(case)}").text


def test_a_code_that_nobody_has_is_told_plainly(anybody: FlaskClient) -> None:
    for made_up in ("x", "3kT0vB6xQ2mZr8Lw1YhN5g"):
        answer = anybody.get(f"/verify/q/{made_up}")
        assert answer.status_code == 404
        assert "この符号の文書は、ありません" in answer.text


def public_id(case: Case) -> str:
    query = sa.select(documents.c.public_id).where(documents.c.document_id == case.document_id)
    with case.house.engine.connect() as connection:
        return str(connection.scalar(query))


def posted(case: Case) -> PaperPosted:
    return PaperPosted(
        case_id=case.case_id, document_id=case.document_id, posting_number="1", posted_on=today(), posted_at=now()
    )


def test_one_changed_byte_is_altered(anybody: FlaskClient, signed: bytes) -> None:
    place = signed.index(b"/ByteRange") - 2000
    altered = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    answer = send(anybody, altered)
    assert heading(answer) == "書きかえられています"
    assert "この文書は使わないでください" in answer.text
    assert "どちらも「有効」" not in answer.text


def test_bytes_after_the_end_are_altered(anybody: FlaskClient, signed: bytes) -> None:
    assert heading(send(anybody, signed + b"\n%more")) == "書きかえられています"


def test_a_file_cut_short_is_altered(anybody: FlaskClient, signed: bytes) -> None:
    assert heading(send(anybody, signed[: len(signed) - 600])) == "書きかえられています"


def test_a_pdf_without_signature_is_no_forgery(anybody: FlaskClient, unsigned: bytes) -> None:
    assert heading(send(anybody, unsigned)) == "署名がありません・読めません"


def test_what_a_company_has_signed_is_neither_genuine_nor_altered(anybody: FlaskClient, unsigned: bytes) -> None:
    answer = send(anybody, signed_elsewhere(unsigned, SigSeedSubFilter.PADES))
    assert heading(answer) == "確かめられません"
    assert "書きかえられたという意味ではありません" in answer.text
    assert "株式会社よそ" in answer.text.split("くわしい結果", 1)[1]


def test_a_verdict_has_one_of_four_titles_its_meaning_a_next_step_and_the_details_closed(
    anybody: FlaskClient, signed: bytes, unsigned: bytes
) -> None:
    files = {
        "本物です": signed,
        "書きかえられています": signed + b"\n%more",
        "確かめられません": signed_elsewhere(unsigned, SigSeedSubFilter.PADES),
        "署名がありません・読めません": unsigned,
    }
    assert {plain_name(one) for one in (GENUINE, ALTERED, UNSURE, NOT_THERE)} == set(files)
    for title, data in files.items():
        answer = send(anybody, data)
        assert heading(answer) == title
        assert f"<title>{title}　確かめた結果" in answer.text
        places = [answer.text.index(words) for words in ("<h1>", "次にすること", "くわしい結果", "別の文書を確かめる")]
        assert places == sorted(places)
        assert '<details class="disclosure">' in answer.text
        assert "<script" not in answer.text
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("data", [b"hello", b"\xff\xd8\xff\xe0photo", b"%PDF-1.7\nbroken", b"PK\x03\x04"])
def test_what_is_no_pdf_is_not_readable(anybody: FlaskClient, data: bytes) -> None:
    assert heading(send(anybody, data)) == "署名がありません・読めません"


def test_no_file_asks_for_one(anybody: FlaskClient) -> None:
    answer = anybody.post("/verify/", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "PDFのファイルを選んでください。" in answer.text


def test_an_empty_file_is_named(anybody: FlaskClient) -> None:
    answer = send(anybody, b"", "空.pdf")
    assert (answer.status_code, "「空.pdf」には何も入っていません。" in answer.text) == (422, True)


def test_a_file_that_is_too_large_says_its_size(anybody: FlaskClient) -> None:
    answer = send(anybody, b"%PDF-1.7" + bytes(LARGEST), "大きい.pdf")
    assert answer.status_code == 422
    assert "「大きい.pdf」は30 MBあります。30 MBまでのファイルにしてください。" in answer.text


def test_a_name_with_tags_is_shown_as_text(anybody: FlaskClient) -> None:
    assert "<b>x</b>" not in send(anybody, b"x", "<b>x</b>.pdf").text


def test_a_file_that_takes_too_long_is_answered_and_the_next_one_served(
    app: Flask, anybody: FlaskClient, signed: bytes
) -> None:
    usual = app.extensions[EXAMINERS]
    app.extensions[EXAMINERS] = Examiners(seconds=0.001)
    try:
        answer = send(anybody, signed)
    finally:
        app.extensions[EXAMINERS].close()
        app.extensions[EXAMINERS] = usual
    assert heading(answer) == "確かめられません"
    assert "決めた時間のうちに調べ終わりませんでした" in answer.text
    assert heading(send(anybody, signed)) == "本物です"


def test_a_bomb_is_answered_too(anybody: FlaskClient) -> None:
    bomb = pikepdf.new()
    bomb.add_blank_page()
    bomb.pages[0].Contents = bomb.make_stream(bytes(400_000_000))
    packed = io.BytesIO()
    bomb.save(packed, compress_streams=True, recompress_flate=True)
    assert heading(send(anybody, packed.getvalue())) == "署名がありません・読めません"


def test_who_sends_many_files_at_once_is_asked_to_wait_and_others_are_not(
    app: Flask, signed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.signing.examining.QUEUE_SECONDS", 0.01)
    greedy, other = (app.test_client(use_cookies=False) for _ in range(2))
    greedy.environ_base["REMOTE_ADDR"], other.environ_base["REMOTE_ADDR"] = "2001:db8:1:2::1", "2001:db8:1:3::1"
    with app.extensions[EXAMINERS].turns.taken_by("2001:db8:1:2::/64", 1):
        answer = send(greedy, signed)
        assert answer.status_code == 503
        assert "いま、ほかの文書を確かめています" in answer.text
        assert heading(send(other, signed)) == "本物です"
    assert heading(send(greedy, signed)) == "本物です"


def saved_report(client: FlaskClient, answer: TestResponse) -> TestResponse:
    (sealed,) = re.findall(r'name="verdict" value="([^"]+)"', answer.text)
    return client.post("/verify/report", data={"verdict": html.unescape(sealed)})


def test_the_verdict_can_be_saved_as_a_report_that_another_program_reads(anybody: FlaskClient, signed: bytes) -> None:
    report = saved_report(anybody, send(anybody, signed))
    assert (report.status_code, report.mimetype) == (200, "application/xml")
    assert report.headers["Content-Disposition"].startswith("attachment")
    root = ElementTree.fromstring(report.data)
    (indication,) = root.iter(f"{{{VR}}}MainIndication")
    (signer,) = root.iter(f"{{{VR}}}Signer")
    assert (indication.text, signer.text) == ("urn:etsi:019102:mainindication:total-passed", "高畠町長（試験）")


def test_a_report_of_an_altered_file_says_so(anybody: FlaskClient, signed: bytes) -> None:
    altered = signed[:30000] + bytes([signed[30000] ^ 1]) + signed[30001:]
    text = saved_report(anybody, send(anybody, altered)).text
    assert "mainindication:total-failed" in text
    assert "subindication:HASH_FAILURE" in text


@pytest.mark.parametrize("sealed", ["", "made.up.words", "eyJzdGF0dXMiOiJ2YWxpZCJ9.aR.x"])
def test_no_report_is_given_about_what_was_not_found_here(anybody: FlaskClient, sealed: str) -> None:
    answer = anybody.post("/verify/report", data={"verdict": sealed})
    assert answer.status_code == 410
    assert "もう保存できません" in answer.text


def test_a_genuine_notice_says_until_when_it_can_be_checked(anybody: FlaskClient, signed: bytes) -> None:
    answer = send(anybody, signed)
    facts = answer.text.split("くわしい結果")[0]
    assert "確かめられる期限" in facts
    assert "令和18年1月1日" in facts
