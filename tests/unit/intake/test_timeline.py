"""The resident's timeline, with what the office asked in its place."""

import uuid
from datetime import datetime, timedelta

import pytest

from services.chassis.clock import now, today
from services.intake.domain.application import Application, ReceptionNumber, State
from services.intake.domain.correction import Correction
from services.intake.domain.procedure import Procedure
from services.intake.web import forms
from tests.unit.intake.conftest import NOW, TODAY

ASKED, ANSWERED = NOW + timedelta(days=2), NOW + timedelta(days=5)
BEFORE = {State.ACCEPTED: NOW, State.EXAMINING: NOW + timedelta(days=1)}
DECIDED = {State.DRAFTED: NOW + timedelta(days=6), State.DECIDED: NOW + timedelta(days=7)}


def application(**reached: datetime) -> Application:
    return Application(
        case_id=uuid.uuid4(), sub="r-tsuji", number=ReceptionNumber(2026, 1), procedure_id="housing-reform",
        procedure_version=TODAY, submitted_at=NOW, due_on=today() + timedelta(days=9), digital=True,
        reached=BEFORE | {State[name]: at for name, at in reached.items()},
    )  # fmt: skip


def asked(answered_at: datetime | None = None, days: int = 14) -> Correction:
    return Correction(
        correction_id=uuid.uuid4(), case_id=uuid.uuid4(), message="", asked=(), requested_at=ASKED,
        answer_by=today() + timedelta(days=days), answered_at=answered_at,
    )  # fmt: skip


def told(procedure: Procedure, case: Application, *corrections: Correction, waits: bool = False) -> list[str]:
    return [one.title for one in forms.timeline(case, procedure, corrections, waits=waits)]


def test_while_the_town_waits_the_resident_is_the_one_to_act_and_no_day_is_promised(procedure: Procedure) -> None:
    lines = forms.timeline(application(), procedure, [asked()], waits=True)
    assert [(one.state, one.title) for one in lines] == [
        ("done", "申請を受け付けました"),
        ("done", "町が確認を始めました"),
        ("ask", "あなたのお返事を待っています"),
        ("next", "町が結果を決めます"),
        ("next", "通知書が受信箱に届きます"),
    ]
    assert "日数は数えません" in lines[2].text
    assert lines[-1].text == ""


def test_an_answer_stands_behind_what_was_asked_and_the_town_goes_on(procedure: Procedure) -> None:
    lines = forms.timeline(application(), procedure, [asked(ANSWERED)], waits=False)
    assert [(one.state, one.title) for one in lines][1:4] == [
        ("done", "町が確認を始めました"),
        ("done", "確かめていただきたいことを、お知らせしました"),
        ("done", "お返事を受け付けました"),
    ]
    assert (lines[4].state, lines[4].title) == ("now", "お返事を、町が確認しています")
    assert "ごろまでの予定です" in lines[-1].text


def test_what_was_asked_stands_before_what_came_later(procedure: Procedure) -> None:
    case = application(DRAFTED=DECIDED[State.DRAFTED], DECIDED=DECIDED[State.DECIDED])
    assert told(procedure, case, asked(ANSWERED))[:6] == [
        "申請を受け付けました",
        "町が確認を始めました",
        "確かめていただきたいことを、お知らせしました",
        "お返事を受け付けました",
        "町が結果を決めました",
        "通知書を用意しています",
    ]


def test_a_withdrawal_ends_what_was_asked(procedure: Procedure) -> None:
    case = application(WITHDRAWN=ANSWERED)
    assert told(procedure, case, asked())[2:] == [
        "確かめていただきたいことを、お知らせしました",
        "申請を取り下げました",
    ]


def test_a_town_that_goes_on_without_the_answer_has_not_decided_yet(procedure: Procedure) -> None:
    case = application(DRAFTED=DECIDED[State.DRAFTED])
    titles = told(procedure, case, asked(days=-1), waits=True)
    assert titles[2:4] == ["あなたのお返事を待っています", "町が結果を決めています"]
    assert "町が結果を決めました" not in titles


def test_whoever_is_asked_twice_sees_both(procedure: Procedure) -> None:
    again = asked()
    again.requested_at = ANSWERED + timedelta(hours=3)
    assert told(procedure, application(), asked(ANSWERED), again, waits=True)[2:5] == [
        "確かめていただきたいことを、お知らせしました",
        "お返事を受け付けました",
        "あなたのお返事を待っています",
    ]


@pytest.mark.parametrize(
    ("days", "drafted", "said", "unsaid"),
    [
        (0, False, "までに送ってください。お返事をいただくまで", "まだ送れます"),
        (0, True, "までに送ってください。", "数えません"),
        (-1, False, "結果が決まるまでは、まだ送れます。", "数えません"),
    ],
)
def test_until_when_an_answer_is_asked_for(days: int, drafted: bool, said: str, unsaid: str) -> None:
    case = application(DRAFTED=now()) if drafted else application()
    text = forms.until(asked(days=days), case).striptags()
    assert said in text
    assert unsaid not in text
