"""The page on which an applicant answers what the office asks, on real servers."""

import io
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from services.chassis.clock import now, today
from services.chassis.database import work_on
from services.chassis.objects import Objects, ref_of
from services.chassis.tables import outbox
from services.intake import queries
from services.intake.domain.application import State
from services.intake.domain.correction import Asked
from services.intake.domain.draft import Draft
from services.intake.papers import StoredRequests, UnreadableRequestError
from services.intake.settings import IntakeSettings
from services.intake.store import SqlApplications, SqlCorrections, SqlDrafts
from services.intake.use_cases import corrections
from services.intake.web.pages import create_app
from services.messages import CorrectionRequested, DocumentRef
from tests.integration.intake.test_pages import NAME, fill, photo, send
from tests.web_support import read, sign_in_as

NOTE = "見積書では198万円です。"
COST = Asked("work", "cost", NOTE)
Ask = Callable[..., str]


class Said:
    """A request that says this."""

    def __init__(self, *asked: Asked) -> None:
        self.asked = asked

    def request(self, _ref: DocumentRef) -> tuple[str, tuple[Asked, ...]]:
        return "けたを確かめてください。", self.asked


@pytest.fixture(scope="module")
def app(settings: IntakeSettings) -> Flask:
    found = create_app(settings)
    found.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return found


@pytest.fixture
def resident(app: Flask) -> FlaskClient:
    client = app.test_client()
    sign_in_as(app, client, sub="r-tsuji", name=NAME, address="高畠町大字高畠436番地", birthdate="1983-02-03")
    return client


@pytest.fixture
def number(resident: FlaskClient, source: sa.Engine) -> str:
    """Of an application that was sent."""
    fill(resident)
    found = send(resident).headers["Location"].rsplit("/", 1)[-1]
    with source.begin() as connection:
        connection.execute(outbox.delete())
    return found


@pytest.fixture
def ask(source: sa.Engine, number: str) -> Ask:
    """The office asks of that application; gives the address of its page."""

    def hear(*asked: Asked, days: int = 14) -> str:
        fact = CorrectionRequested(
            case_id=case_id(source),
            correction_id=uuid.uuid4(),
            request=DocumentRef("1", "a" * 64, "application/json", 1),
            answer_by=today() + timedelta(days=days),
            requested_at=now(),
        )
        with source.begin() as connection:
            ports = SqlApplications(connection), SqlDrafts(connection), SqlCorrections(connection)
            corrections.hear_correction(fact, *ports, Said(*asked or (COST,)))
        return f"/apply/cases/{number}/correction"

    return hear


def case_id(source: sa.Engine) -> uuid.UUID:
    with source.connect() as connection:
        (found,) = queries.own_cases(connection, "r-tsuji")
    return found.case_id


def sent(source: sa.Engine) -> Draft:
    with source.connect() as connection:
        found = queries.sent_draft(connection, "r-tsuji", case_id(source))
    assert found
    return found


def said(source: sa.Engine) -> list[str]:
    with source.connect() as connection:
        return list(connection.scalars(sa.select(outbox.c.routing_key)))


def test_the_case_leads_to_a_page_with_the_asked_question_and_no_other(
    resident: FlaskClient, ask: Ask, number: str
) -> None:
    address = ask()
    case = read(resident.get(f"/apply/cases/{number}").text)
    assert "確かめていただきたいことがあります" in case
    assert "結果までの日数は数えません" in case
    assert f'href="{address}"' in case
    page = read(resident.get(address).text)
    assert NOTE in page
    assert 'value="1980000"' in page
    assert "builder" not in page


def test_the_list_begins_with_what_is_asked_and_the_day(resident: FlaskClient, ask: Ask, number: str) -> None:
    address = ask()
    page = resident.get("/apply/cases").text
    task, rest = page.split('id="sent"')
    assert f'href="{address}"' in task
    assert f'<time datetime="{today() + timedelta(days=14)}">' in task
    assert number in rest
    assert resident.post(address, data={"work__cost": "2500000"}).status_code == 303
    assert "あなたの対応が必要です" not in resident.get("/apply/cases").text


def test_after_its_day_an_answer_is_still_asked_for_and_taken(
    resident: FlaskClient, ask: Ask, number: str, source: sa.Engine
) -> None:
    address = ask(days=-1)
    for page in (address, f"/apply/cases/{number}"):
        assert "結果が決まるまでは、まだ送れます" in read(resident.get(page).text)
    assert resident.post(address, data={"work__cost": "2500000"}).status_code == 303
    assert said(source) == ["application_corrected.v1"]


def test_the_case_tells_that_the_answer_is_there_and_when_the_result_is_to_be_expected(
    resident: FlaskClient, ask: Ask, number: str, source: sa.Engine
) -> None:
    resident.post(ask(), data={"work__cost": "2500000"})
    (banner,) = [one for one in resident.get(f"/apply/cases/{number}").text.split("</section>") if "banner" in one]
    with source.connect() as connection:
        (application,) = queries.own_cases(connection, "r-tsuji")
    assert "お返事を受け付けました" in banner
    assert f'<time datetime="{application.due_on}">' in banner


def test_whoever_takes_the_application_back_is_asked_no_more(
    resident: FlaskClient, ask: Ask, number: str, source: sa.Engine
) -> None:
    address = ask()
    assert resident.post(f"/apply/cases/{number}/withdraw").status_code == 303
    assert resident.post(address, data={"work__cost": "5"}).headers["Location"] == address
    assert "取り下げられています" in resident.get(address).text
    assert f'href="{address}"' not in resident.get("/apply/cases").text
    assert said(source) == ["application_withdrawn.v1"]


def test_an_answer_is_sent_once_however_often_the_button_is_pressed(
    app: Flask, resident: FlaskClient, ask: Ask, number: str, source: sa.Engine
) -> None:
    address = ask()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: resident.post(address, data={"work__cost": "2500000"}).status_code, range(4)))
    assert set(answers) == {303}
    assert said(source) == ["application_corrected.v1"]
    assert sent(source).answers["work"]["cost"] == 2_500_000
    assert "お返事を受け付けました" in read(resident.get(f"/apply/cases/{number}").text)
    assert "いま、確かめていただくことはありません" in read(resident.get(address).text)
    assert "2,500,000円" in read(resident.get(f"/apply/cases/{number}/sent").text)


def test_a_wrong_answer_comes_back_as_it_was_typed_and_stays_for_another_day(
    resident: FlaskClient, ask: Ask, source: sa.Engine
) -> None:
    address = ask()
    answer = resident.post(address, data={"work__cost": "百万"})
    assert answer.status_code == 422
    assert "数字だけで入力してください" in answer.text
    assert 'href="#work__cost"' in answer.text
    assert 'value="百万"' in resident.get(address).text
    assert said(source) == []


def test_an_answer_can_be_kept_and_sent_later(
    resident: FlaskClient, ask: Ask, number: str, source: sa.Engine
) -> None:
    address = ask()
    answer = resident.post(address, data={"work__cost": "25", "leave": "keep"})
    assert answer.headers["Location"] == f"/apply/cases/{number}"
    assert 'value="25"' in resident.get(address).text
    assert said(source) == []


def test_a_file_is_replaced_and_the_old_one_is_in_the_answer_no_more(
    resident: FlaskClient, ask: Ask, number: str, source: sa.Engine
) -> None:
    address = ask(Asked("files", "photos", "屋根が写っていません。"))
    (old,) = sent(source).attachments
    page = resident.get(address).text
    assert old.name in page
    taken_out = page.split('name="remove" value="')[1].split('"')[0]
    assert resident.post(address, data={"remove": taken_out}).headers["Location"] == address
    assert old.name not in resident.get(address).text
    new = {"files__photos": (io.BytesIO(photo()), "屋根の全体.jpg")}
    assert resident.post(address, data=new, content_type="multipart/form-data").status_code == 303
    assert [one.name for one in sent(source).attachments] == ["屋根の全体.jpg"]
    assert "屋根の全体.jpg" in resident.get(f"/apply/cases/{number}/sent").text
    (attached,) = sent(source).attachments
    assert resident.get(f"/apply/file/{case_id(source)}/{attached.id}").status_code == 200


def test_a_file_that_cannot_be_taken_is_said_and_nothing_is_sent(
    resident: FlaskClient, ask: Ask, source: sa.Engine
) -> None:
    address = ask(Asked("files", "photos"), COST)
    bad = {"files__photos": (io.BytesIO(b"MZ not a photo"), "virus.exe"), "work__cost": "30"}
    answer = resident.post(address, data=bad, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "「virus.exe」" in answer.text
    assert 'value="30"' in answer.text
    assert said(source) == []


def test_a_case_that_was_withdrawn_or_decided_meanwhile_takes_no_answer_and_says_why(
    resident: FlaskClient, ask: Ask, number: str, source: sa.Engine
) -> None:
    address = ask()
    with work_on(source, "intake") as work:
        applications = SqlApplications(work.connection)
        application = applications.find(case_id(source))
        assert application
        application.reach(State.DECIDED, now())
        applications.save(application)
    assert resident.post(address, data={"work__cost": "2500000"}, follow_redirects=True).status_code == 200
    assert "結果が決まったため" in resident.get(address).text
    assert said(source) == []


def test_nobody_answers_for_another_person(app: Flask, ask: Ask, source: sa.Engine) -> None:
    address = ask()
    other = app.test_client()
    sign_in_as(app, other, sub="r-watanabe", name="渡邉 正")
    assert other.get(address).status_code == 404
    assert other.post(address, data={"work__cost": "5"}).status_code == 404
    assert said(source) == []


def test_an_address_of_a_case_of_which_nothing_was_asked_says_so(resident: FlaskClient, number: str) -> None:
    assert "いま、確かめていただくことはありません" in resident.get(f"/apply/cases/{number}/correction").text


def test_the_request_is_read_from_the_store_and_what_is_none_is_refused(settings: IntakeSettings) -> None:
    objects = Objects.of(settings)
    good = b'{"message":"m","questions":[{"topic":"work","question":"cost","note":"n"}],"more":1}'
    refs = [ref_of("case-1", data, "application/json") for data in (good, b'{"questions":[]}', b"[1]", b"\xff")]
    for ref, data in zip(refs, (good, b'{"questions":[]}', b"[1]", b"\xff"), strict=True):
        objects.put(ref, data)
    assert StoredRequests(objects).request(refs[0]) == ("m", (Asked("work", "cost", "n"),))
    for ref in refs[1:]:
        with pytest.raises(UnreadableRequestError):
            StoredRequests(objects).request(ref)


def test_the_status_for_other_programmes_tells_until_when(resident: FlaskClient, ask: Ask, number: str) -> None:
    address = f"/apply/api/applications/{number}"
    assert resident.get(address).json["answer_by"] is None
    page = ask()
    status = resident.get(address).json
    assert status["answer_by"] == (today() + timedelta(days=14)).isoformat()
    assert (status["state"], status["text"]) == ("accepted", "あなたの対応が必要です")
    assert resident.get("/apply/api/applications").json["applications"] == [status]
    resident.post(page, data={"work__cost": "2500000"})
    assert resident.get(address).json["answer_by"] is None
