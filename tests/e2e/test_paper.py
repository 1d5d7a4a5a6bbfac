"""A result on paper, as the officer and the resident see it in a real browser; and a change of mind before."""

import pytest
from playwright.sync_api import Browser
from rich.console import Console

from infra.console import applying
from infra.console.journeys import Paper
from infra.console.steps import until
from infra.console.visitor import Visitor
from infra.local.system import System
from tests.e2e.browsing import DESK, PHONE, Person
from tests.e2e.checklist import problems

OFFICER, RESIDENT, OTHER = "菅野 沙織", "渡邉 正", "髙橋 みのり"


@pytest.fixture(scope="module")
def posted(town: System, browser: Browser) -> Paper:
    walked = Paper(town.layout, Console())
    walked.run()
    return walked


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_office_sees_what_was_posted(town: System, browser: Browser, posted: Paper, size: tuple[int, int]) -> None:
    officer = Person(browser, town.layout.url, OFFICER, size)
    officer.open("/post/")
    assert posted.number in officer.text()
    assert problems(officer.page, resident=False) == []
    officer.open_row(posted.number)
    assert "紙で送りました" in officer.text()
    assert "123-45-67890-3" in officer.text()
    assert problems(officer.page, resident=False) == []
    officer.open(f"/desk/cases/{posted.number}")
    assert "書面交付（発送済）" in officer.text()
    assert problems(officer.page, resident=False) == []
    officer.close()


def test_the_resident_reads_that_it_was_posted(town: System, browser: Browser, posted: Paper) -> None:
    resident = Person(browser, town.layout.url, RESIDENT, PHONE)
    resident.open(f"/apply/cases/{posted.number}")
    assert "通知書を郵便でお送りしました" in resident.text()
    assert problems(resident.page) == []
    resident.close()


def test_a_resident_changes_to_paper_on_the_way_and_the_office_is_told(
    town: System, browser: Browser, posted: Paper
) -> None:
    sender = Visitor(town.layout.url, OTHER)
    applying.sign_in(sender, "/apply/cases")
    photo = {"photos": ("IMG_0414.jpg", applying.phone_photo(), "image/jpeg")}
    applying.apply(sender, applying.answers("たかはし みのり", "minori@example.jp"), photo)
    number = applying.send(sender)
    person = Person(browser, town.layout.url, OTHER, PHONE)
    person.open("/inbox/settings")
    until(lambda: person.again() or (number in person.text() or None), f"{number} among the settings")
    assert problems(person.page) == []
    person.page.goto(f"{town.layout.url}/inbox/settings/{number}")
    assert problems(person.page) == []
    person.press("紙で受け取るように変える")
    assert "紙の通知書で受け取ることにしました" in person.text()
    assert problems(person.page) == []
    until(
        lambda: "郵便でお送りします" in sender.open(f"/apply/cases/{number}").text or None,
        "the change on the resident's timeline",
    )
    person.close()
