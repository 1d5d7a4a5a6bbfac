"""What staff do at the desk, and what they are told: a real database and both sites."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from services.approval.domain.bylaws import Rulebook
from services.approval.web.house import SERVICE
from services.chassis.clock import now
from services.messages import ApplicationWithdrawn, NoticeDelivered, NoticeOpened, SealPermitted, SealRefused
from tests.integration.approval.conftest import CHIEF, CLERK, HEAD, NAME, OFFICER, ROADS, Filed, House
from tests.integration.approval.desk import Browse
from tests.web_support import read


def acts(filed: Filed) -> list[str]:
    return [one.kind.value for one in filed.case.acts]


# --- from the application to the opened notice


def test_the_case_shows_what_was_applied_for(at: Browse, house: House) -> None:
    page = read(at(OFFICER).case(house.file()))
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
    assert fact in read(page)


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
    assert "点検が終わると、進められます。" in answer.text
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


# --- the applicant takes the application back


def test_who_presses_after_a_withdrawal_is_told_when_it_came(at: Browse, house: House) -> None:
    fresh, drafted = house.file(), house.file().examine().draft().check()
    pages = {"/examine": (OFFICER, fresh), "/approve": (CHIEF, drafted)}
    forms = {ending: at(sub).fields(at(sub).case(filed), ending) for ending, (sub, filed) in pages.items()}
    for filed in (fresh, drafted):
        house.hear(ApplicationWithdrawn(case_id=filed.id, withdrawn_at=now()))
    for ending, (sub, filed) in pages.items():
        action, fields = forms[ending]
        answer = at(sub).client.post(action, data=fields)
        assert answer.status_code == 409
        assert "申請を取り下げました。することは、もうありません。" in answer.text
        assert "取下げ" in at(sub).case(filed)
    assert acts(drafted) == ["examine", "draft"]
