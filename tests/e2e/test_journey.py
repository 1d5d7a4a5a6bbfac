"""The journey as people make it: three kinds of users, each with a real browser."""

import hashlib
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from infra.console.facts import cases, said_of
from infra.console.houses import settings_of
from infra.console.steps import until
from infra.local.system import System
from services.chassis.objects import SITES, Objects
from services.messages import DocumentRef, decode
from tests.e2e.browsing import DESK, PHONE, Person
from tests.e2e.checklist import problems
from tests.e2e.walking import OFFICER, RESIDENT, Walk


@dataclass
class Looks:
    """What the checklist has found, by page."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def __call__(self, name: str, person: Person) -> None:
        is_resident = "/desk/" not in person.page.url and "/seal/" not in person.page.url
        wrong = problems(person.page, resident=is_resident)
        if wrong:
            self.found[name] = wrong


@pytest.fixture(scope="module")
def walk(town: System, browser: Browser) -> Walk:
    return Walk(town.layout.url, browser, Looks()).whole()


def test_a_resident_applies_by_phone_and_gets_a_signed_notice(town: System, walk: Walk, tmp_path: Path) -> None:
    file = tmp_path / "notice.pdf"
    file.write_bytes(walk.pdf)
    trust = town.layout.state / "pki" / "root.pem"
    command = [sys.executable, "-m", "infra.console", "verify", "--trust", trust, file]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout.startswith(f"valid: {file}\n")


def test_the_signed_file_is_the_one_that_both_sites_keep(town: System, walk: Walk) -> None:


    case_id = UUID(cases(town.layout)[walk.number].subject)
    signed = next(one for one in said_of(case_id, town.layout) if one.fact == "document_signed")
    ref = decode(DocumentRef, signed.envelope.data["document"])
    assert ref.sha256 == hashlib.sha256(walk.pdf).hexdigest()
    objects = Objects.of(settings_of("archive", town.layout))
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
    assert isinstance(walk.look, Looks)
    assert walk.look.found == {}


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
