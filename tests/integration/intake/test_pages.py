"""Intake's pages as a browser without scripts meets them."""

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from services.chassis.clock import now
from services.chassis.handling import Waiting
from services.chassis.objects import Objects
from services.chassis.tables import outbox
from services.intake.settings import IntakeSettings
from services.intake.store import applications, attachments, consents, milestones
from services.intake.web.pages import create_app
from tests.integration.intake.forms import TYPED
from tests.web_support import read, sign_in_as

HOUSING = "/apply/housing-reform"
NAME = "辻\U000e0100 \U00020bb7子"
Open = Callable[..., FlaskClient]


@pytest.fixture(scope="module")
def app(settings: IntakeSettings) -> Flask:
    found = create_app(settings)
    found.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return found


@pytest.fixture
def browser(app: Flask) -> Open:
    def open_as(sub: str = "r-tsuji", name: str = NAME) -> FlaskClient:
        client = app.test_client()
        sign_in_as(app, client, sub=sub, name=name, address="高畠町大字高畠436番地", birthdate="1983-02-03")
        return client

    return open_as


@pytest.fixture
def tsuji(browser: Open) -> FlaskClient:
    return browser()


def photo() -> bytes:
    written = io.BytesIO()
    Image.effect_noise((320, 240), 90).convert("RGB").save(written, "JPEG")
    return written.getvalue()


def attach(client: FlaskClient, *files: tuple[bytes, str], question: str = "photos") -> TestResponse:
    sent = [(io.BytesIO(data), name) for data, name in files]
    return client.post(f"{HOUSING}/files", data={question: sent}, content_type="multipart/form-data")


def fill(client: FlaskClient) -> None:
    for topic, typed in TYPED.items():
        answer = (
            attach(client, (photo(), "屋根.jpg")) if topic == "files" else client.post(f"{HOUSING}/{topic}", data=typed)
        )
        assert answer.status_code == 303, answer.text


def send(client: FlaskClient) -> TestResponse:
    return client.post(f"{HOUSING}/check", data=hidden(client.get(f"{HOUSING}/check").text))


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def test_anybody_reads_the_start_and_the_procedures(app: Flask) -> None:
    client = app.test_client()
    for path in ("/", "/apply/", "/apply/procedures", "/apply/procedures?q=りふぉーむ", HOUSING):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "住宅リフォーム" in answer.text
    assert "見つかりませんでした" in client.get("/apply/procedures?q=パスポート").text


@pytest.mark.parametrize("name", ["how", "privacy", "accessibility"])
def test_the_footers_pages_are_there_for_anybody(app: Flask, name: str) -> None:
    client = app.test_client()
    assert f'href="/apply/about/{name}"' in client.get("/").text
    assert client.get(f"/apply/about/{name}").status_code == 200


NOWHERE = (
    "/apply/about/nothing", "/apply/nothing", f"{HOUSING}/nothing", "/apply/cases/R8-000999", "/apply/cases/12",
)  # fmt: skip


@pytest.mark.parametrize("path", NOWHERE)
def test_what_is_not_there_is_not_found(tsuji: FlaskClient, path: str) -> None:
    assert tsuji.get(path).status_code == 404


def test_a_form_is_for_somebody_who_has_signed_in(app: Flask) -> None:
    for path in (f"{HOUSING}/applicant", f"{HOUSING}/check", "/apply/cases"):
        answer = app.test_client().get(path)
        assert answer.status_code == 302
        assert "/apply/sign-in" in answer.location


def test_name_address_and_birthdate_come_from_the_sign_in_unchanged(tsuji: FlaskClient) -> None:
    page = tsuji.get(f"{HOUSING}/applicant").text
    assert f'value="{NAME}"' in page
    assert 'value="高畠町大字高畠436番地"' in page
    assert 'value="58"' in page


def test_the_whole_way_from_the_form_to_the_number(tsuji: FlaskClient, source: sa.Engine) -> None:
    fill(tsuji)
    check = read(tsuji.get(f"{HOUSING}/check").text)
    for shown in (NAME, "1,980,000円", "＊＊＊＊567", "屋根や外壁の修理<br>雪下ろしをしやすくする工事", "屋根.jpg"):
        assert shown in check
    answer = send(tsuji)
    assert answer.location.startswith(f"{HOUSING}/done/R")
    done = tsuji.get(answer.location)
    number = answer.location.rsplit("/", 1)[-1]
    assert number in done.text
    assert "y＊＊＊@example.jp" in done.text
    assert read(tsuji.get(answer.location).text).split("<main", 1)[1] == read(done.text).split("<main", 1)[1]
    assert number in tsuji.get("/apply/cases").text
    assert "町の確認を待っています" in tsuji.get(f"/apply/cases/{number}").text
    assert NAME in tsuji.get(f"/apply/cases/{number}/sent").text
    assert count(source, consents) == 1


def test_wrong_answers_come_back_as_they_were_typed_with_their_messages(tsuji: FlaskClient) -> None:
    answer = tsuji.post(f"{HOUSING}/work", data=TYPED["work"] | {"kinds": [], "cost": ["百九十八万"]})
    assert answer.status_code == 422
    assert "<title>エラー：" in answer.text
    assert 'role="alert"' in answer.text
    assert 'href="#kinds-1"' in answer.text
    assert "工事費は、数字だけで入力してください。「百九十八万」は 1980000 と書きます。" in answer.text
    assert 'value="百九十八万"' in answer.text
    assert 'value="株式会社まほろば工務店"' in answer.text


def test_a_draft_is_continued_where_it_was_left(tsuji: FlaskClient) -> None:
    for topic in ("applicant", "house"):
        tsuji.post(f"{HOUSING}/{topic}", data=TYPED[topic])
    assert "6つのうち2つまで入力ずみ" in tsuji.get("/").text
    assert tsuji.get(f"{HOUSING}/check").location == f"{HOUSING}/work"
    assert 'value="yoshiko@example.jp"' in tsuji.get(f"{HOUSING}/applicant").text


def test_a_changed_answer_leads_back_to_the_check(tsuji: FlaskClient) -> None:
    fill(tsuji)
    assert tsuji.post(f"{HOUSING}/house", data=TYPED["house"]).location == f"{HOUSING}/check"


def test_a_double_tap_and_a_second_tab_make_one_application(tsuji: FlaskClient, source: sa.Engine) -> None:
    fill(tsuji)
    form = hidden(tsuji.get(f"{HOUSING}/check").text)
    topic = hidden(tsuji.get(f"{HOUSING}/work").text)
    first, second = (tsuji.post(f"{HOUSING}/check", data=form) for _ in range(2))
    assert first.location == second.location
    assert (count(source, applications), count(source, outbox)) == (1, 1)
    number = first.location.rsplit("/", 1)[-1]
    late = tsuji.post(f"{HOUSING}/work", data=TYPED["work"] | {"draft": topic["draft"]})
    assert late.location == f"/apply/cases/{number}"


def test_taps_at_the_same_moment_make_one_application(browser: Open, source: sa.Engine) -> None:
    client = browser()
    fill(client)
    form = hidden(client.get(f"{HOUSING}/check").text)
    tabs = [browser() for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda tab: tab.post(f"{HOUSING}/check", data=form), tabs))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert (count(source, applications), count(source, outbox)) == (1, 1)


def test_who_goes_back_after_sending_meets_the_case_and_not_the_form(tsuji: FlaskClient) -> None:
    fill(tsuji)
    form = hidden(tsuji.get(f"{HOUSING}/check").text)
    number = tsuji.post(f"{HOUSING}/check", data=form).location.rsplit("/", 1)[-1]
    for topic in ("applicant", "files"):
        late = tsuji.post(f"{HOUSING}/{topic}", data=TYPED[topic] | {"draft": form["draft"]})
        assert late.location == f"/apply/cases/{number}"
    assert tsuji.get(f"{HOUSING}/check").location == HOUSING


@pytest.mark.parametrize(("leave", "to"), [("pause", HOUSING), ("back", f"{HOUSING}/house")])
def test_a_topic_that_is_left_keeps_what_was_typed_and_stays_open(tsuji: FlaskClient, leave: str, to: str) -> None:
    fill(tsuji)
    typed = TYPED["work"] | {"cost": ["百九十八万"], "builder": [""], "leave": leave}
    assert tsuji.post(f"{HOUSING}/work", data=typed).location == to
    page = tsuji.get(f"{HOUSING}/work").text
    assert 'value="百九十八万"' in page
    assert "エラー：" not in page
    assert tsuji.get(f"{HOUSING}/check").location == f"{HOUSING}/work"
    assert tsuji.post(f"{HOUSING}/work", data=TYPED["work"]).location == f"{HOUSING}/check"
    assert "1,980,000円" in read(tsuji.get(f"{HOUSING}/check").text)


def test_a_topic_that_is_left_complete_is_saved(tsuji: FlaskClient) -> None:
    tsuji.post(f"{HOUSING}/house", data=TYPED["house"] | {"leave": "pause"})
    assert "6つのうち1つまで入力ずみ" in tsuji.get("/").text


def test_what_a_script_sends_while_somebody_types_is_kept(tsuji: FlaskClient) -> None:
    answer = tsuji.post(f"{HOUSING}/applicant", data={"kana": "つじ よ", "leave": "keep"})
    assert (answer.status_code, answer.data) == (204, b"")
    assert 'value="つじ よ"' in tsuji.get(f"{HOUSING}/applicant").text


def test_what_a_script_sends_too_late_does_not_undo_what_was_saved(tsuji: FlaskClient) -> None:
    tsuji.post(f"{HOUSING}/house", data=TYPED["house"])
    version = hidden(tsuji.get(f"{HOUSING}/house").text)["version"]
    tsuji.post(f"{HOUSING}/house", data=TYPED["house"] | {"built-y": ["60"]})
    tsuji.post(f"{HOUSING}/house", data=TYPED["house"] | {"built-y": ["5"], "leave": "keep", "version": version})
    page = tsuji.get(f"{HOUSING}/house").text
    assert 'value="60"' in page
    assert "6つのうち1つまで入力ずみ" in tsuji.get("/").text


def test_a_script_whose_person_is_signed_out_is_told_so_and_nothing_is_set_aside(app: Flask, source: sa.Engine) -> None:
    sent = {"data": {"kana": "つじ"}, "headers": {"Sec-Fetch-Mode": "cors"}}
    answer = app.test_client().post(f"{HOUSING}/applicant", **sent)
    assert (answer.status_code, answer.data) == (401, b"")
    assert "Set-Cookie" not in answer.headers


def test_a_question_is_asked_only_with_the_answer_that_calls_for_it(tsuji: FlaskClient) -> None:
    page = tsuji.get(f"{HOUSING}/house").text
    assert page.count('<div class="when">') == 2
    assert re.search(r'value="other"[^>]* data-calls', page)
    assert not re.search(r'value="home"[^>]* data-calls', page)
    other = tsuji.post(f"{HOUSING}/house", data=TYPED["house"] | {"place": ["other"]})
    assert "住宅の場所を入力してください。" in other.text
    tsuji.post(f"{HOUSING}/house", data=TYPED["house"] | {"location": ["書きかけの場所"]})
    fill(tsuji)
    assert "書きかけの場所" not in tsuji.get(f"{HOUSING}/check").text


def test_taking_a_file_out_keeps_those_that_were_just_chosen(tsuji: FlaskClient, source: sa.Engine) -> None:
    attach(tsuji, (photo(), "屋根.jpg"))
    (first,) = re.findall(r'name="remove" value="([^"]+)"', tsuji.get(f"{HOUSING}/files").text)
    chosen = {"remove": first, "photos": [(io.BytesIO(photo()), "外壁.jpg")]}
    answer = tsuji.post(f"{HOUSING}/files", data=chosen, content_type="multipart/form-data")
    assert answer.location == f"{HOUSING}/files"
    page = tsuji.get(f"{HOUSING}/files").text
    assert "外壁.jpg" in page
    assert "屋根.jpg" not in page


def test_twenty_photos_at_once_leave_ten_and_one_sentence(tsuji: FlaskClient, source: sa.Engine) -> None:
    answer = attach(tsuji, *((photo(), f"IMG_{number}.jpg") for number in range(20)))
    assert answer.status_code == 422
    assert "「IMG_10.jpg」ほか9枚は、つけられませんでした。10枚までです。" in answer.text
    assert count(source, attachments) == 10


def test_a_result_that_waits_is_counted_on_every_page_until_it_is_read(
    tsuji: FlaskClient, browser: Open, source: sa.Engine
) -> None:
    fill(tsuji)
    number = send(tsuji).location.rsplit("/", 1)[-1]
    reach(source, "available")
    assert "申請の結果が届いています" in tsuji.get("/").text
    assert "件の未読" in tsuji.get("/apply/procedures").text
    assert "通知書を読んでください" in tsuji.get(f"/apply/cases/{number}").text
    assert "件の未読" not in browser("r-watanabe", "渡邉 正").get("/").text
    reach(source, "opened")
    assert "件の未読" not in tsuji.get("/").text
    assert "受信箱で通知書を見る" in tsuji.get(f"/apply/cases/{number}").text


def test_a_page_that_is_not_there_still_knows_who_is_signed_in(tsuji: FlaskClient) -> None:
    page = tsuji.get("/apply/nothing").text
    assert "辻\U000e0100さん" in page
    assert "サインアウト" in page


def test_what_another_tab_has_changed_is_shown_before_it_is_sent(tsuji: FlaskClient, source: sa.Engine) -> None:
    fill(tsuji)
    form = hidden(tsuji.get(f"{HOUSING}/check").text)
    tsuji.post(f"{HOUSING}/work", data=TYPED["work"] | {"cost": ["500000"]})
    answer = tsuji.post(f"{HOUSING}/check", data=form)
    assert answer.location == f"{HOUSING}/check?changed=1"
    assert "もう一度、確かめてください" in tsuji.get(answer.location).text
    assert count(source, applications) == 0


def test_a_form_that_lacks_something_leads_to_what_it_lacks(tsuji: FlaskClient) -> None:
    fill(tsuji)
    form = hidden(tsuji.get(f"{HOUSING}/check").text)
    page = tsuji.get(f"{HOUSING}/files").text
    (photo_id,) = re.findall(r'name="remove" value="([^"]+)"', page)
    assert tsuji.post(f"{HOUSING}/files", data={"remove": photo_id}).location == f"{HOUSING}/files"
    assert tsuji.get(f"{HOUSING}/check").location == f"{HOUSING}/files"
    form["version"] = str(int(form["version"]) + 1)
    assert tsuji.post(f"{HOUSING}/check", data=form).location == f"{HOUSING}/files"


def test_files_that_cannot_be_taken_are_named_and_the_others_stay(tsuji: FlaskClient, source: sa.Engine) -> None:
    answer = attach(tsuji, (photo(), "屋根.jpg"), (b"hello", "メモ.txt"), (photo()[:900], "途中.jpg"))
    assert answer.status_code == 422
    assert "「メモ.txt」は、ここにつけられない種類です。" in answer.text
    assert "「途中.jpg」は、途中で切れているか、こわれています。" in answer.text
    assert "屋根.jpg" in answer.text
    assert count(source, attachments) == 1


def test_when_no_site_answers_the_page_says_what_is_kept(
    tsuji: FlaskClient, source: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach(tsuji, (photo(), "屋根.jpg"))

    def away(*_: object, **__: object) -> None:
        raise Waiting("store")

    monkeypatch.setattr(Objects, "put", away)
    answer = attach(tsuji, (photo(), "外壁.jpg"))
    assert answer.status_code == 422
    assert "前につけたファイルと、入力した内容は残っています" in answer.text
    assert count(source, attachments) == 1


def test_an_own_file_comes_back_as_it_was_sent_and_to_nobody_else(tsuji: FlaskClient, browser: Open) -> None:
    data = photo()
    attach(tsuji, (data, "../写真/屋根 1.jpg"))
    page = tsuji.get(f"{HOUSING}/files").text
    (small,) = re.findall(r'src="(/apply/file/[^"]+/small)"', page)
    answer = tsuji.get(small.removesuffix("/small"))
    assert answer.data == data
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''%E5%B1%8B%E6%A0%B9%201.jpg" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert tsuji.get(small).content_type == "image/jpeg"
    for path in (small, small.removesuffix("/small")):
        assert browser("r-watanabe", "渡邉 正").get(path).status_code == 404


def test_a_case_is_its_owners_alone(tsuji: FlaskClient, browser: Open) -> None:
    fill(tsuji)
    done = send(tsuji).location
    number = done.rsplit("/", 1)[-1]
    other = browser("r-watanabe", "渡邉 正")
    for path in (done, f"/apply/cases/{number}", f"/apply/cases/{number}/sent"):
        assert other.get(path).status_code == 404
    assert number not in other.get("/apply/cases").text


def test_a_draft_of_another_person_cannot_be_sent(tsuji: FlaskClient, browser: Open, source: sa.Engine) -> None:
    fill(tsuji)
    form = hidden(tsuji.get(f"{HOUSING}/check").text)
    other = browser("r-watanabe", "渡邉 正")
    assert other.post(f"{HOUSING}/check", data=form).location == HOUSING
    assert count(source, applications) == 0


def test_eight_residents_at_once_get_eight_numbers_in_a_row(browser: Open, source: sa.Engine) -> None:
    def apply(number: int) -> int:
        client = browser(f"r-{number}")
        fill(client)
        form = hidden(client.get(f"{HOUSING}/check").text)
        return client.post(f"{HOUSING}/check", data=form).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(apply, range(8))) == {303}
    with source.connect() as connection:
        counts = connection.scalars(sa.select(applications.c.count).order_by(applications.c.count)).all()
    assert counts == list(range(1, 9))


def reach(source: sa.Engine, state: str) -> None:
    """What the worker does when it hears of it."""
    with source.begin() as connection:
        (case_id,) = connection.scalars(sa.select(applications.c.case_id))
        connection.execute(milestones.insert().values(case_id=case_id, state=state, at=now()))


def count(source: sa.Engine, table: sa.Table) -> int:
    with source.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_an_application_is_withdrawn_once_and_not_after_its_decision(tsuji: FlaskClient, source: sa.Engine) -> None:
    fill(tsuji)
    number = send(tsuji).location.rsplit("/", 1)[-1]
    page = f"/apply/cases/{number}/withdraw"
    assert "取り下げると、結果は出ません。" in tsuji.get(page).text
    for _ in range(2):
        assert tsuji.post(page).location == f"/apply/cases/{number}"
    assert count(source, outbox) == 2
    assert "申請を取り下げました" in tsuji.get(f"/apply/cases/{number}").text
    reach(source, "decided")
    assert tsuji.post(page).location == page
    assert "もう取り下げられません" in tsuji.get(page).text
