"""The desk's pages as browsers without scripts meet them, on a real database and both sites."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.approval.domain.bylaws import Rulebook
from services.approval.web.house import SERVICE
from services.approval.web.pages import create_app
from services.chassis.clock import now, today
from services.chassis.handling import Waiting
from services.chassis.objects import Objects
from services.messages import HandlingParked, NoticeDelivered, NoticeOpened, SealPermitted, SealRefused
from tests.integration.approval.conftest import (
    CHIEF,
    CLERK,
    HEAD,
    NAME,
    OFFICER,
    PHOTO,
    RESIDENT,
    ROADS,
    Filed,
    House,
)
from tests.web_support import sign_in_as

STRANGER, MAYOR = "s-komatsu", "s-igarashi"
FORM = re.compile(r'<form[^>]*action="([^"]+)" method="post"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
INPUT = re.compile(r'<input class="input" id="(field-\w+)"[^>]*? value="([^"]*)"')
AREA = re.compile(r'<textarea class="input" id="([\w-]+)"[^>]*>\n(.*?)</textarea>', re.DOTALL)
Browse = Callable[[str], "Desk"]


class Desk:
    """One member of the staff at a browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, path: str) -> TestResponse:
        return self.client.get(path)

    def case(self, filed: Filed, query: str = "") -> str:
        answer = self.open(f"/desk/cases/{filed.number}{query}")
        assert answer.status_code == 200
        return answer.text

    def fields(self, page: str, ending: str) -> tuple[str, dict[str, str]]:
        """Address and fields of the form whose address ends so, as they stand."""
        action, inside = next(found for found in FORM.findall(page) if found[0].endswith(ending))
        found = (*HIDDEN.findall(inside), *INPUT.findall(inside), *AREA.findall(inside))
        return action, {name: unescape(value) for name, value in found}

    def press(self, page: str, ending: str, **typed: str) -> TestResponse:
        """Fill in a form of the page and press its button."""
        action, fields = self.fields(page, ending)
        return self.client.post(action, data=fields | {name.replace("_", "-", 1): one for name, one in typed.items()})

    def act(self, filed: Filed, ending: str, **typed: str) -> str:
        """Open the case, press, and follow to the page that comes after."""
        answer = self.press(self.case(filed), ending, **typed)
        assert answer.status_code == 303, answer.text
        return self.open(answer.location).text


@pytest.fixture
def app(house: House) -> Flask:
    found = create_app(house.settings)
    found.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return found


@pytest.fixture
def at(app: Flask, house: House) -> Iterator[Browse]:
    def browse(sub: str) -> Desk:
        member = house.town.rulebook.organisation.member(sub)
        client = app.test_client()
        sign_in_as(app, client, sub, member.name if member else "辻 花子")
        return Desk(client)

    yield browse
    app.extensions["todoke.engine"].dispose()


@pytest.fixture
def drafted(house: House) -> Filed:
    return house.file().examine().draft().check()


def acts(filed: Filed) -> list[str]:
    return [one.kind.value for one in filed.case.acts]


# --- who may look


@pytest.mark.parametrize("path", ["/desk/", "/desk/search", "/desk/cases/R8-000001", "/desk/handovers", "/desk/keys"])
def test_the_desk_is_for_somebody_who_has_signed_in(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code == 302
    assert "/desk/sign-in" in answer.location


def test_a_resident_is_told_in_plain_words_where_to_go(at: Browse) -> None:
    answer = at(RESIDENT).open("/desk/")
    assert answer.status_code == 403
    for said in ("辻 花子さんとしてサインインしています", "役職についている職員だけ", "/inbox/", "サインアウト"):
        assert said in answer.text


@pytest.mark.parametrize("ending", ["", "/preview.pdf", "/files/photo-1", "/files/photo-1/small.jpg", "/send-back"])
def test_another_departments_case_is_not_found(at: Browse, drafted: Filed, ending: str) -> None:
    answer = at(STRANGER).open(f"/desk/cases/{drafted.number}{ending}")
    assert answer.status_code == 404
    assert NAME not in answer.text


def test_nobody_acts_on_another_departments_case(at: Browse, house: House) -> None:
    filed = house.file()
    for act in ("examine", "draft", "approve", "decide", "send-back"):
        assert at(STRANGER).client.post(f"/desk/cases/{filed.number}/{act}", data={"comment": "x"}).status_code == 404
    assert acts(filed) == []


def test_who_stands_on_the_route_reads_the_case(at: Browse, house: House) -> None:
    filed = house.file(cost=300_000_000).examine()
    page = at(OFFICER).case(filed)
    assert at("s-niinuma").open(f"/desk/cases/{filed.number}").status_code == 404
    assert at(OFFICER).press(page, "/draft", field_amount="600,000").status_code == 303
    assert "副町長" in at("s-niinuma").case(filed)


# --- lists


def test_a_new_application_is_the_turn_of_its_office(at: Browse, house: House) -> None:
    filed = house.file()
    page = at(OFFICER).open("/desk/").text
    assert f"/desk/cases/{filed.number}" in page
    assert "審査を始めます" in page
    assert "あと20日" in page
    assert f"/desk/cases/{filed.number}" not in at(ROADS).open("/desk/").text
    assert f"/desk/cases/{filed.number}" in at(ROADS).open("/desk/?tab=department").text


def test_an_empty_list_says_so_and_leads_on(at: Browse) -> None:
    nothing = {"mine": "あなたの番の案件はありません", "waiting": "待っている案件はありません", "done": "まだ"}
    for tab, said in nothing.items():
        page = at(STRANGER).open(f"/desk/?tab={tab}").text
        assert said in page
        assert "課の案件を見る" in page
    assert "課に、途中の案件はありません" in at(STRANGER).open("/desk/?tab=department").text


def test_what_is_overdue_says_by_how_much_and_comes_first(at: Browse, house: House) -> None:
    filed = house.file()
    update = sa.text("UPDATE cases SET due_on = :due WHERE case_id = :case")
    with house.engine.begin() as connection:
        connection.execute(update, {"due": today() - timedelta(days=3), "case": filed.id})
    page = at(OFFICER).open("/desk/").text
    assert "3日過ぎています" in page
    assert re.search(r"/desk/cases/(R8-\d+)", page)[1] == filed.number  # type: ignore[index]
    assert "3日過ぎています" in at(OFFICER).case(filed)


def test_fifty_cases_are_a_page(at: Browse, house: House) -> None:
    filed = house.file()
    copies = """INSERT INTO cases SELECT (jsonb_populate_record(c, jsonb_build_object(
        'case_id', gen_random_uuid(), 'reception_number', 'X-' || n, 'section', 'education'))).*
        FROM cases c, generate_series(1, 51) n WHERE c.case_id = :case"""
    with house.engine.begin() as connection:
        connection.execute(sa.text(copies), {"case": filed.id})
    desk = at(STRANGER)
    first, second = (desk.open(f"/desk/?tab=department&page={page}").text for page in (1, 2))
    assert (first.count("/desk/cases/X-"), second.count("/desk/cases/X-")) == (50, 1)
    assert "2ページのうち1ページめ" in first
    assert "/desk/?tab=department&amp;procedure=housing-reform&amp;page=2" in desk.open(
        "/desk/?tab=department&procedure=housing-reform"
    ).text
    assert "前の50件" in second
    with house.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM cases WHERE section = 'education'"))


def test_a_list_is_narrowed_by_procedure_and_last_day(at: Browse, house: House) -> None:
    late, soon, later = (house.file() for _ in range(3))
    update = sa.text("UPDATE cases SET due_on = :due WHERE case_id = :case")
    with house.engine.begin() as connection:
        for filed, days in ((late, -1), (soon, 3), (later, 4)):
            connection.execute(update, {"due": today() + timedelta(days=days), "case": filed.id})

    def shown(query: str) -> list[bool]:
        page = at(OFFICER).open(f"/desk/?{query}").text
        return [f"/desk/cases/{one.number}" in page for one in (late, soon, later)]

    assert shown("due=late") == [True, False, False]
    assert shown("due=soon&procedure=housing-reform") == [True, True, False]
    assert shown("due=whenever") == [True, True, True]
    assert shown("procedure=nothing") == [False, False, False]
    assert "しぼりこまずに見る" in at(OFFICER).open("/desk/?procedure=nothing").text


def test_search_finds_full_width_numbers_readings_and_variants_of_a_name(at: Browse, drafted: Filed) -> None:
    desk = at(OFFICER)
    wide = drafted.number.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    for words in (drafted.number, wide, f" {drafted.number} "):
        assert f"/desk/cases/{drafted.number}" in desk.open(f"/desk/search?q={words}").text
    assert NAME in desk.open("/desk/search?q=つじ よし").text
    assert NAME in desk.open("/desk/search?q=辻吉子").text
    assert "見つかりませんでした" in desk.open("/desk/search?q=いない人").text
    assert "入力してください" in desk.open("/desk/search").text
    assert "見つかりませんでした" in at(STRANGER).open(f"/desk/search?q={drafted.number}").text


# --- from the application to the opened notice


def test_the_case_shows_what_was_applied_for(at: Browse, house: House) -> None:
    page = at(OFFICER).case(house.file())
    for shown in (NAME, "<rt>つじ よしこ</rt>", "高畠町大字高畠436番地", "1,980,000円", "屋根.jpg", "住宅係の案件"):
        assert shown in page


def test_the_whole_way_from_the_examination_to_the_opened_notice(at: Browse, house: House) -> None:
    filed = house.file()
    assert "審査を始めました" in at(OFFICER).act(filed, "/examine")
    page = at(OFFICER).act(filed, "/draft")
    for said in ("起案しました", "198,000円を交付する", "点検中", "もう一度読みこむ", "（遠藤 浩二）の承認です"):
        assert said in page
    assert "施行できます" not in page
    filed.check()
    assert "施行できます" in at(OFFICER).case(filed)
    page = at(CHIEF).act(filed, "/approve", comment="単価は県の標準と比べて妥当")
    assert "承認しました" in page
    assert "「単価は県の標準と比べて妥当」" in page
    page = at(HEAD).act(filed, "/decide")
    assert "決裁しました　高建第" in page
    assert "次は、公印管守者の承認です" in page
    assert acts(filed) == ["examine", "draft", "approve", "decide"]
    document_id = filed.case.decisions[-1].document_id
    house.hear(SealPermitted(case_id=filed.id, document_id=document_id, permitted_by="seal-keeper", permitted_at=now()))
    assert "署名中" in at(OFFICER).case(filed)
    house.hear(NoticeDelivered(case_id=filed.id, document_id=document_id, available_at=now()))
    assert "交付済（未開封）" in at(OFFICER).case(filed)
    house.hear(NoticeOpened(case_id=filed.id, document_id=document_id, opened_at=now()))
    page = at(OFFICER).case(filed)
    assert "到達・開封" in page
    assert "申請者が開封しました" in page
    assert filed.number in at(OFFICER).open("/desk/?tab=done").text


def test_the_drafts_form_offers_what_the_rules_propose_and_the_route_to_come(at: Browse, house: House) -> None:
    page = at(OFFICER).case(house.file().examine())
    _, fields = at(OFFICER).fields(page, "/draft")
    assert fields["field-amount"] == "198,000"
    assert "上限を超えない" in fields["field-grounds"]
    assert "起案したあとの経路" in page
    assert "決裁　武田 真理子" in page


def test_another_outcome_asks_for_its_own_fields(at: Browse, house: House) -> None:
    filed = house.file().examine()
    page = at(OFFICER).case(filed, "?outcome=refused")
    _, fields = at(OFFICER).fields(page, "/draft")
    assert "field-amount" not in fields
    assert fields["outcome"] == "refused"
    fact = "工事は11月2日に始まっています。"
    typed = {"field_fact": fact, "field_application": "対象になりません。", "field_grounds": "同じ。"}
    assert at(OFFICER).press(page, "/draft", **typed).status_code == 303
    page = at(OFFICER).case(filed)
    assert "補助金を交付しない" in page
    assert fact in page


def test_an_outcome_that_the_procedure_does_not_have_is_refused(at: Browse, house: House) -> None:
    filed = house.file().examine()
    assert at(OFFICER).client.post(f"/desk/cases/{filed.number}/draft", data={"outcome": "gift"}).status_code == 400


def test_an_amount_that_differs_from_the_rule_is_pointed_out(at: Browse, house: House) -> None:
    filed = house.file().examine()
    page = at(OFFICER).act(filed, "/draft", field_amount="１５０，０００円")
    assert "補助金 150,000円を交付する" in page
    assert "決まりで計算すると198,000円" in page


def test_what_nobody_can_see_in_a_text_is_left_out(at: Browse, house: House) -> None:
    filed = house.file().examine()
    at(OFFICER).act(filed, "/draft", field_grounds="一行め\r\n二行\x00め\u200b <b>&")
    draft = filed.case.draft
    assert draft is not None
    assert draft.values["grounds"] == "一行め\n二行め <b>&"
    assert "一行め<br>二行め &lt;b&gt;&amp;" in at(CHIEF).case(filed)


# --- what is wrong with a form


def test_wrong_fields_come_back_as_they_were_typed_with_their_messages(at: Browse, house: House) -> None:
    filed = house.file().examine()
    page = at(OFFICER).case(filed)
    answer = at(OFFICER).press(page, "/draft", field_amount="たくさん", field_grounds=" ", field_eligible_cost="0")
    assert answer.status_code == 422
    assert "<title>エラー：" in answer.text
    assert 'role="alert"' in answer.text
    for said in ("交付決定額は、数字だけで入力", "起案の理由を入力してください。", "補助対象経費は、1円から"):
        assert said in answer.text
    for link in ('href="#field-amount"', 'href="#field-grounds"', 'value="たくさん"'):
        assert link in answer.text
    assert filed.case.draft is None


@pytest.mark.parametrize("typed", ["-1", "1.5", "12345678901234567890", "", "一万", "9" * 5000])
def test_an_amount_is_a_whole_number_of_yen(at: Browse, house: House, typed: str) -> None:
    filed = house.file().examine()
    answer = at(OFFICER).press(at(OFFICER).case(filed), "/draft", field_amount=typed)
    assert answer.status_code == 422
    assert filed.case.draft is None


def test_a_comment_that_is_too_long_comes_back_whole(at: Browse, drafted: Filed) -> None:
    answer = at(CHIEF).press(at(CHIEF).case(drafted), "/approve", comment="あ" * 401)
    assert answer.status_code == 422
    assert "意見は400文字までです。いま401文字あります。" in answer.text
    assert "あ" * 401 in answer.text


# --- somebody was first


def test_who_acts_on_what_has_changed_is_told_by_whom_and_keeps_the_comment(at: Browse, drafted: Filed) -> None:
    page = at(CHIEF).case(drafted)
    drafted.draft()
    answer = at(CHIEF).press(page, "/approve", comment="単価は妥当です")
    assert answer.status_code == 409
    assert re.search(r"この案件は、\d+時\d+分に菅野さんが起案しました。いまの内容を読みこみました。", answer.text)
    _, fields = at(CHIEF).fields(answer.text, "/approve")
    assert (fields["version"], fields["comment"]) == ("2", "単価は妥当です")
    assert "approve" not in acts(drafted)
    drafted.check()
    assert at(CHIEF).press(answer.text, "/approve").status_code == 303


def test_what_was_typed_stays_readable_when_its_field_is_gone(at: Browse, drafted: Filed) -> None:
    page = at(CHIEF).case(drafted)
    drafted.approve().decide()
    answer = at(CHIEF).press(page, "/approve", comment="あとから思いついたこと")
    assert answer.status_code == 409
    assert re.search(r"\d+時\d+分に武田さんが決裁しました", answer.text)
    assert "あとから思いついたこと" in answer.text
    assert drafted.case.acts[-1].comment == ""


@pytest.mark.parametrize(
    ("sub", "ending", "said"), [(CHIEF, "/approve", "承認しました"), (HEAD, "/decide", "決裁しました")]
)
def test_a_double_click_acts_once_and_is_no_error(at: Browse, drafted: Filed, sub: str, ending: str, said: str) -> None:
    if sub == HEAD:
        drafted.approve()
    page = at(sub).case(drafted)
    first, second = at(sub).press(page, ending), at(sub).press(page, ending)
    assert (first.status_code, second.status_code) == (303, 303)
    after = at(sub).open(second.location).text
    assert said in after
    assert "読みこみました" not in after
    assert acts(drafted).count(ending.strip("/")) == 1


def test_two_clicks_at_the_same_moment_decide_once(at: Browse, drafted: Filed) -> None:
    drafted.approve()
    browsers = [at(HEAD) for _ in range(4)]
    pages = [one.case(drafted) for one in browsers]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one[0].press(one[1], "/decide"), zip(browsers, pages, strict=True)))
    assert [one.status_code for one in answers] == [303] * 4
    assert len(drafted.case.decisions) == 1
    assert drafted.house.said(drafted.id).count("decision_made.v1") == 1


def test_a_double_click_drafts_once(at: Browse, house: House) -> None:
    filed = house.file().examine()
    page = at(OFFICER).case(filed)
    answers = [at(OFFICER).press(page, "/draft") for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert "起案しました" in at(OFFICER).open(answers[1].location).text
    assert len(filed.case.drafts) == 1


def test_another_tabs_draft_is_not_taken_for_the_same(at: Browse, house: House) -> None:
    filed = house.file().examine()
    page = at(OFFICER).case(filed)
    assert at(OFFICER).press(page, "/draft").status_code == 303
    answer = at(OFFICER).press(page, "/draft", field_amount="150,000")
    assert answer.status_code == 409
    assert "に菅野さんが起案しました" in answer.text
    _, fields = at(OFFICER).fields(answer.text, "/draft")
    assert (fields["version"], fields["field-amount"]) == ("1", "150,000")
    assert len(filed.case.drafts) == 1


def test_two_officers_who_begin_the_same_examination_learn_of_each_other(at: Browse, house: House) -> None:
    filed = house.file()
    page = at(CLERK).case(filed)
    at(OFFICER).act(filed, "/examine")
    answer = at(CLERK).press(page, "/examine")
    assert answer.status_code == 409
    assert "に菅野さんが審査を始めました" in answer.text
    assert "代わりに起案する" in answer.text
    assert at(OFFICER).press(page, "/examine").status_code == 303
    assert filed.case.officer == OFFICER


def test_a_reload_after_a_refusal_leads_to_the_case(at: Browse, drafted: Filed) -> None:
    for act in ("examine", "draft", "approve", "decide"):
        assert at(CHIEF).open(f"/desk/cases/{drafted.number}/{act}").location == f"/desk/cases/{drafted.number}"


# --- who may act


def test_who_is_not_asked_is_told_whose_turn_it_is(at: Browse, drafted: Filed) -> None:
    page = at(CHIEF).case(drafted)
    for sub in (OFFICER, CLERK, HEAD, ROADS):
        answer = at(sub).press(page, "/approve", comment="わたしの意見")
        assert answer.status_code == 403
        assert "いまは、住宅係長の番です。あなたの役職では、この操作はできません。" in answer.text
        assert "わたしの意見" in answer.text
    assert "approve" not in acts(drafted)


def test_only_the_office_in_charge_examines_and_drafts(at: Browse, house: House) -> None:
    filed = house.file()
    page = at(OFFICER).case(filed)
    assert "審査を始める</button>" not in at(ROADS).case(filed)
    answer = at(ROADS).press(page, "/examine")
    assert answer.status_code == 403
    assert "審査と起案は、担当の係の人がします。" in answer.text
    filed.examine()
    answer = at(ROADS).press(at(OFFICER).case(filed), "/draft", field_grounds="わたしの理由")
    assert answer.status_code == 403
    assert "わたしの理由" in answer.text
    assert filed.case.draft is None


def test_nobody_approves_an_own_draft(at: Browse, house: House, drafted: Filed) -> None:
    update = sa.text("UPDATE drafts SET drafted_by = :sub WHERE case_id = :case")
    with house.engine.begin() as connection:
        connection.execute(update, {"sub": CHIEF, "case": drafted.id})
    answer = at(CHIEF).press(at(CHIEF).case(drafted), "/approve")
    assert answer.status_code == 403
    assert "自分が起案したものは、承認も決裁もできません。" in answer.text


def test_an_unchecked_notice_is_not_approved(at: Browse, house: House) -> None:
    filed = house.file().examine().draft()
    answer = at(CHIEF).press(at(CHIEF).case(filed), "/approve", comment="急ぎです")
    assert answer.status_code == 409
    assert "通知書の点検が終わると、進められます。" in answer.text
    assert "急ぎです</textarea>" in answer.text


def test_a_notice_with_an_error_is_not_approved(at: Browse, house: House) -> None:
    filed = house.file().examine().draft().check("error")
    page = at(CHIEF).case(filed)
    assert "施行できません" in page
    answer = at(CHIEF).press(page, "/approve")
    assert answer.status_code == 409
    assert "誤りが見つかっています。差し戻して" in answer.text


def test_a_vacant_post_and_a_gap_in_the_bylaws_are_said(app: Flask, at: Browse, house: House) -> None:
    filed = house.file().examine()
    page = at(OFFICER).case(filed)
    rulebook = house.town.rulebook
    nobody = replace(
        rulebook.organisation,
        holdings=tuple(one for one in rulebook.organisation.holdings if one.post != "construction-head"),
    )
    silent = tuple(replace(one, rows=()) for one in rulebook.versions)
    for changed, said in (
        (Rulebook(nobody, rulebook.versions), "「建設課長」の職が、空いています。"),
        (Rulebook(rulebook.organisation, silent), "事務決裁規程に、この件を決裁できる人がいません。"),
    ):
        found = app.extensions[SERVICE]
        app.extensions[SERVICE] = replace(found, town=replace(found.town, rulebook=changed))
        answer = at(OFFICER).press(page, "/draft", field_grounds="長く考えた理由")
        assert answer.status_code == 422
        assert said in answer.text
        assert "長く考えた理由</textarea>" in answer.text
    assert filed.case.draft is None


# --- sending back


def test_sending_back_asks_why_and_tells_the_drafter(at: Browse, drafted: Filed) -> None:
    page = at(CHIEF).case(drafted)
    asked = at(CHIEF).press(page, "/approve", comment="見積書を確かめて", instead="send-back")
    assert asked.status_code == 200
    assert "起案を差し戻しますか" in asked.text
    assert "見積書を確かめて</textarea>" in asked.text
    assert "approve" not in acts(drafted)
    empty = at(CHIEF).press(asked.text, "/send-back", comment=" ")
    assert empty.status_code == 422
    assert "差し戻す理由を入力してください。" in empty.text
    answer = at(CHIEF).press(asked.text, "/send-back")
    assert answer.status_code == 303
    assert "差し戻しました" in at(CHIEF).open(answer.location).text
    back = at(OFFICER).case(drafted)
    assert "差し戻されました" in back
    assert "見積書を確かめて" in back
    assert "起案をなおす" in back
    assert "差戻し" in at(OFFICER).open("/desk/").text


def test_a_new_version_shows_what_has_changed(at: Browse, drafted: Filed) -> None:
    page = at(CHIEF).open(f"/desk/cases/{drafted.number}/send-back").text
    assert at(CHIEF).press(page, "/send-back", comment="金額").status_code == 303
    page = at(OFFICER).act(drafted, "/draft", field_amount="150,000")
    assert "変更の履歴" in page
    assert re.search(r"交付決定額：<del><span class=\"num\">198,000円</span></del>", page)
    assert "点検中" in page


def test_the_reason_is_kept_when_somebody_was_first(at: Browse, drafted: Filed) -> None:
    page = at(CHIEF).open(f"/desk/cases/{drafted.number}/send-back").text
    drafted.draft()
    answer = at(CHIEF).press(page, "/send-back", comment="単価が高い")
    assert answer.status_code == 409
    assert "起案を差し戻しますか" in answer.text
    assert "に菅野さんが起案しました" in answer.text
    assert "単価が高い</textarea>" in answer.text
    assert at(CHIEF).press(answer.text, "/send-back").status_code == 303


def test_the_page_for_sending_back_is_only_there_for_who_is_asked(at: Browse, drafted: Filed) -> None:
    answer = at(OFFICER).open(f"/desk/cases/{drafted.number}/send-back")
    assert answer.location == f"/desk/cases/{drafted.number}"


def test_a_draft_that_nobody_has_approved_can_be_taken_back(at: Browse, drafted: Filed) -> None:
    assert "起案をなおす" in at(OFFICER).case(drafted)
    page = at(OFFICER).case(drafted, "?outcome=granted")
    assert at(OFFICER).press(page, "/draft", field_amount="150,000").status_code == 303
    drafted.check().approve()
    assert "起案をなおす" not in at(OFFICER).case(drafted, "?outcome=granted")


def test_a_refused_seal_brings_the_case_back_to_its_drafter(at: Browse, house: House, drafted: Filed) -> None:
    drafted.approve().decide()
    refused = SealRefused(
        case_id=drafted.id, document_id=drafted.case.decisions[-1].document_id, refused_by="seal-keeper",
        reason="公印の種類がちがいます", refused_at=now(),
    )  # fmt: skip
    house.hear(refused)
    page = at(OFFICER).case(drafted)
    assert "公印管守者が、公印の使用を承認しませんでした" in page
    assert "公印の種類がちがいます" in page
    assert at(OFFICER).press(page, "/draft").status_code == 303


# --- documents


def test_attachments_are_given_as_they_were_sent_and_can_do_nothing(at: Browse, drafted: Filed) -> None:
    answer = at(OFFICER).open(f"/desk/cases/{drafted.number}/files/photo-1")
    assert answer.data == PHOTO
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("inline; filename")
    assert at(OFFICER).open(f"/desk/cases/{drafted.number}/files/photo-2").status_code == 404


def test_photos_are_shown_small_and_upright(at: Browse, drafted: Filed) -> None:
    for size in ("small", "large"):
        answer = at(OFFICER).open(f"/desk/cases/{drafted.number}/files/photo-1/{size}.jpg")
        assert answer.mimetype == "image/jpeg"
        assert answer.data.startswith(b"\xff\xd8\xff")
    assert at(OFFICER).open(f"/desk/cases/{drafted.number}/files/photo-1/huge.jpg").status_code == 404


def test_the_preview_is_there_once_the_notice_is_checked(at: Browse, house: House) -> None:
    filed = house.file().examine().draft()
    assert at(OFFICER).open(f"/desk/cases/{filed.number}/preview.pdf").status_code == 404
    filed.check()
    answer = at(CHIEF).open(f"/desk/cases/{filed.number}/preview.pdf")
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert at(OFFICER).open(f"/desk/cases/{filed.number}/notice.pdf").status_code == 404


def test_a_store_that_is_away_is_said_and_the_case_still_opens(
    at: Browse, drafted: Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> bytes:
        raise Waiting("store")

    monkeypatch.setattr(Objects, "get", away)
    answer = at(OFFICER).open(f"/desk/cases/{drafted.number}/files/photo-1")
    assert answer.status_code == 503
    assert "いま使えません" in answer.text
    assert NAME in at(OFFICER).case(drafted)


# --- work that was not handed over


def test_parked_work_is_told_in_plain_words_and_sent_again_once(at: Browse, house: House, drafted: Filed) -> None:
    parked = HandlingParked(
        case_id=drafted.id, service="signing", parking_id=uuid4(), fact="jp.todoke.approval.decision_made.v1",
        error="DamagedDocumentError", parked_at=now() - timedelta(hours=5),
    )  # fmt: skip
    house.hear(parked)
    assert "引き継ぎに失敗したものがあります" in at(OFFICER).case(drafted)
    page = at(OFFICER).open("/desk/handovers").text
    for said in ("署名が「決裁」を引き継げませんでした", "どちらの拠点でもこわれています", "5時間前", "もう一度送る"):
        assert said in page
    assert f"/desk/cases/{drafted.number}" in page
    others = at(STRANGER).open("/desk/handovers").text
    assert drafted.number in others
    assert f"/desk/cases/{drafted.number}" not in others
    again = {"parking_id": str(parked.parking_id)}
    for _ in range(2):
        assert at(OFFICER).client.post("/desk/handovers", data=again).status_code == 303
    assert house.said(drafted.id).count("retry_requested.v1") == 1
    page = at(OFFICER).open("/desk/handovers?asked=1").text
    assert "もう一度送りました" in page
    assert "菅野さんがもう一度送りました" in page


def test_an_unknown_parking_is_not_found(at: Browse) -> None:
    assert at(OFFICER).client.post("/desk/handovers", data={"parking_id": str(uuid4())}).status_code == 404
    assert at(OFFICER).client.post("/desk/handovers", data={"parking_id": "x"}).status_code == 404


def test_every_key_is_listed(at: Browse) -> None:
    page = at(OFFICER).open("/desk/keys").text
    for key in ("j", "k", "a", "b", "c", "v", "u", "/", "?"):
        assert f"<kbd>{key}</kbd>" in page


def test_every_form_is_guarded_against_forgery(at: Browse, house: House, drafted: Filed) -> None:
    accepted, examined = house.file(), house.file().examine()
    paths = [f"/desk/cases/{one.number}" for one in (accepted, examined)]
    pages = [at(OFFICER).open(path).text for path in paths] + [at(RESIDENT).open("/desk/").text]
    pages += [at(CHIEF).open(f"/desk/cases/{drafted.number}{ending}").text for ending in ("", "/send-back")]
    found = [form for page in pages for form in FORM.findall(page)]
    endings = {action.rsplit("/", 1)[-1] for action, _ in found}
    assert endings == {"examine", "draft", "approve", "send-back", "sign-out"}
    assert all('name="csrf_token"' in inside for _, inside in found)


def test_the_next_case_is_one_step_away(at: Browse, house: House) -> None:
    numbers = sorted(house.file().examine(CLERK).number for _ in range(3))
    page = at(CLERK).open(f"/desk/cases/{numbers[1]}").text
    assert "件め（全" in page
    assert 'data-key="j" data-open' in page
    assert 'data-key="k" data-open' in page


def test_the_mayor_finds_an_empty_desk_without_a_fault(at: Browse) -> None:
    assert at(MAYOR).open("/desk/").status_code == 200
