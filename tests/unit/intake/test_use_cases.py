"""The acts of intake, with ports in memory."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.intake import use_cases
from services.intake.domain.application import ReceptionNumber, State, steps
from services.intake.domain.calendar import Calendar
from services.intake.domain.draft import (
    LARGEST_DRAFT,
    AlreadySubmittedError,
    Attachment,
    Draft,
    DraftChangedError,
    FilesTooLargeError,
    IncompleteDraftError,
    ProcedureClosedError,
    TooManyFilesError,
    UnknownDraftError,
)
from services.intake.domain.procedure import Procedure
from services.intake.use_cases import Submission, SubmitApplication
from services.messages import (
    ApplicationSubmitted,
    DecisionDrafted,
    DocumentRef,
    ExaminationStarted,
    NoticeDelivered,
    NoticeOpened,
)
from tests.holidays import HOLIDAYS
from tests.unit.intake.conftest import NOW, TODAY
from tests.unit.intake.memory import Memory

OFFICE = Calendar(HOLIDAYS.is_open)
Typed = dict[str, dict[str, list[str]]]


def photo(name: str = "IMG_1.jpg", size: int = 4_200_000, question: str = "photos") -> Attachment:
    sha256 = uuid.uuid5(uuid.NAMESPACE_URL, name).hex * 2
    return Attachment(id=uuid.uuid4(), question=question, name=name, media_type="image/jpeg", size=size, sha256=sha256)


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def filled(memory: Memory, procedure: Procedure, fields: Typed) -> Draft:
    """A draft with every topic saved."""
    drafts = memory.ports().drafts
    draft = drafts.open("r-tsuji", procedure.id, TODAY)
    use_cases.attach_file(draft, procedure.form.topics[3].question("photos"), photo(), drafts, NOW)
    for topic in procedure.form.topics:
        assert not use_cases.save_topic(draft, topic, fields[topic.id], drafts, NOW).faults
    return draft


def submit(memory: Memory, procedure: Procedure, draft: Draft, now: datetime = NOW, **changed: Any) -> Submission:
    values: dict[str, Any] = {"case_id": draft.case_id, "sub": draft.sub, "seen_version": draft.version}
    values |= {"claims": {"name": "辻󠄀 𠮷子"}, "shown": []}
    command = SubmitApplication(**(values | changed))
    return use_cases.submit_application(command, lambda _id, _day: procedure, OFFICE, memory.ports(), now)


def test_a_submission_gets_the_next_number_of_the_fiscal_year(
    memory: Memory, procedure: Procedure, filled: Draft
) -> None:
    memory.last[2026] = 411
    assert submit(memory, procedure, filled) == Submission(ReceptionNumber(2026, 412), again=False)
    assert str(ReceptionNumber(2026, 412)) == "R8-000412"
    assert ReceptionNumber.parse("R8-000412") == ReceptionNumber(2026, 412)
    assert ReceptionNumber.parse("R8-412") is None


def test_one_fact_is_said_and_names_form_and_files(memory: Memory, procedure: Procedure, filled: Draft) -> None:
    submit(memory, procedure, filled)
    (fact,) = memory.said
    assert isinstance(fact, ApplicationSubmitted)
    assert (fact.case_id, fact.applicant, fact.digital) == (filled.case_id, "r-tsuji", True)
    assert fact.due_on == date(2026, 12, 14)
    assert fact.digital_consent_at == NOW
    assert [ref.owner for ref in fact.attachments] == [str(filled.case_id)]


def test_a_double_tap_gives_the_same_number_and_says_nothing_more(
    memory: Memory, procedure: Procedure, filled: Draft
) -> None:
    first = submit(memory, procedure, filled)
    assert submit(memory, procedure, filled) == Submission(first.number, again=True)
    assert len(memory.said) == len(memory.cases) == 1


def test_the_form_document_keeps_name_and_answers_unchanged(
    memory: Memory, procedure: Procedure, filled: Draft
) -> None:
    submit(memory, procedure, filled)
    (form,) = memory.documents
    assert form["schema"] == "todoke.form/1"
    assert form["applicant"]["name"] == "辻\U000e0100 \U00020bb7子"
    assert form["applicant"]["verified"] == ["name"]
    assert form["applicant"]["birthdate"] == "1989-01-07"
    assert form["answers"]["work"]["cost"] == 1_980_000
    assert form["attachments"][0]["id"] == "photos-1"
    assert form["delivery"] == {"digital": True, "consented_at": NOW.isoformat()}


def test_a_draft_that_another_tab_has_changed_is_shown_again(
    memory: Memory, procedure: Procedure, filled: Draft
) -> None:
    with pytest.raises(DraftChangedError):
        submit(memory, procedure, filled, seen_version=filled.version - 1)
    assert memory.last == {}


def test_answers_must_still_hold_on_the_day_of_submission(memory: Memory, procedure: Procedure, filled: Draft) -> None:
    with pytest.raises(IncompleteDraftError) as error:
        submit(memory, procedure, filled, now=datetime(2026, 12, 14, 1, 0, tzinfo=UTC))
    assert error.value.topics == ("work",)


def test_nothing_is_taken_after_the_last_day(memory: Memory, procedure: Procedure, filled: Draft) -> None:
    with pytest.raises(ProcedureClosedError):
        submit(memory, procedure, filled, now=datetime(2027, 2, 26, 15, 0, tzinfo=UTC))


def test_somebody_elses_draft_cannot_be_submitted(memory: Memory, procedure: Procedure, filled: Draft) -> None:
    with pytest.raises(UnknownDraftError):
        submit(memory, procedure, filled, sub="r-takahashi")


def test_answers_with_a_fault_are_not_saved(memory: Memory, procedure: Procedure, fields: Typed) -> None:
    drafts = memory.ports().drafts
    draft = drafts.open("r-tsuji", procedure.id, TODAY)
    topic = procedure.form.topics[2]
    assert use_cases.save_topic(draft, topic, fields["work"] | {"cost": ["百"]}, drafts, NOW).faults
    assert memory.kept[draft.case_id].answers == {}


def test_consent_is_dated_when_it_is_given_and_ends_with_the_choice_of_paper(
    memory: Memory, procedure: Procedure, filled: Draft
) -> None:
    drafts, topic = memory.ports().drafts, procedure.form.topics[5]
    later = NOW + timedelta(hours=1)
    use_cases.save_topic(filled, topic, {"how": ["digital"]}, drafts, later)
    assert filled.consented_at == NOW
    use_cases.save_topic(filled, topic, {"how": ["paper"]}, drafts, later)
    submit(memory, procedure, filled)
    assert memory.standing == {}
    assert not next(iter(memory.cases.values())).digital


def test_a_draft_is_kept_for_thirty_days_after_it_was_saved(filled: Draft) -> None:
    assert filled.keep_until == date(2026, 12, 24)


def test_the_same_file_twice_is_one_file(memory: Memory, procedure: Procedure, filled: Draft) -> None:
    question = procedure.form.topics[3].question("photos")
    use_cases.attach_file(filled, question, photo(), memory.ports().drafts, NOW)
    assert len(filled.attachments) == 1


def test_all_files_together_have_a_limit(procedure: Procedure, filled: Draft) -> None:
    question = procedure.form.topics[3].question("photos")
    with pytest.raises(FilesTooLargeError):
        filled.must_take(question, LARGEST_DRAFT, "f" * 64)


def test_a_question_takes_only_so_many_files(procedure: Procedure, draft: Draft) -> None:
    question = procedure.form.topics[3].question("photos")
    for place in range(question.most):
        draft.attach(question, photo(f"{place}.jpg", 1), TODAY)
    with pytest.raises(TooManyFilesError):
        draft.attach(question, photo("one more.jpg", 1), TODAY)


def test_a_removed_file_leaves_its_topic_open(memory: Memory, procedure: Procedure, filled: Draft) -> None:
    use_cases.remove_file(filled, filled.attachments[0].id, memory.ports().drafts)
    assert [topic.id for topic in filled.open_topics(procedure.form, TODAY)] == ["files"]


def test_what_was_sent_cannot_be_changed(memory: Memory, procedure: Procedure, filled: Draft) -> None:
    submit(memory, procedure, filled)
    sent = memory.kept[filled.case_id]
    with pytest.raises(AlreadySubmittedError):
        sent.remove_file(uuid.uuid4())


def test_facts_in_any_order_show_the_furthest_state(memory: Memory, procedure: Procedure, filled: Draft) -> None:
    submit(memory, procedure, filled)
    applications, case_id = memory.ports().applications, filled.case_id
    for fact in (
        NoticeOpened(case_id=case_id, document_id=case_id, opened_at=NOW + timedelta(days=4)),
        ExaminationStarted(case_id=case_id, section="housing", started_at=NOW + timedelta(days=1)),
        NoticeDelivered(case_id=case_id, document_id=case_id, available_at=NOW + timedelta(days=3)),
    ):
        use_cases.follow_case(fact, applications)
    assert memory.cases[case_id].state is State.OPENED
    assert memory.cases[case_id].reached[State.EXAMINING] == NOW + timedelta(days=1)


def test_a_second_draft_of_the_decision_does_not_move_its_date(
    memory: Memory, procedure: Procedure, filled: Draft
) -> None:
    submit(memory, procedure, filled)
    ref = DocumentRef(str(filled.case_id), "0" * 64, "application/json", 1)
    for days in (1, 2):
        at = NOW + timedelta(days=days)
        fact = DecisionDrafted(
            case_id=filled.case_id, version=days, document_type="subsidy-grant", notice=ref, drafted_at=at
        )
        use_cases.follow_case(fact, memory.ports().applications)
    assert memory.cases[filled.case_id].reached[State.DRAFTED] == NOW + timedelta(days=1)


def test_a_fact_of_another_kind_of_case_is_no_business_of_intake(memory: Memory) -> None:
    fact = ExaminationStarted(case_id=uuid.uuid4(), section="housing", started_at=NOW)
    use_cases.follow_case(fact, memory.ports().applications)
    assert memory.cases == {}


@pytest.mark.parametrize(
    ("state", "progress"),
    [
        (State.ACCEPTED, "done now next next next"),
        (State.EXAMINING, "done now next next next"),
        (State.DRAFTED, "done done now next next"),
        (State.DECIDED, "done done done now next"),
        (State.SIGNED, "done done done now next"),
        (State.AVAILABLE, "done done done done now"),
        (State.OPENED, "done done done done done"),
    ],
)
def test_one_step_of_the_timeline_goes_on_until_the_notice_is_read(
    memory: Memory, procedure: Procedure, filled: Draft, state: State, progress: str
) -> None:
    submit(memory, procedure, filled)
    application = memory.cases[filled.case_id]
    application.reach(state, NOW)
    assert " ".join(step.progress for step in steps(application)) == progress
