"""Who may look at the desk, and what its lists and documents show: a real database and both sites."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from services.chassis.clock import now, today
from services.chassis.handling import Waiting
from services.chassis.objects import Objects
from services.messages import HandlingDelayed, HandlingParked, HandlingResumed
from tests.integration.approval.conftest import CHIEF, CLERK, NAME, OFFICER, PHOTO, RESIDENT, ROADS, Filed, House
from tests.integration.approval.desk import FORM, Browse

STRANGER, MAYOR = "s-komatsu", "s-igarashi"


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
    assert filed.case.acts == []


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


def parked_again(house: House, filed: Filed, before: timedelta) -> HandlingParked:
    fact = HandlingParked(
        case_id=filed.id, service="delivery", parking_id=uuid4(), fact="jp.todoke.signing.document_signed.v1",
        error="KeyError", parked_at=now() - before,
    )  # fmt: skip
    house.hear(fact)
    return fact


def test_parked_work_has_an_owner_to_call_and_tells_what_became_of_it(at: Browse, house: House, drafted: Filed) -> None:
    first = parked_again(house, drafted, timedelta(hours=2))
    page = at(OFFICER).open("/desk/handovers").text
    assert "総務課 デジタル推進係" in page
    assert "電話 0238-00-1234" in page
    at(OFFICER).client.post("/desk/handovers", data={"parking_id": str(first.parking_id)})
    page = at(OFFICER).open("/desk/handovers").text
    assert "もう一度送っています" in page
    assert "もう一度失敗しました" not in page
    asked = "UPDATE handovers SET asked_at = asked_at - interval '6 minutes' WHERE parking_id = :id"
    with house.engine.begin() as connection:
        connection.execute(sa.text(asked), {"id": first.parking_id})
    assert "そのあと失敗していません" in at(OFFICER).open("/desk/handovers").text
    parked_again(house, drafted, timedelta(0))
    page = at(OFFICER).open("/desk/handovers").text
    assert "もう一度失敗しました" in page
    assert "そのあと失敗していません" not in page


def test_work_that_waits_for_a_server_is_shown_with_its_age_until_it_goes_on(
    at: Browse, house: House, drafted: Filed
) -> None:
    told = HandlingDelayed(
        case_id=drafted.id, service="signing", waiting_id=uuid4(), fact="jp.todoke.signing.seal_permitted.v1",
        server="tsa", since=now() - timedelta(minutes=12),
    )  # fmt: skip
    house.hear(told)
    house.hear(told)
    assert "時刻の証明のサーバーを待っています" in at(OFFICER).case(drafted)
    assert "サーバーを待っている処理があります" in at(OFFICER).open("/desk/").text
    page = at(OFFICER).open("/desk/handovers").text
    for said in ("時刻の証明のサーバー", "署名の処理が", "1件", "12分前から", "自動で続きます", "電話 0238-00-1234"):
        assert said in page
    house.hear(HandlingResumed(case_id=drafted.id, waiting_id=told.waiting_id, resumed_at=now()))
    assert "待っています" not in at(OFFICER).case(drafted)
    assert "時刻の証明のサーバー" not in at(OFFICER).open("/desk/handovers").text


@pytest.mark.parametrize(("with_document", "server"), [(False, "サービスの間の連絡のサーバー"), (True, "文書の保存先")])
def test_approvals_own_waiting_work_is_shown_although_nobody_can_be_told(
    at: Browse, house: House, drafted: Filed, with_document: bool, server: str
) -> None:
    assert server not in at(OFFICER).case(drafted)
    with house.engine.begin() as connection:
        if not with_document:
            connection.execute(sa.text("DELETE FROM unstored_documents"))
        said = "UPDATE outbox SET said_at = said_at - interval '3 minutes' WHERE case_id = :id"
        connection.execute(sa.text(said), {"id": drafted.id})
    assert server in at(OFFICER).case(drafted)
    assert "決裁の処理が" in at(OFFICER).open("/desk/handovers").text


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
