"""The office asks for a correction (補正): who may, what waits meanwhile, and what an answer changes."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services.approval import use_cases
from services.approval.domain.act import Kind, MovedOnError, NotYoursError, Seen, WithdrawnError
from services.approval.domain.case import State
from services.approval.domain.correction import (
    Asked,
    Change,
    NothingAskedError,
    StillWaitingError,
    TooSoonError,
    UnknownCorrectionError,
    changes,
)
from services.approval.domain.notice import Application
from services.approval.use_cases import RequestCorrection
from services.approval.web import asking
from services.chassis.handling import NotYet
from services.chassis.web.forms import day_fields, day_of
from services.messages import ApplicationCorrected, ApplicationWithdrawn, CorrectionRequested
from tests.unit.approval.memory import CASE, CLERK, NOW, OFFICER, ROADS, Desk, form, ref

TODAY = date(2026, 11, 24)
UNTIL = date(2026, 12, 8)
DUE = date(2026, 12, 24)
COST = Asked("work", "cost", "見積書の金額とちがいます。")


def application(cost: str = "1,980,000円", **others: str) -> Application:
    items = [{"id": "cost", "label": "工事費", "text": cost}, {"id": "photo", "label": "写真", "text": "屋根.jpg"}]
    items += [{"id": name, "label": name, "text": text} for name, text in others.items()]
    photo = {"id": "photo-1", "question": "photo", "name": "屋根.jpg", "sha256": "a"}
    shown = ({"id": "work", "name": "工事", "items": items},)
    return replace(form().application, shown=shown, attachments=(photo,))


@pytest.fixture
def desk() -> Desk:
    found = Desk()
    found.cases.rows[CASE].application = application()
    return found


def ask(desk: Desk, sub: str = OFFICER, **changed) -> UUID:
    command = RequestCorrection(
        case_id=CASE, actor=desk.actor(sub), seen=desk.case.seen, questions=(COST,), message="", answer_by=UNTIL
    )
    return use_cases.request_correction(replace(command, **changed), desk.ports, desk.now).correction_id


def answer(desk: Desk, correction_id: UUID, cost: str = "2,100,000円", days: int = 2) -> ApplicationCorrected:
    """What intake says ``days`` after the request."""
    desk.papers._form = replace(form(), application=application(cost))
    return ApplicationCorrected(
        case_id=CASE, correction_id=correction_id, form=ref(cost), attachments=(ref("photo"),), due_on=DUE,
        corrected_at=NOW + timedelta(days=days),
    )  # fmt: skip


def hear(desk: Desk, fact: ApplicationCorrected) -> None:
    use_cases.receive_correction(fact, desk.cases, desk.papers)


def cost_of(desk: Desk) -> str:
    return desk.case.application.shown[0]["items"][0]["text"]


# --- asking


def test_a_case_waits_for_the_applicant_and_says_what_is_asked(desk: Desk) -> None:
    correction_id = ask(desk.examine(), message="どちらが正しいですか。")
    assert desk.case.state is State.CORRECTION_REQUESTED
    assert desk.case.waits_until == UNTIL
    said = desk.said[-1]
    assert isinstance(said, CorrectionRequested)
    assert (said.correction_id, said.answer_by) == (correction_id, UNTIL)
    document = desk.papers.kept[said.request.sha256]
    assert document["schema"] == "todoke.correction/1"
    assert document["message"] == "どちらが正しいですか。"
    assert document["questions"] == [{"topic": "work", "question": "cost", "note": COST.note}]
    assert document["contact"].keys() == {"section", "telephone"}
    assert desk.noted[-1] == (Kind.REQUEST_CORRECTION, OFFICER)


def test_only_the_section_in_charge_asks(desk: Desk) -> None:
    desk.examine()
    with pytest.raises(NotYoursError):
        ask(desk, ROADS)
    ask(desk, CLERK)
    assert desk.case.officer == OFFICER


@pytest.mark.parametrize(
    "asked",
    [
        {"questions": ()},
        {"questions": (Asked("work", "cost"),)},
        {"questions": (COST, Asked("work", "photo"))},
        {"questions": (Asked("work", "colour", "赤ですか。"),)},
    ],
)
def test_a_request_names_questions_of_the_form_and_says_what_is_wrong(desk: Desk, asked) -> None:
    desk.examine()
    with pytest.raises(NothingAskedError):
        ask(desk, **asked)
    assert desk.case.state is State.EXAMINING


def test_a_message_speaks_for_questions_without_a_note(desk: Desk) -> None:
    ask(desk.examine(), questions=(Asked("work", "cost"),), message="見積書とちがいます。")
    assert desk.case.state is State.CORRECTION_REQUESTED


def test_an_answer_is_asked_for_from_tomorrow_on(desk: Desk) -> None:
    desk.examine()
    with pytest.raises(TooSoonError):
        ask(desk, answer_by=TODAY)
    ask(desk, answer_by=TODAY + timedelta(days=1))


def test_nothing_is_asked_before_the_examination_on_the_route_or_twice_at_once(desk: Desk) -> None:
    with pytest.raises(MovedOnError):
        ask(desk)
    ask(desk.examine())
    with pytest.raises(MovedOnError):
        ask(desk)
    with pytest.raises(MovedOnError):
        desk.draft()
    assert len(desk.case.corrections) == 1


def test_nothing_is_asked_once_the_draft_is_on_its_route(desk: Desk) -> None:
    desk.examine().draft()
    with pytest.raises(MovedOnError):
        ask(desk)


def test_who_has_an_old_draft_in_view_asks_nothing(desk: Desk) -> None:
    desk.examine().draft().check().send_back()
    with pytest.raises(MovedOnError):
        ask(desk, seen=Seen())
    ask(desk)


# --- the answer


def test_the_answer_is_the_application_and_the_drafter_has_the_case_again(desk: Desk) -> None:
    hear(desk, answer(desk, ask(desk.examine())))
    case = desk.case
    assert (case.state, case.due_on, case.officer) == (State.EXAMINING, DUE, OFFICER)
    assert cost_of(desk) == "2,100,000円"
    assert case.attachments[0].sha256 == ref("photo").sha256
    assert case.corrections[0].application == application()
    assert desk.draft().case.state is State.IN_APPROVAL


def test_an_answer_is_heard_twice_without_harm(desk: Desk) -> None:
    fact = answer(desk, ask(desk.examine()))
    hear(desk, fact)
    desk.draft()
    hear(desk, fact)
    assert desk.case.state is State.IN_APPROVAL
    assert len(desk.case.answers) == 1


def test_an_answer_before_its_application_is_not_yet(desk: Desk) -> None:
    fact = answer(desk, ask(desk.examine()))
    with pytest.raises(NotYet):
        hear(desk, replace(fact, case_id=uuid4()))


def test_an_answer_to_what_was_never_asked_is_for_a_person(desk: Desk) -> None:
    ask(desk.examine())
    with pytest.raises(UnknownCorrectionError) as caught:
        hear(desk, answer(desk, UUID(int=9)))
    assert caught.value.permanent
    assert desk.case.state is State.CORRECTION_REQUESTED


def test_an_applicant_can_be_asked_again(desk: Desk) -> None:
    hear(desk, answer(desk, ask(desk.examine())))
    hear(desk, answer(desk, ask(desk), "2,200,000円", 4))
    assert desk.case.state is State.EXAMINING
    assert cost_of(desk) == "2,200,000円"
    before = [one.application.shown[0]["items"][0]["text"] for one in desk.case.corrections]
    assert before == ["1,980,000円", "2,100,000円"]


def test_an_answer_to_an_earlier_request_counts_while_the_later_one_still_waits(desk: Desk) -> None:
    first = ask(desk.examine())
    go_on(desk, UNTIL + timedelta(days=1))
    second = ask(desk, answer_by=UNTIL + timedelta(days=20))
    hear(desk, answer(desk, first, days=16))
    assert desk.case.state is State.CORRECTION_REQUESTED
    assert cost_of(desk) == "2,100,000円"
    hear(desk, answer(desk, second, "2,200,000円", 17))
    assert (desk.case.state, cost_of(desk)) == (State.EXAMINING, "2,200,000円")


def test_of_two_answers_the_newer_one_counts_in_whatever_order_they_come(desk: Desk) -> None:
    first = ask(desk.examine())
    go_on(desk, UNTIL + timedelta(days=1))
    second = ask(desk, answer_by=UNTIL + timedelta(days=20))
    hear(desk, answer(desk, second, "2,200,000円", 17))
    hear(desk, answer(desk, first, "2,100,000円", 16))
    assert (desk.case.state, cost_of(desk)) == (State.EXAMINING, "2,200,000円")
    assert [one.taken for one in desk.case.answers] == [True, False]


# --- what happens meanwhile


def withdraw(desk: Desk) -> None:
    use_cases.receive_withdrawal(ApplicationWithdrawn(case_id=CASE, withdrawn_at=NOW), desk.cases)


def test_an_applicant_who_is_asked_may_withdraw_instead(desk: Desk) -> None:
    correction_id = ask(desk.examine())
    withdraw(desk)
    assert (desk.case.state, desk.case.waits_until) == (State.WITHDRAWN, None)
    hear(desk, answer(desk, correction_id))
    assert (desk.case.state, desk.case.answers[0].taken) == (State.WITHDRAWN, False)
    with pytest.raises(WithdrawnError):
        go_on(desk, UNTIL + timedelta(days=1))


def go_on(desk: Desk, day: date, sub: str = OFFICER) -> None:
    desk.now = NOW + (day - TODAY)
    use_cases.go_on(CASE, desk.actor(sub), desk.ports, desk.now)


def test_the_office_goes_on_without_the_answer_only_after_its_day(desk: Desk) -> None:
    ask(desk.examine())
    with pytest.raises(StillWaitingError):
        go_on(desk, UNTIL)
    with pytest.raises(NotYoursError):
        go_on(desk, UNTIL + timedelta(days=1), ROADS)
    go_on(desk, UNTIL + timedelta(days=1), CLERK)
    assert desk.case.state is State.EXAMINING
    with pytest.raises(MovedOnError):
        go_on(desk, UNTIL + timedelta(days=1))


def test_the_days_of_the_wait_are_not_counted(desk: Desk) -> None:
    ask(desk.examine(), answer_by=TODAY + timedelta(days=3))
    go_on(desk, TODAY + timedelta(days=4))
    assert desk.case.due_on == date(2026, 12, 17)  # three open days later


def test_a_last_day_on_which_the_office_is_closed_moves_on(desk: Desk) -> None:
    ask(desk.examine())
    go_on(desk, UNTIL + timedelta(days=1))
    # 15 days after 14 December is the first day of the closing of the year, which ends on a Sunday.
    assert desk.case.due_on == date(2027, 1, 4)


def test_a_late_answer_takes_the_draft_back_from_its_route(desk: Desk) -> None:
    correction_id = ask(desk.examine())
    go_on(desk, UNTIL + timedelta(days=1))
    desk.draft().check().approve()
    hear(desk, answer(desk, correction_id, days=16))
    case = desk.case
    assert (case.state, case.step, case.may_draft) == (State.EXAMINING, None, True)
    with pytest.raises(MovedOnError) as caught:
        desk.decide()
    assert caught.value.last is None
    assert desk.draft().case.approvals == []


def test_an_answer_after_the_decision_is_kept_and_changes_nothing(desk: Desk) -> None:
    correction_id = ask(desk.examine())
    go_on(desk, UNTIL + timedelta(days=1))
    desk.draft().check().approve().decide()
    hear(desk, answer(desk, correction_id, days=16))
    assert (desk.case.state, cost_of(desk)) == (State.DECIDED, "1,980,000円")
    assert not desk.case.answers[0].taken


# --- what changed


def test_what_changed_is_told_answer_by_answer() -> None:
    before, after = application(colour="赤"), application("2,100,000円", size="2m")
    assert list(changes(before, after)) == [
        Change("工事費", "1,980,000円", "2,100,000円"), Change("size", "", "2m"), Change("colour", "赤", ""),
    ]  # fmt: skip
    assert list(changes(before, before)) == []


def test_another_photo_under_the_same_name_is_a_change() -> None:
    after = replace(application(), attachments=({**application().attachments[0], "sha256": "b"},))
    assert list(changes(application(), after)) == [Change("写真", "屋根.jpg", "屋根.jpg")]


# --- the form


TOPICS = [("工事", [asking.Choice("work", "cost", "工事費", "1円"), asking.Choice("work", "place", "場所", "436番地")])]
FILLED = {"ask": ["work.cost"], "message": ["確かめてください。"], **day_fields("until", UNTIL)}


def faults(**typed: list[str]) -> list[str]:
    _, mistakes = asking.read(TOPICS, FILLED | {name.replace("_", "-"): value for name, value in typed.items()}, TODAY)
    return [one.field for one in mistakes]


def test_the_form_is_read_with_notes_of_picked_questions_only() -> None:
    typed = FILLED | {"note-work-cost": ["見積書と\r\nちがいます。"], "note-work-place": ["選んでいない"]}
    found, _ = asking.read(TOPICS, typed, TODAY)
    assert found == asking.Asking((Asked("work", "cost", "見積書と\nちがいます。"),), "確かめてください。", UNTIL)


def test_what_is_wrong_with_the_form_is_said_beside_each_field() -> None:
    assert faults() == []
    assert faults(ask=[]) == ["ask"]
    assert faults(ask=["work.secret"]) == ["ask"]
    assert faults(message=[" "]) == ["message"]
    assert faults(message=[" "], note_work_cost=["ちがいます。"]) == []
    assert faults(message=[" "], note_work_cost=["x"], ask=["work.cost", "work.place"]) == ["message"]
    assert faults(message=["あ" * 1_001]) == ["message"]
    assert faults(note_work_cost=["あ" * 401]) == ["note-work-cost"]
    assert faults(until_m=["13"]) == ["until"]
    assert faults(until_y=[""]) == ["until"]


def test_full_width_digits_are_a_day() -> None:
    assert day_of({"until-y": ["８"], "until-m": ["１２"], "until-d": ["８"]}, "until") == UNTIL


def test_an_answer_is_not_asked_for_today() -> None:
    _, mistakes = asking.read(TOPICS, FILLED | day_fields("until", TODAY), TODAY)
    assert [one.text for one in mistakes] == [asking.TOO_SOON]
