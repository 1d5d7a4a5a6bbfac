"""Another procedure, added to the town as three files: applied for at intake, decided at the desk, without any code."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from infra.local.system import System
from services.approval.settings import ApprovalSettings
from services.approval.web.pages import create_app as create_desk
from services.approval.worker import ApprovalWorker
from services.chassis.clock import now
from services.chassis.database import engine, work_on
from services.chassis.objects import Objects
from services.chassis.settings import REPOSITORY
from services.chassis.storekeeper import Storekeeper
from services.intake.settings import IntakeSettings
from services.intake.web.pages import create_app as create_intake
from services.messages import ApplicationSubmitted, DecisionDrafted, DraftChecked, Envelope, Finding
from tests.integration.approval.desk import Desk
from tests.integration.databases import migrated
from tests.web_support import sign_in_as

ADDED = REPOSITORY / "tests" / "procedures" / "association-certificate"
FORM = "/apply/association-certificate"
NAME, OFFICER, CHIEF, HEAD = "辻\U000e0100 \U00020bb7子", "s-yokoyama", "s-abe", "s-ninomiya"
ANSWERS = {
    "applicant": {"name": NAME, "address": "高畠町大字高畠436番地"},
    "association": {"name": "糠野目上自治会", "purpose": "集会所の\r\n登記"},
    "delivery": {"how": "digital"},
}


class Houses:
    """Intake and approval with databases of their own, over one town."""

    def __init__(self, intake: IntakeSettings, approval: ApprovalSettings) -> None:
        self.approval = approval
        self.objects = Objects.of(approval)
        self.engines = {one.service: engine(one) for one in (intake, approval)}
        self.storekeepers = [Storekeeper(one, self.engines[one.service], self.objects) for one in (intake, approval)]
        self.apps = {"intake": create_intake(intake), "approval": create_desk(approval)}

    def browser(self, service: str, sub: str, name: str) -> FlaskClient:
        app: Flask = self.apps[service]
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        client = app.test_client()
        sign_in_as(app, client, sub, name, address="高畠町大字高畠436番地")
        return client

    def said(self, service: str, fact: Any) -> Any:
        """The newest fact of this kind; the documents of all are stored before, as by the workers."""
        for one in self.storekeepers:
            one.store_pending()
        query = sa.text("SELECT body FROM outbox WHERE routing_key = :key ORDER BY seq DESC")
        with self.engines[service].connect() as connection:
            body = connection.scalars(query, {"key": f"{fact.name}.v1"}).first()
        assert body, f"{service} has not said {fact.name}"
        return Envelope.from_json(body).fact(fact)

    def hear(self, fact: Any) -> None:
        worker: Any = ApprovalWorker()
        worker.house = SimpleNamespace(settings=self.approval, objects=self.objects)
        with work_on(self.engines["approval"], "approval") as work:
            getattr(ApprovalWorker, f"on_{fact.name}").__wrapped__(worker, fact, work)

    def close(self) -> None:
        for one in (*self.engines.values(), *(app.extensions["todoke.engine"] for app in self.apps.values())):
            one.dispose()


@pytest.fixture(scope="module")
def houses(servers: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Houses]:
    town = Path(shutil.copytree(REPOSITORY / "infra" / "town", tmp_path_factory.mktemp("another") / "town"))
    shutil.copytree(ADDED, town / "procedures" / ADDED.name)
    with (
        migrated(servers, IntakeSettings, town_dir=town) as intake,
        migrated(servers, ApprovalSettings, town_dir=town) as approval,
    ):
        found = Houses(intake, approval)
        yield found
        found.close()


@pytest.fixture(scope="module")
def number(houses: Houses) -> str:
    """A resident finds the procedure, answers its questions and sends it; approval has heard of it."""
    client = houses.browser("intake", "r-tsuji", NAME)
    assert "認可地縁団体の証明" in client.get("/apply/procedures?q=自治会").text
    assert "だれでも請求できます" in client.get(FORM).text
    for topic, typed in ANSWERS.items():
        assert client.post(f"{FORM}/{topic}", data=typed).status_code == 303
    page = client.get(f"{FORM}/check").text
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert "1,300円" in page
    done = client.post(f"{FORM}/check", data=form).location
    assert "受信箱" in client.get(done).text
    houses.hear(houses.said("intake", ApplicationSubmitted))
    return str(done).rsplit("/", 1)[-1]


def test_the_form_document_has_the_answers_of_the_other_questions(houses: Houses, number: str) -> None:
    fact = houses.said("intake", ApplicationSubmitted)
    form = json.loads(houses.objects.get(fact.form))
    assert (fact.procedure_id, fact.reception_number, fact.digital) == ("association-certificate", number, True)
    assert form["procedure_name"] == "認可地縁団体の証明"
    assert form["answers"]["association"] == {"name": "糠野目上自治会", "purpose": "集会所の\n登記"}
    assert [topic["name"] for topic in form["shown"]] == ["請求する人", "団体", "結果の受け取り方"]


def test_its_section_examines_drafts_approves_and_decides_it(houses: Houses, number: str) -> None:
    case = SimpleNamespace(number=number)
    officer = Desk(houses.browser("approval", OFFICER, "横山 美咲"))
    officer.act(case, "/examine")
    page = officer.case(case)
    assert "糠野目上自治会" in page
    assert officer.press(page, "/draft").status_code == 303
    drafted = houses.said("approval", DecisionDrafted)
    notice = json.loads(houses.objects.get(drafted.notice))
    assert (notice["title"], notice["seal"], notice["procedure_name"]) == ("お知らせ", None, "認可地縁団体の証明")
    assert [one["value"] for one in notice["items"]] == ["糠野目上自治会", "生活環境係の窓口", "金１，３００円"]
    assert [(one["name"], one["amount"]) for one in notice["summary"]["fees"]] == [("証明の手数料", 1300)]
    assert [one["bring"] for one in notice["summary"]["collect"]] == [["この通知書"]]
    assert notice["addressee"]["name"] == NAME
    houses.hear(checked(drafted))
    for sub, act in ((CHIEF, "/approve"), (HEAD, "/decide")):
        desk = Desk(houses.browser("approval", sub, sub))
        assert desk.press(desk.case(case), act).status_code == 303
    with houses.engines["approval"].connect() as connection:
        said = connection.scalars(sa.text("SELECT routing_key FROM outbox ORDER BY seq")).all()
    assert said[-1] == "decision_made.v1"


def test_the_procedures_of_before_are_still_there(houses: Houses) -> None:
    page = houses.browser("intake", "r-tsuji", NAME).get("/apply/procedures").text
    assert page.index("住宅リフォーム支援事業補助金") < page.index("認可地縁団体の証明")


def checked(drafted: DecisionDrafted) -> DraftChecked:
    """What signing answers when it has found nothing wrong."""
    finding = Finding("title", "ok", "題名は文書の種類と合っています")
    return DraftChecked(
        case_id=drafted.case_id, version=drafted.version, content_sha256=drafted.notice.sha256, findings=(finding,),
        checked_at=now(), preview=drafted.notice,
    )  # fmt: skip
