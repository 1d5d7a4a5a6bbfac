"""Intake's JSON side as another programme of a resident meets it."""

import base64
import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from services.chassis.clock import today
from services.chassis.handling import Waiting
from services.chassis.objects import Objects
from services.chassis.tables import outbox, unstored_documents
from services.intake.settings import IntakeSettings
from services.intake.store import applications, attachments, consents, drafts
from services.intake.web.pages import create_app
from tests.integration.intake.test_pages import NAME, count, fill, hidden, photo
from tests.web_support import read, sign_in_as

API = "/apply/api"
PROBLEM = "application/problem+json"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def app(settings: IntakeSettings) -> Flask:
    found = create_app(settings)
    found.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return found


@pytest.fixture
def client(app: Flask) -> Callable[[str], FlaskClient]:
    def signed_in(sub: str) -> FlaskClient:
        found = app.test_client()
        sign_in_as(app, found, sub=sub, name=NAME, address="高畠町大字高畠436番地", birthdate="1983-02-03")
        return found

    return signed_in


@pytest.fixture
def tsuji(client: Callable[[str], FlaskClient]) -> FlaskClient:
    return client("r-tsuji")


def in_days(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def answers() -> dict[str, Json]:
    return {
        "applicant": {
            "name": NAME, "kana": "つじ よしこ", "birthdate": "1983-02-03", "address": "高畠町大字高畠436番地",
            "telephone": "０２３８－００－１２３４", "mail": "yoshiko@example.jp",
        },
        "house": {"place": "home", "owner": "self", "structure": "wood", "built": 1983},
        "work": {
            "kinds": ["roof", "snow"], "cost": 1_980_000, "start": in_days(20), "end": in_days(60),
            "builder": "株式会社まほろば工務店", "builder_town": "in",
        },
        "account": {
            "bank": "やまがた信用金庫", "branch": "高畠支店", "account_kind": "ordinary", "account_number": "1234567",
            "account_holder": "ツジ ヨシコ",
        },
        "delivery": {"how": "digital"},
    }  # fmt: skip


def a_file(data: bytes, name: str = "屋根.jpg", question: str = "photos") -> Json:
    return {"topic": "files", "question": question, "name": name, "content": base64.b64encode(data).decode()}


def filing(**changes: Any) -> Json:
    form = {"procedure_id": "housing-reform", "version": "2026-04-01"}
    return form | {"answers": answers(), "files": [a_file(photo())]} | changes


def send(client: FlaskClient, body: Json, key: str = "") -> Any:
    return client.post(f"{API}/applications", json=body, headers={"Idempotency-Key": key or uuid.uuid4().hex})


def test_anybody_reads_the_procedures_and_what_they_ask(app: Flask) -> None:
    found = app.test_client().get(f"{API}/procedures").json["procedures"]
    assert [one["kana"] for one in found] == sorted(one["kana"] for one in found)
    housing = next(one for one in found if one["id"] == "housing-reform")
    assert (housing["version"], housing["closes_on"], housing["fees"]) == ("2026-04-01", "2027-02-26", [])
    form = app.test_client().get(f"{API}/procedures/housing-reform").json
    assert [topic["id"] for topic in form["topics"]] == ["applicant", "house", "work", "files", "account", "delivery"]
    asked = {one["id"]: one for one in form["topics"][1]["questions"]}
    assert asked["location"]["needed_when"] == {"question": "place", "answers": ["other"]}
    assert [one["value"] for one in asked["place"]["options"]] == ["home", "other"]


def test_an_application_arrives_and_its_status_can_be_asked(tsuji: FlaskClient, source: sa.Engine) -> None:
    answer = send(tsuji, filing())
    assert answer.status_code == 201, answer.text
    number = answer.json["number"]
    assert answer.location == f"{API}/applications/{number}"
    status = tsuji.get(answer.location).json
    assert (status["number"], status["state"], status["text"]) == (number, "accepted", "申請を受け付けました")
    assert status["due_on"] == answer.json["due_on"]
    assert [one["state"] for one in status["reached"]] == ["accepted"]
    assert tsuji.get(f"{API}/applications").json["applications"] == [status]
    page = read(tsuji.get(f"/apply/cases/{number}/sent").text)
    for shown in (NAME, "1,980,000円", "屋根.jpg"):
        assert shown in page
    counted = [count(source, table) for table in (applications, attachments, consents, outbox, unstored_documents)]
    assert counted == [1, 1, 1, 1, 1]


def test_the_fact_and_the_form_document_are_those_of_the_pages(tsuji: FlaskClient, source: sa.Engine) -> None:
    send(tsuji, filing())
    fill(tsuji)
    tsuji.post("/apply/housing-reform/check", data=hidden(tsuji.get("/apply/housing-reform/check").text))
    with source.connect() as connection:
        forms = connection.scalars(sa.select(unstored_documents.c.content).order_by(unstored_documents.c.since)).all()
    ours, theirs = (json.loads(bytes(one)) for one in forms)
    assert ours.keys() == theirs.keys()
    assert ours["applicant"] == theirs["applicant"] | {"telephone": "0238-00-1234"}
    assert ours["shown"][0] == theirs["shown"][0]


def test_the_same_key_gives_the_same_number_and_one_application(tsuji: FlaskClient, source: sa.Engine) -> None:
    body, key = filing(), uuid.uuid4().hex
    first, second = (send(tsuji, body, key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert (count(source, applications), count(source, outbox), count(source, attachments)) == (1, 1, 1)


def test_the_same_key_at_the_same_moment_makes_one_application(
    client: Callable[[str], FlaskClient], source: sa.Engine
) -> None:
    body, key = filing(), uuid.uuid4().hex
    senders = [client("r-tsuji") for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda sender: send(sender, body, key), senders))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json["number"] for answer in answers}) == 1
    assert (count(source, applications), count(source, outbox)) == (1, 1)


def test_a_key_is_used_for_one_content_only(tsuji: FlaskClient, source: sa.Engine) -> None:
    key = uuid.uuid4().hex
    send(tsuji, filing(), key)
    other = send(tsuji, filing(answers=answers() | {"delivery": {"how": "paper"}}), key)
    assert (other.status_code, other.json["type"]) == (422, "tag:todoke.jp,2026:key-reused")
    assert count(source, applications) == 1


def test_another_persons_same_key_is_another_application(
    client: Callable[[str], FlaskClient], source: sa.Engine
) -> None:
    body, key = filing(), uuid.uuid4().hex
    numbers = {send(client(sub), body, key).json["number"] for sub in ("r-tsuji", "r-watanabe")}
    assert len(numbers) == count(source, applications) == 2


def test_what_the_person_has_begun_on_the_pages_stays(tsuji: FlaskClient, source: sa.Engine) -> None:
    fill(tsuji)
    assert send(tsuji, filing()).status_code == 201
    assert "雪下ろしをしやすくする工事" in tsuji.get("/apply/housing-reform/check").text
    with source.connect() as connection:
        assert sorted(connection.scalars(sa.select(drafts.c.submitted))) == [False, True]


def test_wrong_answers_are_told_in_the_words_of_the_page(tsuji: FlaskClient, source: sa.Engine) -> None:
    wrong = answers()
    wrong["applicant"] |= {"kana": "タカハシ", "name": "辻\u0000", "birthdate": "1983-02-30", "mail": 5}
    wrong["work"] |= {"cost": 0, "kinds": ["roof", "moat"], "start": "2018-01-01", "end": in_days(-400)}
    wrong["house"] |= {"built": 99_999, "colour": "red"}
    wrong["files"] = {"photos": "屋根"}
    answer = send(tsuji, filing(answers=wrong | {"garden": {}}, files=[a_file(b"no photo", "変な.jpg")]))
    assert (answer.status_code, answer.content_type) == (422, PROBLEM)
    said = {one["pointer"]: one["message"] for one in answer.json["errors"]}
    assert said["/answers/applicant/kana"] == "ふりがなは、ひらがなで入力してください。"
    assert said["/answers/applicant/name"].startswith("氏名に、町では読めない文字が入っています。")
    assert "ある日付" in said["/answers/applicant/birthdate"]
    assert said["/answers/applicant/mail"].startswith("メールアドレスの値の種類がちがいます。")
    assert said["/answers/work/cost"] == "工事費は、1円から9,999万円までで入力してください。"
    assert said["/answers/work/kinds"] == "工事の種類を、1つ以上選んでください。"
    assert "令和の中に" in said["/answers/work/start"]
    assert said["/answers/house/colour"] == said["/answers/garden"] == "手続きの説明にない名前です。"
    assert "/answers/house/built" in said
    assert said["/answers/files/photos"].endswith("filesに入れて送ってください。")
    assert said["/files/0"].startswith("「変な.jpg」は、ここにつけられない種類です。")
    assert count(source, applications) == count(source, drafts) == 0


def test_missing_topics_and_files_are_told_one_by_one(tsuji: FlaskClient) -> None:
    answer = send(tsuji, filing(answers={}, files=[]))
    pointers = {one["pointer"] for one in answer.json["errors"]}
    assert {"/answers/applicant/name", "/answers/files/photos", "/answers/delivery/how"} <= pointers


def test_more_files_than_asked_and_files_of_nothing_are_refused(tsuji: FlaskClient) -> None:
    many = [a_file(photo(), f"{n}.jpg") for n in range(12)]
    answer = send(tsuji, filing(files=[*many, a_file(photo(), question="nothing")]))
    said = [one["message"] for one in answer.json["errors"] if one["pointer"].startswith("/files/")]
    assert any("までです" in one for one in said)
    assert said[-1] == "手続きの説明にない名前です。"


@pytest.mark.parametrize("version", ["2026-04-02", "1999-01-01"])
def test_a_form_of_another_version_is_not_taken(tsuji: FlaskClient, version: str) -> None:
    answer = send(tsuji, filing(version=version))
    assert (answer.status_code, answer.json["type"]) == (409, "tag:todoke.jp,2026:version-changed")


def test_a_closed_procedure_takes_nothing_but_still_knows_what_it_took(
    tsuji: FlaskClient, monkeypatch: pytest.MonkeyPatch, source: sa.Engine
) -> None:
    body, key = filing(), uuid.uuid4().hex
    number = send(tsuji, body, key).json["number"]
    late = date(2027, 2, 27)
    for module in ("routes", "filing"):
        monkeypatch.setattr(f"services.intake.web.api.{module}.today", lambda: late)
    closed = send(tsuji, body)
    assert (closed.status_code, closed.json["type"]) == (409, "tag:todoke.jp,2026:procedure-closed")
    assert send(tsuji, body, key).json["number"] == number


def test_nobody_is_told_so_and_never_sent_elsewhere(app: Flask) -> None:
    stranger = app.test_client()
    for answer in (
        stranger.get(f"{API}/applications"),
        stranger.get(f"{API}/applications/R8-000001"),
        send(stranger, filing()),
    ):
        assert (answer.status_code, answer.content_type) == (401, PROBLEM)
        assert "Cookie" in answer.headers["WWW-Authenticate"]


def test_nobody_elses_application_can_be_seen(client: Callable[[str], FlaskClient]) -> None:
    number = send(client("r-tsuji"), filing()).json["number"]
    other = client("r-watanabe")
    assert other.get(f"{API}/applications/{number}").status_code == 404
    assert other.get(f"{API}/applications").json["applications"] == []


def test_every_error_is_a_problem(tsuji: FlaskClient) -> None:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    address = f"{API}/applications"
    for status, answer in (
        (404, tsuji.get(f"{API}/nothing")),
        (404, tsuji.get(API)),
        (404, tsuji.get(f"{API}/procedures/api")),
        (404, tsuji.get(f"{address}/R8-999999")),
        (405, tsuji.post(f"{API}/procedures", data={"csrf_token": "x"})),
        (405, tsuji.delete(address)),
        (400, tsuji.get(f"{address}?page=0")),
        (400, tsuji.get(f"{address}?page={'9' * 5000}")),
        (400, tsuji.post(address, json=filing())),
        (400, tsuji.post(address, data=b"{", content_type="application/json", headers=key)),
        (400, tsuji.post(address, data=b'"\\ud800"', content_type="application/json", headers=key)),
        (400, tsuji.post(address, json=filing(answers={"work": {"cost": 10**4000}}), headers=key)),
        (415, tsuji.post(address, data={"a": "b"}, headers=key)),
        (413, tsuji.post(address, data=b" " * 30_000_001, content_type="application/json", headers=key)),
    ):
        assert (answer.status_code, answer.content_type) == (status, PROBLEM), answer.request.path
        assert answer.json["status"] == status
        assert answer.json["title"]
        assert answer.json["request_id"]


def test_without_the_store_nothing_is_taken_and_the_same_request_comes_through_later(
    tsuji: FlaskClient, monkeypatch: pytest.MonkeyPatch, source: sa.Engine
) -> None:
    body, key = filing(), uuid.uuid4().hex
    with monkeypatch.context() as away:
        away.setattr(Objects, "put", refuse)
        answer = send(tsuji, body, key)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert count(source, applications) == 0
    assert send(tsuji, body, key).status_code == 201


def refuse(*_: object) -> None:
    raise Waiting("store")


def test_without_the_database_the_answer_says_when_to_come_again(settings: IntakeSettings) -> None:
    url = settings.database_url.get_secret_value().rsplit("/", 1)[0]
    away = settings.model_copy(update={"database_url": type(settings.database_url)(f"{url}/nowhere")})
    client = create_app(away).test_client()
    client.set_cookie("todoke-intake-session", "anybody")
    answer = client.get(f"{API}/applications")
    assert (answer.status_code, answer.content_type, answer.headers["Retry-After"]) == (503, PROBLEM, "30")
    assert client.get(f"{API}/procedures").status_code == 200
