"""``python -m tests.e2e.pictures``: the README's pictures, taken from the real pages of an instance of its own."""

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from infra.console import answering, consenting, contracting, correcting, deciding
from infra.console.journeys.contract import OFFICER
from infra.console.steps import until
from infra.local.layout import REPOSITORY, Layout
from tests.conftest import instance
from tests.e2e import refusing
from tests.e2e.bargaining import Bargain
from tests.e2e.browsing import DESK, PHONE, Person
from tests.e2e.conftest import ARGUMENTS, CHROMIUM
from tests.e2e.walking import HEAD, Walk
from tests.e2e.world import code_on

FOLDER = REPOSITORY / "docs" / "pictures"
# Page of the walk: file.
WANTED = {
    "start": "start-390",
    "topic work": "question-390",
    "case before 決裁する": "desk-case-1280",
    "seal document": "seal-1280",
    "notice": "notice-390",
}
RESIDENT = ("髙橋 みのり", "たかはし みのり", "minori@example.jp")
COLOURS = 128
STAFF_PAGES = (
    ("/desk/sum", HEAD, "sum-1280"),
    ("/seal/ledger", "佐竹 隆", "ledger-1280"),
    ("/archive/", "情野 亮", "archive-1280"),
    ("/archive/continuity", "情野 亮", "continuity-1280"),
)


def take(name: str, person: Person) -> None:
    """A picture of what a person sees without scrolling, if the README wants it."""
    if name in WANTED:
        keep(WANTED[name], person.page.screenshot())


def keep(name: str, png: bytes) -> None:
    """Few colours are enough, and the repository stays small."""
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS)
    picture.save(FOLDER / f"{name}.png", optimize=True)


def paper(pdf: bytes) -> bytes:
    """The first page of a PDF as a picture."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "notice"
        file.with_suffix(".pdf").write_bytes(pdf)
        command = ["pdftoppm", "-r", "72", "-png", "-singlefile", file.with_suffix(".pdf"), file]
        subprocess.run(command, check=True)
        return file.with_suffix(".png").read_bytes()


def others(walk: Walk) -> Iterator[tuple[str, bytes]]:
    """A refusal on a phone, the verifier's verdict, the daily sum, the archive and what works without a site."""
    name, base = walk.resident[0], walk.url
    number = refusing.file(base, *walk.resident)
    refusing.deliver(base, number, refusing.refuse(base, number), name)
    reader = walk.person(name, PHONE)
    reader.open("/inbox/")
    reader.open_row(number)
    yield "refusal-390", reader.page.screenshot()
    reader.open("/verify/")
    reader.attach("pdf", "通知書.pdf", "application/pdf", walk.pdf)
    reader.press("確かめる")
    yield "verdict-390", reader.page.screenshot()
    reader.open(f"/verify/q/{code_on(walk.pdf)}")
    yield "code-390", reader.page.screenshot()
    for address, who, file in STAFF_PAGES:
        staff = walk.person(who, DESK)
        staff.open(address)
        yield file, staff.page.screenshot()


def corrections(walk: Walk) -> Iterator[tuple[str, bytes]]:
    """What the office asks, as the officer writes it and as the applicant reads it."""
    number = refusing.file(walk.url, *walk.resident)
    officer = refusing.staff(walk.url, refusing.OFFICER)
    deciding.examine(officer, number)
    desk = walk.person(refusing.OFFICER, DESK)
    desk.open(f"/desk/cases/{number}/correction")
    yield "ask-1280", desk.page.screenshot()
    note = "地図とちがいます。番地を確かめてください。"
    correcting.ask(officer, number, ["occupancy.location"], occupancy__location=note)
    reader = walk.person(walk.resident[0], PHONE)
    address = f"/apply/cases/{number}"
    until(lambda: reader.open(address) or answering.ASKED in reader.text() or None, "what is asked, on the case's page")
    reader.open(f"{address}/correction")
    yield "correction-390", reader.page.screenshot()


def contracts(walk: Walk, layout: Layout) -> Iterator[tuple[str, bytes]]:
    """A contract at the desk, before its contractor, and as the signed PDF."""
    bargain = Bargain(layout)
    bargain.begin()
    bargain.offered()
    contractor = walk.person(bargain.person(consenting.SUB).name, PHONE)
    contractor.open("/sign/")
    contractor.open_row(bargain.number)
    yield "contract-390", contractor.page.screenshot()
    bargain.consent()
    bargain.permit()
    bargain.see("締結した書類")
    desk = walk.person(bargain.person(OFFICER).name, DESK)
    desk.open(f"/desk/cases/{bargain.number}")
    yield "contract-1280", desk.page.screenshot()
    files = contracting.fetch_files(bargain.visitors[OFFICER], bargain.number)
    yield "contract-pdf", paper(files[0])
    yield "certificate-pdf", paper(files[1])


def main() -> None:
    """Walk one case and take the pictures on the way."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with instance("pictures") as town, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        walk = Walk(town.layout.url, browser, take, RESIDENT).whole()
        resident = walk.person(RESIDENT[0], DESK)
        resident.open("/inbox/")
        resident.open_row(walk.number)
        keep("notice-1280", resident.page.screenshot())
        keep("notice-pdf", paper(walk.pdf))
        for name, picture in (*others(walk), *corrections(walk), *contracts(walk, town.layout)):
            keep(name, picture)
        browser.close()
    sys.stdout.write(f"{walk.number}: pictures in {FOLDER.relative_to(REPOSITORY)}\n")


if __name__ == "__main__":
    main()
