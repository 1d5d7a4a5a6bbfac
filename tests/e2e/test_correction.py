"""A resident who is asked to look at something again answers on the phone, with scripts and without."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from infra.console import correcting, deciding
from infra.console.steps import until
from infra.local.system import System
from tests.e2e import refusing
from tests.e2e.browsing import PHONE, Person
from tests.e2e.checklist import problems, summary_problems

RESIDENT, KANA, MAIL = "渡邉 正", "わたなべ ただし", "tadashi@example.jp"
ASKED = ["occupancy.thing", "occupancy.size", "files.photos"]
NOTES = {"occupancy__size": "歩道に残る幅が分かりません。", "files__photos": "道路の幅が分かる写真も、つけてください。"}
NARROWER = "長さ8m、幅0.9m、高さ6m"


@pytest.fixture
def number(town: System) -> str:
    """Of a case whose applicant is asked something."""
    found = refusing.file(town.layout.url, RESIDENT, KANA, MAIL)
    officer = refusing.staff(town.layout.url, refusing.OFFICER)
    deciding.examine(officer, found)
    correcting.ask(officer, found, ASKED, "図面と、書いてあることがちがいます。", **NOTES)
    return found


@pytest.fixture
def resident(town: System, browser: Browser) -> Iterator[Person]:
    person = Person(browser, town.layout.url, RESIDENT, PHONE)
    yield person
    person.close()


@pytest.fixture
def plain(town: System, browser: Browser) -> Iterator[Person]:
    """Without scripts."""
    person = Person(browser, town.layout.url, RESIDENT, PHONE, scripts=False)
    yield person
    person.close()


def another_photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), "#7fa36b").save(out, "JPEG")
    return out.getvalue()


def to_what_is_asked(person: Person, number: str) -> None:
    """By way of the list of one's cases."""
    address = f"/apply/cases/{number}/correction"
    person.open("/apply/cases")
    until(lambda: person.again() or person.page.locator(f'a[href="{address}"]').count() or None, "what is asked")
    person.open(address)


def correct(person: Person) -> None:
    """The thing has another name, the pavement more room, and there is one more photo.  Enter sends."""
    person.fill({"occupancy__thing": "other", "occupancy__size": NARROWER, "occupancy__other_thing": "移動式の足場"})
    person.attach("files__photos", "IMG_0421.jpg", "image/jpeg", another_photo())
    with person.page.expect_navigation():
        person.page.get_by_label("置く物の大きさ").press("Enter")


def test_what_is_asked_is_answered_and_nothing_is_lost_on_the_way(resident: Person, number: str) -> None:
    page = resident.page
    to_what_is_asked(resident, number)
    expect(page.get_by_label("置く物の大きさ")).to_have_value("長さ8m、幅1.2m、高さ6m")
    assert page.get_by_label("占用の目的").count() == 0
    assert problems(page) == []
    resident.fill({"occupancy__thing": "other", "occupancy__size": NARROWER})
    resident.press("送る")
    assert "そのほかの物の名前を入力してください" in resident.text()
    expect(page.get_by_label("置く物の大きさ")).to_have_value(NARROWER)
    assert problems(page) + summary_problems(page) == []
    correct(resident)
    assert "お返事を受け付けました" in resident.text()
    assert problems(page) == []
    resident.open("/apply/cases")
    assert problems(page) == []
    resident.open(f"/apply/cases/{number}/sent")
    for text in ("移動式の足場", NARROWER, "IMG_0420.jpg", "IMG_0421.jpg"):
        assert text in resident.text()


def test_what_is_asked_is_answered_without_scripts(plain: Person, number: str) -> None:
    to_what_is_asked(plain, number)
    correct(plain)
    expect(plain.page.get_by_role("heading", name="お返事を受け付けました").first).to_be_visible()
    plain.open(f"/apply/cases/{number}/sent")
    for text in ("移動式の足場", NARROWER, "IMG_0420.jpg", "IMG_0421.jpg"):
        expect(plain.page.get_by_role("main")).to_contain_text(text)
