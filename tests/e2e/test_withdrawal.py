"""A resident takes an application back: both services know, the desk has nothing left to do, the sum holds."""

from playwright.sync_api import Browser

from infra.console import applying
from infra.console.deciding import open_case
from infra.console.status import status
from infra.console.steps import until
from infra.console.visitor import Visitor
from infra.local.system import System
from tests.e2e.browsing import PHONE, Person
from tests.e2e.checklist import problems

RESIDENT, OFFICER = "渡邉 正", "菅野 沙織"


def filed(town: System) -> str:
    resident = Visitor(town.layout.url, RESIDENT)
    applying.sign_in(resident, "/apply/cases")
    photo = {"photos": ("IMG_0413.jpg", applying.phone_photo(), "image/jpeg")}
    applying.apply(resident, applying.answers("わたなべ ただし", "tadashi@example.jp"), photo)
    return applying.send(resident)


def test_an_application_is_taken_back_and_the_desk_knows(town: System, browser: Browser) -> None:
    number = filed(town)
    officer = Visitor(town.layout.url, OFFICER)
    applying.sign_in(officer, "/desk/")
    open_case(officer, number)
    person = Person(browser, town.layout.url, RESIDENT, PHONE)
    person.open(f"/apply/cases/{number}")
    person.follow("申請を取り下げる")
    assert "取り下げると、結果は出ません。" in person.text()
    assert problems(person.page) == []
    person.press("申請を取り下げる")
    assert "申請を取り下げました" in person.text()
    assert problems(person.page) == []
    person.close()
    until(lambda: "取下げ" in officer.open(f"/desk/cases/{number}").text or None, "the withdrawal on the desk")
    assert "審査を始める" not in officer.open(f"/desk/cases/{number}").text
    counted = status(town.layout)["cases"]
    assert counted["withdrawn"] >= 1
    assert counted["holds"] is True
