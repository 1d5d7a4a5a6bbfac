"""One case in the hands of its people, each at a browser window of their own."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, expect

from infra.console import applying
from infra.console.steps import until
from tests.e2e.browsing import DESK, PHONE, Person

RESIDENT, OFFICER, CHIEF, HEAD, KEEPER = "辻\U000e0100 \U00020bb7子", "菅野 沙織", "遠藤 浩二", "武田 真理子", "佐竹 隆"
KANA, MAIL = "つじ よしこ", "yoshiko@example.jp"
Look = Callable[[str, Person], None]


@dataclass
class Walk:
    """``look`` is called at every page on the way.  ``resident``: name, kana and mail of who applies."""

    url: str
    browser: Browser
    look: Look
    resident: tuple[str, str, str] = (RESIDENT, KANA, MAIL)
    number: str = ""
    document_number: str = ""
    pdf: bytes = b""

    def whole(self) -> "Walk":
        """From the start page to the saved PDF."""
        for part in (self.apply, self.decide, self.permit, self.receive):
            part()
        return self

    def person(self, name: str, size: tuple[int, int]) -> Person:
        """Somebody sits down at a window."""
        return Person(self.browser, self.url, name, size)

    def apply(self) -> None:
        """A resident finds the procedure, answers six topics, sends."""
        resident = self.person(self.resident[0], PHONE)
        resident.open("/")
        self.look("start", resident)
        resident.page.get_by_label("手続きをさがす").fill("屋根")
        resident.press("さがす")
        self.look("search", resident)
        resident.follow("住宅リフォーム支援事業補助金")
        self.look("procedure", resident)
        resident.follow("申請を始める")
        resident.pick_myself()
        for topic, values in applying.answers(*self.resident[1:]).items():
            self.look(f"topic {topic}", resident)
            resident.fill(values)
            if topic == "files":
                resident.attach("photos", "IMG_0412.jpg", "image/jpeg", applying.phone_photo())
            resident.press("保存して次へ進む")
            resident.page.wait_for_url(lambda url, topic=topic: not url.endswith(f"/{topic}"))
        self.look("check", resident)
        resident.press("この内容で申請する")
        expect(resident.page.get_by_role("heading", level=1)).to_contain_text("申請を受け付けました")
        self.number = resident.page.url.rsplit("/", 1)[-1]
        self.look("done", resident)
        resident.follow("進みぐあいを見る")
        self.look("my case", resident)
        resident.close()

    def decide(self) -> None:
        """Officer, chief and head find the case in their queues and act."""
        officer = self.person(OFFICER, DESK)
        self._find_in_queue(officer)
        officer.press("審査を始める")
        self.look("case in examination", officer)
        officer.press("起案する")
        until(lambda: self.shows(officer, "施行できます"), "the check of the notice")
        self.look("case, drafted", officer)
        officer.close()
        for name, button in ((CHIEF, "承認する"), (HEAD, "決裁する")):
            staff = self.person(name, DESK)
            self._find_in_queue(staff)
            self.look(f"case before {button}", staff)
            staff.press(button)
            found = re.search(r"高建第[0-9]+号", staff.text())
            staff.close()
        assert found, "the page of a decided case tells its document number"
        self.document_number = found[0]

    def permit(self) -> None:
        """The seal keeper looks at the document and permits."""
        keeper = self.person(KEEPER, DESK)
        keeper.open("/seal/")
        until(lambda: self.shows(keeper, self.document_number), "the document before the seal keeper")
        self.look("seal list", keeper)
        keeper.open_row(self.document_number)
        self.look("seal document", keeper)
        keeper.press("承認して署名する")
        keeper.close()

    def receive(self) -> None:
        """The resident finds the notice, reads and saves it."""
        resident = self.person(self.resident[0], PHONE)
        resident.open("/inbox/")
        until(lambda: self.shows(resident, self.number), "the notice in the inbox", 90)
        self.look("inbox", resident)
        resident.open_row(self.number)
        self.look("notice", resident)
        with resident.page.expect_download() as started:
            resident.page.get_by_role("link", name="PDF").first.click()
        self.pdf = Path(started.value.path()).read_bytes()
        resident.close()

    def _find_in_queue(self, staff: Person) -> None:
        staff.open("/desk/")
        until(lambda: self.shows(staff, self.number), f"{self.number} in the queue of {staff.name}")
        staff.open_row(self.number)

    def shows(self, person: Person, words: str) -> bool | None:
        person.again()
        return True if words in person.text() else None
