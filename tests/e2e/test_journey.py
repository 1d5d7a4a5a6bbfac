"""The journey as people make it: three kinds of users, each with a real browser."""

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from infra.console import applying
from infra.console.facts import cases, said_of
from infra.console.houses import settings_of
from infra.console.steps import until
from infra.local.system import System
from services.chassis.objects import SITES, Objects
from services.messages import DocumentRef, decode
from tests.e2e.browsing import DESK, PHONE, Person
from tests.e2e.checklist import focus_problems, problems

RESIDENT, OFFICER, CHIEF, HEAD, KEEPER = "辻\U000e0100 \U00020bb7子", "菅野 沙織", "遠藤 浩二", "武田 真理子", "佐竹 隆"
KANA, MAIL = "つじ よしこ", "yoshiko@example.jp"


@dataclass
class Walk:
    """One case in the hands of its people.  ``wrong``: what the checklist found, by page."""

    town: System
    browser: Browser
    number: str = ""
    document_number: str = ""
    pdf: bytes = b""
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def person(self, name: str, size: tuple[int, int]) -> Person:
        return Person(self.browser, self.town.layout.url, name, size)

    def look(self, name: str, person: Person, *, resident: bool = True) -> None:
        found = problems(person.page, resident=resident)
        if found:
            self.wrong[name] = found

    def apply(self) -> None:
        resident = self.person(RESIDENT, PHONE)
        resident.open("/")
        self.look("start", resident)
        resident.page.get_by_label("手続きをさがす").fill("屋根")
        resident.press("さがす")
        self.look("search", resident)
        resident.follow("住宅リフォーム支援事業補助金")
        self.look("procedure", resident)
        resident.follow("申請を始める")
        resident.pick_myself()
        for topic, values in applying.answers(KANA, MAIL).items():
            self.look(f"topic {topic}", resident)
            resident.fill(values)
            if topic == "files":
                resident.attach("photos", "IMG_0412.jpg", "image/jpeg", applying.phone_photo())
            resident.press("保存して次へ進む")
        self.look("check", resident)
        resident.press("この内容で申請する")
        expect(resident.page.get_by_role("heading", level=1)).to_contain_text("申請を受け付けました")
        self.number = resident.page.url.rsplit("/", 1)[-1]
        self.look("done", resident)
        resident.follow("進みぐあいを見る")
        self.look("my case", resident)
        resident.close()

    def decide(self) -> None:
        officer = self.person(OFFICER, DESK)
        self._find_in_queue(officer)
        officer.press("審査を始める")
        self.look("case in examination", officer, resident=False)
        officer.press("起案する")
        until(lambda: self.shows(officer, "施行できます"), "the check of the notice")
        self.look("case, drafted", officer, resident=False)
        officer.close()
        for name, button in ((CHIEF, "承認する"), (HEAD, "決裁する")):
            staff = self.person(name, DESK)
            self._find_in_queue(staff)
            self.look(f"case before {button}", staff, resident=False)
            staff.press(button)
            found = re.search(r"高建第[0-9]+号", staff.text())
            staff.close()
        assert found, "the page of a decided case tells its document number"
        self.document_number = found[0]

    def permit(self) -> None:
        keeper = self.person(KEEPER, DESK)
        keeper.open("/seal/")
        until(lambda: self.shows(keeper, self.document_number), "the document before the seal keeper")
        self.look("seal list", keeper, resident=False)
        keeper.row(self.document_number).get_by_role("link").first.click()
        self.look("seal document", keeper, resident=False)
        keeper.press("承認して署名する")
        keeper.close()

    def receive(self) -> None:
        resident = self.person(RESIDENT, PHONE)
        resident.open("/inbox/")
        until(lambda: self.shows(resident, self.number), "the notice in the inbox", 90)
        self.look("inbox", resident)
        resident.row(self.number).get_by_role("link").first.click()
        self.look("notice", resident)
        with resident.page.expect_download() as started:
            resident.page.get_by_role("link", name="PDF").first.click()
        self.pdf = Path(started.value.path()).read_bytes()
        resident.close()

    def _find_in_queue(self, staff: Person) -> None:
        staff.open("/desk/")
        until(lambda: self.shows(staff, self.number), f"{self.number} in the queue of {staff.name}")
        staff.row(self.number).get_by_role("link").first.click()

    def shows(self, person: Person, words: str) -> bool | None:
        person.again()
        return True if words in person.text() else None


@pytest.fixture(scope="module")
def walk(town: System, browser: Browser) -> Iterator[Walk]:
    walked = Walk(town, browser)
    walked.apply()
    walked.decide()
    walked.permit()
    walked.receive()
    yield walked


def test_a_resident_applies_by_phone_and_gets_a_signed_notice(walk: Walk, tmp_path: Path) -> None:
    file = tmp_path / "notice.pdf"
    file.write_bytes(walk.pdf)
    trust = walk.town.layout.state / "pki" / "root.pem"
    command = [sys.executable, "-m", "infra.console", "verify", "--trust", trust, file]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == f"valid: {file}\n"


def test_the_signed_file_is_the_one_that_both_sites_keep(walk: Walk) -> None:


    case_id = UUID(cases(walk.town.layout)[walk.number].subject)
    signed = next(one for one in said_of(case_id, walk.town.layout) if one.fact == "document_signed")
    ref = decode(DocumentRef, signed.envelope.data["document"])
    assert ref.sha256 == hashlib.sha256(walk.pdf).hexdigest()
    objects = Objects.of(settings_of("archive", walk.town.layout))
    assert all(objects.check(ref, site).ok for site in SITES)


def test_the_officer_sees_that_the_notice_was_opened(walk: Walk) -> None:
    officer = walk.person(OFFICER, DESK)
    officer.open(f"/desk/cases/{walk.number}")
    opened = until(lambda: walk.shows(officer, "到達・開封"), "the opening on the desk")
    assert opened
    officer.close()


def test_a_name_with_rare_characters_comes_through_to_the_paper(walk: Walk, tmp_path: Path) -> None:
    file = tmp_path / "notice.pdf"
    file.write_bytes(walk.pdf)
    shown = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, text=True, check=True).stdout
    assert RESIDENT in shown


def test_every_page_of_the_journey_passes_the_checklist(walk: Walk) -> None:
    assert walk.wrong == {}


@pytest.mark.parametrize("width", [390, 640, 1280])
def test_public_pages_pass_the_checklist_at_every_width(town: System, browser: Browser, width: int) -> None:
    person = Person(browser, town.layout.url, RESIDENT, (width, 900))
    found = {}
    for address in ("/", "/apply/procedures", "/apply/housing-reform", "/verify/", "/apply/nothing-here"):
        person.page.goto(town.layout.url + address)
        found[address] = problems(person.page) + focus_problems(person.page)
    person.close()
    assert not any(found.values()), found


@pytest.mark.parametrize("width", [390, 640, 1280])
def test_pages_of_signed_in_people_pass_the_checklist_at_every_width(walk: Walk, width: int) -> None:
    pages = {
        RESIDENT: [
            "/apply/cases", f"/apply/cases/{walk.number}", "/inbox/", "/inbox/settings",
            "/apply/housing-reform/applicant", "/apply/housing-reform/files",
        ],
        OFFICER: ["/desk/", "/desk/?tab=done", "/desk/handovers", f"/desk/cases/{walk.number}"],
        KEEPER: ["/seal/"],
    }  # fmt: skip
    found = {}
    for name, addresses in pages.items():
        person = walk.person(name, (width, 900))
        for address in addresses:
            person.open(address)
            found[address] = problems(person.page, resident=name == RESIDENT) + focus_problems(person.page)
        person.close()
    assert not any(found.values()), found


def test_a_wrong_answer_keeps_what_was_typed_and_names_the_field(town: System, browser: Browser) -> None:
    person = Person(browser, town.layout.url, "渡邉 正", PHONE)
    person.open("/apply/housing-reform/work")
    person.fill({"cost": "たくさん", "builder": "株式会社まほろば工務店"})
    person.press("保存して次へ進む")
    assert person.page.title().startswith("エラー：")
    assert person.page.evaluate("() => document.activeElement.getAttribute('role')") == "alert"
    assert person.page.locator('[name="cost"]').input_value() == "たくさん"
    assert person.page.locator('[name="builder"]').input_value() == "株式会社まほろば工務店"
    assert person.page.locator('[name="cost"]').get_attribute("aria-invalid") == "true"
    assert problems(person.page) == []
    person.close()
