"""The office asks for a correction (補正) at the desk: a real database and both sites."""

import json
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from werkzeug.test import TestResponse

from services.approval.domain.case import Case, State
from services.chassis.canonical import canonical_json
from services.chassis.clock import now, today
from services.chassis.web.forms import day_fields
from services.messages import ApplicationCorrected, ApplicationWithdrawn
from tests.integration.approval.conftest import CHIEF, CLERK, NAME, OFFICER, PHOTO, ROADS, Filed, House, form_of
from tests.integration.approval.desk import Browse
from tests.web_support import read

MESSAGE = "見積書の金額と、申請の工事費がちがいます。どちらが正しいか、確かめてください。"


def ask(at: Browse, filed: Filed, sub: str = OFFICER, **typed: Any) -> TestResponse:
    """Fill in the page and press its button."""
    page = at(sub).open(f"/desk/cases/{filed.number}/correction").text
    action, fields = at(sub).fields(page, "/correction")
    until = day_fields("until", typed.pop("until", today() + timedelta(days=10)))
    data = fields | {"ask": "work.cost", "message": MESSAGE} | {name: value[0] for name, value in until.items()} | typed
    return at(sub).client.post(action, data=data)


def test_staff_see_what_the_applicant_will_read_before_anything_is_sent(at: Browse, house: House) -> None:
    filed = house.file().examine()
    sentence = at(OFFICER).open(f"/desk/cases/{filed.number}/correction").text.split('name="ready"')[1]
    sentence = sentence.split('value="')[1].split('"')[0]
    answer = ask(at, filed, ready=sentence, look="1")
    preview = answer.text.split('id="preview"')[1].split("</section>")[0]
    assert answer.status_code == 200
    assert MESSAGE in preview
    assert sentence in preview
    assert filed.case.corrections == []
    assert ask(at, filed, ready=sentence).status_code == 303
    assert filed.case.corrections[-1].message == f"{MESSAGE}\n{sentence}"


def test_a_sentence_that_the_page_does_not_offer_is_not_sent(at: Browse, house: House) -> None:
    filed = house.file().examine()
    assert ask(at, filed, ready="町は何でも認めます。").status_code == 303
    assert filed.case.corrections[-1].message == MESSAGE


def asked(at: Browse, house: House) -> Filed:
    filed = house.file().examine()
    assert ask(at, filed).status_code == 303
    return filed


def answer(filed: Filed, text: str = "2,100,000円", photo: bytes = PHOTO) -> ApplicationCorrected:
    """What intake says once the applicant has answered."""
    house, case = filed.house, filed.case
    ref = house.put(filed.id, photo, "image/jpeg")
    listed = {
        "id": "photo-1", "question": "photo", "name": "屋根.jpg", "media_type": "image/jpeg", "size": ref.size,
        "sha256": ref.sha256,
    }  # fmt: skip
    form = form_of(filed.number, NAME, 2_100_000, [listed])
    form["shown"][0]["items"][0]["text"] = text
    return ApplicationCorrected(
        case_id=filed.id, correction_id=case.corrections[-1].correction_id, attachments=(ref,),
        form=house.put(filed.id, canonical_json(form), "application/json"), due_on=today() + timedelta(days=30),
        corrected_at=now(),
    )  # fmt: skip


def let_pass(filed: Filed) -> None:
    """The day of the answer is over."""
    with filed.house.engine.begin() as connection:
        for table, column in (("corrections", "answer_by"), ("cases", "waits_until")):
            query = sa.text(f"UPDATE {table} SET {column} = :day WHERE case_id = :case")
            connection.execute(query, {"day": today() - timedelta(days=1), "case": filed.id})


def state(filed: Filed) -> State:
    found: Case = filed.case
    return found.state


# --- from the request to the answer


def test_the_whole_way_from_the_request_to_the_corrected_application(at: Browse, house: House) -> None:
    filed = house.file().examine()
    assert "補正を求める" in at(OFFICER).case(filed)
    answered = ask(at, filed, **{"note-work-cost": "消費税を入れた金額ですか。"})
    page = read(at(OFFICER).open(answered.location).text)
    for said in ("補正を求めました", "補正中", "申請者の回答待ち　期限", "いまは、申請者の番です"):
        assert said in page
    assert MESSAGE in page
    assert "消費税を入れた金額ですか。" in page
    assert "起案する" not in page
    assert house.said(filed.id)[-1] == "correction_requested.v1"
    house.hear(answer(filed))
    page = read(at(OFFICER).case(filed))
    assert "<del>1,980,000円</del> → <ins>2,100,000円</ins>" in page
    for said in ("補正前の申請", "申請者が補正に答えました（工事費）", "回答あり", "起案する"):
        assert said in page
    assert filed.case.due_on == today() + timedelta(days=30)
    assert "起案しました" in at(OFFICER).act(filed, "/draft")


def test_the_request_is_kept_as_the_applicant_reads_it(at: Browse, house: House) -> None:
    filed = asked(at, house)
    with house.engine.connect() as connection:
        query = sa.text("SELECT body FROM outbox WHERE case_id = :case ORDER BY seq DESC LIMIT 1")
        said = json.loads(connection.scalar(query, {"case": filed.id}) or "{}")["data"]
        kept = sa.text("SELECT content FROM unstored_documents WHERE sha256 = :sha256")
        data = bytes(connection.scalar(kept, {"sha256": said["request"]["sha256"]}) or b"{}")
    document = json.loads(data)
    assert document["questions"] == [{"topic": "work", "question": "cost", "note": ""}]
    assert document["message"] == MESSAGE
    assert document["reception_number"] == filed.number


def test_the_page_shows_the_questions_with_the_answers_and_offers_a_day(at: Browse, house: House) -> None:
    filed = house.file().examine()
    page = at(OFFICER).open(f"/desk/cases/{filed.number}/correction").text
    assert "工事費<small>1,980,000円" in read(page)
    usual = house.town.first_open_day(today() + timedelta(days=14))
    assert f'name="until-d" inputmode="numeric" autocomplete="off" value="{usual.day}"' in page


def test_the_old_photo_can_still_be_seen(at: Browse, house: House) -> None:
    filed = asked(at, house)
    house.hear(answer(filed, photo=PHOTO + b"\0"))
    page = at(OFFICER).case(filed)
    assert "files/photo-1?before=1" in page
    old = at(OFFICER).open(f"/desk/cases/{filed.number}/files/photo-1?before=1")
    new = at(OFFICER).open(f"/desk/cases/{filed.number}/files/photo-1")
    assert (old.data, new.data) == (PHOTO, PHOTO + b"\0")
    for place in ("0", "2", "-1", "x"):
        assert at(OFFICER).open(f"/desk/cases/{filed.number}/files/photo-1?before={place}").status_code == 404


def test_an_applicant_is_asked_twice_and_both_are_shown(at: Browse, house: House) -> None:
    filed = asked(at, house)
    house.hear(answer(filed))
    assert ask(at, filed, message="もう一度、おねがいします。").status_code == 303
    house.hear(answer(filed, "2,200,000円"))
    page = read(at(OFFICER).case(filed))
    assert page.index("補正（2回め）") < page.index("補正（1回め）")
    assert "<del>2,100,000円</del> → <ins>2,200,000円</ins>" in page


# --- what is wrong with the form, and who may not


def test_what_is_wrong_is_said_in_place_and_nothing_is_lost(at: Browse, house: House) -> None:
    filed = house.file().examine()
    answered = ask(at, filed, ask=[], message="", **{"until-d": "32", "note-work-cost": "税こみですか"})
    assert answered.status_code == 422
    for said in ("<title>エラー：", 'href="#ask-1"', 'href="#message"', 'href="#until-y"'):
        assert said in answered.text
    for typed in ('value="32"', "税こみですか"):
        assert typed in answered.text
    assert ask(at, filed, until=today()).status_code == 422
    assert state(filed) is State.EXAMINING


def test_a_second_press_asks_once(at: Browse, house: House) -> None:
    filed = house.file().examine()
    page = at(OFFICER).open(f"/desk/cases/{filed.number}/correction").text
    action, fields = at(OFFICER).fields(page, "/correction")
    until = {name: value[0] for name, value in day_fields("until", today() + timedelta(days=10)).items()}
    data = fields | {"ask": "work.cost", "message": MESSAGE} | until
    answers = [at(OFFICER).client.post(action, data=data) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert len(filed.case.corrections) == 1
    other = at(OFFICER).client.post(action, data=data | {"message": "別のことです。"})
    assert other.status_code == 409
    assert "別のことです。" in other.text


def test_only_the_section_in_charge_is_offered_the_page(at: Browse, house: House) -> None:
    filed = house.file().examine()
    assert at(CLERK).open(f"/desk/cases/{filed.number}/correction").status_code == 200
    assert at(ROADS).open(f"/desk/cases/{filed.number}/correction").status_code in (302, 404)
    filed.draft()
    assert at(OFFICER).open(f"/desk/cases/{filed.number}/correction").status_code == 302


def test_who_was_slower_than_the_withdrawal_is_told_with_what_was_typed(at: Browse, house: House) -> None:
    filed = house.file().examine()
    page = at(OFFICER).open(f"/desk/cases/{filed.number}/correction").text
    house.hear(ApplicationWithdrawn(case_id=filed.id, withdrawn_at=now()))
    action, fields = at(OFFICER).fields(page, "/correction")
    until = {name: value[0] for name, value in day_fields("until", today() + timedelta(days=10)).items()}
    answered = at(OFFICER).client.post(action, data=fields | {"ask": "work.cost", "message": MESSAGE} | until)
    assert answered.status_code == 409
    assert "申請を取り下げました" in answered.text
    assert MESSAGE in answered.text


# --- waiting


def test_a_case_that_waits_is_nobodys_turn_and_its_days_stand_still(at: Browse, house: House) -> None:
    filed = asked(at, house)
    assert filed.number not in at(OFFICER).open("/desk/").text
    waiting = read(at(OFFICER).open("/desk/?tab=waiting").text)
    assert filed.number in waiting
    for said in ("補正中", "申請者の回答待ち　期限", "止まっています"):
        assert said in waiting
    assert filed.number in at(CHIEF).open("/desk/?tab=department").text
    assert "標準処理期間は、回答まで止まっています" in at(CHIEF).case(filed)


def test_once_the_day_has_passed_the_officer_goes_on(at: Browse, house: House) -> None:
    filed = asked(at, house)
    early = at(OFFICER).client.post(f"/desk/cases/{filed.number}/go-on", data={"version": "0"})
    assert early.status_code == 409
    assert "まだ、回答を待っています" in early.text
    let_pass(filed)
    assert filed.number in at(OFFICER).open("/desk/").text
    page = at(OFFICER).act(filed, "/go-on")
    assert "補正を待たずに審査を進めました" in page
    assert "回答なし" in page
    assert state(filed) is State.EXAMINING
    again = at(OFFICER).client.post(f"/desk/cases/{filed.number}/go-on", data={"version": "0"})
    assert again.status_code == 303
    assert at(OFFICER).open(f"/desk/cases/{filed.number}/go-on").status_code == 302


def test_a_draft_from_a_page_that_was_opened_before_a_late_answer_is_not_taken(at: Browse, house: House) -> None:
    filed = asked(at, house)
    let_pass(filed)
    at(OFFICER).act(filed, "/go-on")
    page = at(OFFICER).open(f"/desk/cases/{filed.number}?outcome=granted").text
    house.hear(answer(filed))
    refused = at(OFFICER).press(page, "/draft")
    assert refused.status_code == 409
    assert "画面を開いたあとに変わりました" in refused.text
    assert filed.case.drafts == []


def test_an_answer_that_comes_twice_or_too_late_is_kept_once(at: Browse, house: House) -> None:
    filed = asked(at, house)
    fact = answer(filed)
    let_pass(filed)
    at(OFFICER).act(filed, "/go-on")
    filed.draft().check().approve().decide()
    for _ in range(2):
        house.hear(fact)
    assert state(filed) is State.DECIDED
    assert len(filed.case.answers) == 1
    assert "申請の内容には入れていません" in at(OFFICER).case(filed)


def test_a_request_is_one_line_of_the_ledger_without_a_word_of_the_applicant(at: Browse, house: House) -> None:
    filed = asked(at, house)
    query = "SELECT detail::text FROM ledger WHERE case_id = :case AND act = 'request_correction'"
    detail = house.value(query, case=filed.id)
    assert detail
    assert MESSAGE not in detail
