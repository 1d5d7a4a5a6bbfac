"""A resident who is interrupted, makes mistakes, taps twice, uses the keyboard or a browser without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from infra.console import applying
from infra.local.system import System
from tests.e2e.browsing import PHONE, Person
from tests.e2e.checklist import problems

RESIDENT, KANA, MAIL = "渡邉 正", "わたなべ ただし", "tadashi@example.jp"
HOUSING = "/apply/housing-reform"
SESSION = "todoke-intake-session"
ANSWERS = applying.answers(KANA, MAIL)
# Other suites may keep the machine busy.
expect.set_options(timeout=20_000)
SECRETS = (RESIDENT, KANA, MAIL, "糠野目", "0238-00-5678", "まほろば", "IMG_0412", "0123456")


@pytest.fixture
def resident(town: System, browser: Browser) -> Iterator[Person]:
    person = Person(browser, town.layout.url, RESIDENT, PHONE)
    yield person
    person.close()


def at(page: Page) -> str:
    return page.url.split("/", 3)[-1]


def value(page: Page, name: str) -> str:
    return page.locator(f'[name="{name}"]').input_value()


def tab_to(page: Page, name: str) -> None:
    """Press the tabulator until the field of this name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.name") == name:
            return
    raise AssertionError(f"the tabulator does not reach {name}")


def fill_in(person: Person) -> None:
    """Every topic, up to the check."""
    for topic, values in ANSWERS.items():
        person.open(f"{HOUSING}/{topic}")
        person.fill(values)
        if topic == "files" and not person.page.get_by_text("つきました").count():
            person.attach("photos", "IMG_0412.jpg", "image/jpeg", applying.phone_photo())
        person.press("保存して次へ進む")
        person.page.wait_for_url(lambda url, topic=topic: not url.endswith(f"/{topic}"))
    person.open(f"{HOUSING}/check")


def test_one_topic_by_the_keyboard_alone(resident: Person) -> None:
    page = resident.page
    resident.open(f"{HOUSING}/house")
    for name in ("place", "owner", "structure"):
        tab_to(page, name)
        page.keyboard.press("Space")
    tab_to(page, "built-era")
    for _ in ("明治", "大正", "昭和"):
        page.keyboard.press("ArrowDown")
    tab_to(page, "built-y")
    page.keyboard.type("58")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("どの住宅")
    resident.open(f"{HOUSING}/house")
    assert value(page, "built-y") == "58"


def test_a_question_that_another_answer_calls_for_appears_with_it(resident: Person) -> None:
    resident.open(f"{HOUSING}/house")
    where = resident.page.get_by_label("住宅の場所")
    resident.fill({"place": "home"})
    expect(where).to_be_hidden()
    resident.fill({"place": "other"})
    expect(where).to_be_visible()
    assert problems(resident.page) == []


def test_what_is_typed_survives_a_pause_and_a_reload(resident: Person) -> None:
    page = resident.page
    resident.open(f"{HOUSING}/work")
    resident.fill({"cost": "百九十八万", "builder": "まほろば"})
    resident.press("保存して中断")
    expect(page.get_by_role("link", name="続きを入力する")).to_be_visible()
    resident.open(f"{HOUSING}/work")
    assert (value(page, "cost"), value(page, "builder")) == ("百九十八万", "まほろば")
    with page.expect_response(lambda answer: answer.status == 204):
        page.locator('[name="builder"]').fill("株式会社まほろば工務店")
    page.reload()
    assert value(page, "builder") == "株式会社まほろば工務店"


def test_a_refused_file_is_named_and_a_lost_network_leaves_the_choice(resident: Person) -> None:
    page = resident.page
    resident.open(f"{HOUSING}/files")
    resident.attach("others", "メモ.docx", "application/msword", b"PK\3\4 not a photo")
    resident.tap("保存して次へ進む")
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.title().startswith("エラー：")
    assert "「メモ.docx」は、ここにつけられない種類です。" in resident.text()
    assert problems(page) == []
    resident.attach("photos", "IMG_0412.jpg", "image/jpeg", applying.phone_photo())
    resident.context.set_offline(True)
    resident.tap("保存して次へ進む")
    expect(page.get_by_role("status")).to_contain_text("選んだファイルは、この画面に残っています")
    resident.context.set_offline(False)
    resident.tap("保存して次へ進む")
    page.wait_for_url(lambda url: not url.endswith("/files"))
    resident.open(f"{HOUSING}/files")
    expect(page.get_by_role("link", name="IMG_0412.jpg")).to_be_visible()


def test_an_ended_session_loses_nothing_that_was_typed(resident: Person) -> None:
    page = resident.page
    resident.open(f"{HOUSING}/applicant")
    resident.fill(ANSWERS["applicant"])
    resident.context.clear_cookies(name=SESSION)
    resident.press("保存して次へ進む")
    expect(page.get_by_role("heading", level=1)).to_have_text("もう一度サインインしてください")
    assert "ファイルは残せませんでした" not in resident.text()
    resident.follow("サインインして続ける")
    resident.pick_myself()
    resident.press("入力した内容で続ける")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("残っています")
    resident.open(f"{HOUSING}/applicant")
    assert value(page, "kana") == KANA


def test_two_tabs_that_send_at_once_get_one_number_and_back_leads_to_the_case(resident: Person) -> None:
    fill_in(resident)
    first, second = resident.page, resident.context.new_page()
    second.goto(first.url)
    for page in (first, second):
        page.get_by_role("button", name="この内容で申請する").click(no_wait_after=True)
    for page in (first, second):
        page.wait_for_url("**/done/*")
    assert first.url == second.url
    number = first.url.rsplit("/", 1)[-1]
    second.close()
    first.go_back()
    assert at(first) == at(first).removesuffix("/check")
    resident.open("/apply/cases")
    assert resident.text().count(number) == 1


def test_the_whole_way_without_scripts(town: System, browser: Browser) -> None:
    person = Person(browser, town.layout.url, RESIDENT, PHONE, scripts=False)
    fill_in(person)
    person.press("この内容で申請する")
    expect(person.page.get_by_role("heading", level=1)).to_have_text("申請を受け付けました")
    number = person.page.url.rsplit("/", 1)[-1]
    person.close()
    other = Person(browser, town.layout.url, "髙橋 みのり", PHONE)
    other.open("/apply/cases")
    for path in (f"/apply/cases/{number}", f"/apply/cases/{number}/sent", f"{HOUSING}/done/{number}"):
        assert other.page.goto(town.layout.url + path).status == 404
        assert problems(other.page) == []
    other.close()


def test_no_log_of_any_process_knows_who_applied_for_what(town: System) -> None:
    logs = {path.name: path.read_text("utf-8", "replace") for path in town.layout.log.glob("*.log")}
    assert len(logs) > 10
    assert {name: word for name, log in logs.items() for word in SECRETS if word in log} == {}
