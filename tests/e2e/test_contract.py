"""A contract as people make it, each with a real browser: the desk, the contractor on a phone, the seal keeper."""

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from infra.console import consenting
from infra.console.facts import cases, said_of
from infra.console.journeys.contract import values
from infra.console.receiving import newest_mail, read_mail
from infra.console.status import status
from infra.console.steps import until
from infra.console.trace import trace
from infra.console.visitor import Visitor
from infra.local.system import System
from tests.e2e.browsing import DESK, PHONE, Person
from tests.e2e.checklist import problems

OFFICER, HEAD, VICE_MAYOR, CONTRACTOR, KEEPER = "小松 恵", "黒田 恵美", "新沼 和夫", "大沼 健", "佐竹 隆"


@dataclass
class Bargaining:
    """One contract from the form to its two files.  ``wrong``: what the checklist found, by page."""

    town: System
    browser: Browser
    number: str = ""
    wrong: dict[str, list[str]] = field(default_factory=dict)
    desk_files: list[bytes] = field(default_factory=list)
    contractor_files: list[bytes] = field(default_factory=list)

    def person(self, name: str, size: tuple[int, int]) -> Person:
        return Person(self.browser, self.town.layout.url, name, size)

    def look(self, page: str, person: Person) -> None:
        is_office = any(part in person.page.url for part in ("/desk/", "/seal/"))
        if found := problems(person.page, resident=not is_office):
            self.wrong[page] = found

    def wait(self, person: Person, words: str) -> None:
        until(lambda: person.again() or (words in person.text() or None), f"「{words}」 of {self.number}")

    def draft(self) -> None:
        officer = self.person(OFFICER, DESK)
        officer.open("/desk/contracts")
        officer.follow("契約を起案する")
        officer.press("内容を入力する")
        self.look("nothing chosen", officer)
        officer.page.get_by_label("物品売買契約").check()
        officer.page.get_by_label("株式会社おきたま青果").check()
        officer.press("内容を入力する")
        officer.fill({"field-goods": "青果"})
        officer.press("起案する")
        assert officer.page.locator('[name="field-goods"]').input_value() == "青果"
        self.look("not filled in", officer)
        officer.fill({f"field-{name}": value for name, value in values().items()})
        officer.press("起案する")
        assert "起案しました" in officer.text()
        self.number = officer.page.url.split("?")[0].rsplit("/", 1)[-1]
        self.wait(officer, "結べます")
        self.look("drafted", officer)
        officer.close()

    def decide(self) -> None:
        for name, button in ((HEAD, "承認する"), (VICE_MAYOR, "決裁する")):
            member = self.person(name, DESK)
            member.open("/desk/")
            member.open(f"/desk/cases/{self.number}")
            self.look(button, member)
            member.press(button)
            member.close()

    def consent(self) -> None:
        url = self.town.layout.url
        person = self.person(CONTRACTOR, PHONE)
        person.open("/sign/")
        self.wait(person, self.number)
        person.open_row(self.number)
        person.follow("内容に同意する")
        before = newest_mail(Visitor(url), consenting.MAIL)
        person.press("確認コードを送る")
        code = consenting.CODE.search(read_mail(Visitor(url), consenting.MAIL, before).text)
        assert code
        self.wait(person, "同意して送る")
        person.fill({"one_time_code": code[1]})
        self.look("consent", person)
        person.press("同意して送る")
        self.wait(person, consenting.CONSENTED)
        person.close()

    def seal(self) -> None:
        keeper = self.person(KEEPER, DESK)
        keeper.open("/seal/")
        self.wait(keeper, self.number)
        keeper.follow(self.number)
        keeper.press("承認して署名する")
        keeper.close()

    def fetch(self) -> None:
        officer, person = self.person(OFFICER, DESK), self.person(CONTRACTOR, PHONE)
        officer.open(f"/desk/cases/{self.number}")
        self.wait(officer, "契約を結びました。この案件は終わりです。")
        self.look("concluded", officer)
        for words in ("契約書をPDFで開く", "合意締結証明書をPDFで開く"):
            self.desk_files.append(saved(officer, words))
        person.open("/sign/")
        person.open_row(self.number)
        person.follow("契約書と証明書を受け取る")
        for words in ("契約書（PDF）", "合意締結証明書（PDF）"):
            self.contractor_files.append(saved(person, words))
        officer.close()
        person.close()


def saved(person: Person, words: str) -> bytes:
    """What the link leads to, fetched with the person's cookies."""
    href = person.page.get_by_role("link", name=words).first.get_attribute("href") or ""
    return person.context.request.get(person.base + href).body()


@pytest.fixture(scope="module")
def bargained(town: System, browser: Browser) -> Bargaining:
    found = Bargaining(town, browser)
    for act in (found.draft, found.decide, found.consent, found.seal, found.fetch):
        act()
    return found


def test_both_have_the_same_two_files_and_the_verifier_calls_them_valid(
    bargained: Bargaining, town: System, tmp_path: Path
) -> None:
    assert bargained.desk_files == bargained.contractor_files
    trust = town.layout.state / "pki" / "root.pem"
    for place, pdf in enumerate(bargained.desk_files):
        file = tmp_path / f"{place}.pdf"
        file.write_bytes(pdf)
        command = [sys.executable, "-m", "infra.console", "verify", "--trust", trust, file]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        assert said.startswith(f"valid: {file}\n")


def test_the_concluded_contract_says_what_the_officer_typed(bargained: Bargaining, tmp_path: Path) -> None:
    file = tmp_path / "contract.pdf"
    file.write_bytes(bargained.desk_files[0])
    shown = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, text=True, check=True).stdout
    for words in (bargained.number, "学校給食用食材購入", "１，２９６，０００円", "株式会社おきたま青果", "暴力団排除"):
        assert words in shown


def test_every_page_on_the_way_holds_to_the_checklist(bargained: Bargaining) -> None:
    assert bargained.wrong == {}


def test_the_console_knows_the_contract_and_leaves_it_out_of_the_sum(bargained: Bargaining, town: System) -> None:
    facts = [one["fact"] for one in trace(bargained.number, town.layout)["facts"]]
    assert facts[0] == "decision_drafted"
    assert {"contract_approved", "contract_offered", "contract_consented", "contract_concluded"} <= set(facts)
    assert "decision_made" not in facts
    shown = status(town.layout)["cases"]
    assert shown["holds"] is True
    assert shown["contracts"]["concluded"] >= 1
    case_id = UUID(cases(town.layout)[bargained.number].subject)
    assert {one.service for one in said_of(case_id, town.layout)} == {"approval", "signing", "archive"}


def test_no_service_waits_for_an_application_that_a_contract_is_not(bargained: Bargaining, town: System) -> None:
    assert bargained.number
    services = status(town.layout)["services"]
    assert {name: one["kept"] for name, one in services.items() if one["kept"]} == {}
