"""What the office asks the applicant to look at again, and what the answer may change."""

import copy
import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from services.intake import use_cases
from services.intake.domain.application import Application, State
from services.intake.domain.calendar import Calendar
from services.intake.domain.correction import Asked, Correction, CorrectionOverError, UnansweredError
from services.intake.domain.draft import Draft, TooManyFilesError
from services.intake.domain.procedure import Procedure, StandardPeriod
from services.intake.use_cases import SubmitApplication, corrections
from services.intake.use_cases.corrections import Answering
from services.messages import ApplicationCorrected, CorrectionRequested, DocumentRef
from tests.holidays import HOLIDAYS
from tests.unit.intake.conftest import NOW, TODAY
from tests.unit.intake.memory import Memory
from tests.unit.intake.test_use_cases import photo

OFFICE = Calendar(HOLIDAYS.is_open)
LATER = NOW + timedelta(days=8)
COST = Asked("work", "cost", "見積書では198万円です。")
Typed = dict[str, dict[str, list[str]]]


class Rows:
    """The corrections in memory."""

    def __init__(self) -> None:
        self.rows: list[Correction] = []

    def has(self, correction_id: UUID) -> bool:
        return any(one.correction_id == correction_id for one in self.rows)

    def add(self, correction: Correction) -> None:
        self.rows.append(copy.deepcopy(correction))

    def newest(self, case_id: UUID) -> Correction | None:
        mine = [one for one in self.rows if one.case_id == case_id]
        return copy.deepcopy(max(mine, key=lambda one: one.requested_at, default=None))

    def save(self, correction: Correction) -> None:
        self.rows = [one for one in self.rows if one.correction_id != correction.correction_id] + [correction]


class Requests:
    """What the stored request says."""

    def __init__(self, *asked: Asked) -> None:
        self.asked = asked

    def request(self, ref: DocumentRef) -> tuple[str, tuple[Asked, ...]]:
        return "おそれいります。", self.asked


class Case:
    """An application that was sent, and what is asked of it."""

    def __init__(self, procedure: Procedure, fields: Typed) -> None:
        self.procedure, self.memory, self.rows = procedure, Memory(), Rows()
        ports = self.memory.ports()
        draft = ports.drafts.open("r-tsuji", procedure.id, TODAY)
        use_cases.attach_file(draft, procedure.form.topics[3].question("photos"), photo(), ports.drafts, NOW)
        for topic in procedure.form.topics:
            use_cases.save_topic(draft, topic, fields[topic.id], ports.drafts, NOW)
        command = SubmitApplication(
            case_id=draft.case_id, sub="r-tsuji", seen_version=draft.version, claims={}, shown=[]
        )
        use_cases.submit_application(command, lambda _id, _day: procedure, OFFICE, ports, NOW)
        self.case_id = draft.case_id
        self.memory.said.clear()

    def ask(self, *asked: Asked, at: datetime = NOW, correction_id: UUID | None = None) -> CorrectionRequested:
        fact = CorrectionRequested(
            case_id=self.case_id,
            correction_id=correction_id or uuid.uuid4(),
            request=DocumentRef("1", "a" * 64, "application/json", 1),
            answer_by=date(2026, 12, 8),
            requested_at=at,
        )
        self.hear(fact, *asked)
        return fact

    def hear(self, fact: CorrectionRequested, *asked: Asked) -> None:
        ports = self.memory.ports()
        corrections.hear_correction(fact, ports.applications, ports.drafts, self.rows, Requests(*asked))

    @property
    def answering(self) -> Answering:
        ports = self.memory.ports()
        return Answering(
            application=self.application,
            procedure=self.procedure,
            sent=self.sent,
            corrections=self.rows,
            applications=ports.applications,
            drafts=ports.drafts,
            documents=ports.documents,
            say=ports.say,
        )

    @property
    def application(self) -> Application:
        return copy.deepcopy(self.memory.cases[self.case_id])

    @property
    def sent(self) -> Draft:
        return copy.deepcopy(self.memory.kept[self.case_id])

    def type(self, typed: Mapping[str, dict[str, list[str]]]) -> Mapping[str, tuple[object, ...]]:
        return corrections.take_answer(self.answering, typed, LATER)

    def send(self, at: datetime = LATER) -> ApplicationCorrected:
        corrections.send_answer(self.answering, {}, lambda _draft: [], OFFICE, at)
        fact = self.memory.said[-1]
        assert isinstance(fact, ApplicationCorrected)
        return fact


@pytest.fixture
def case(procedure: Procedure, fields: Typed) -> Case:
    return Case(procedure, fields)


def test_the_asked_answer_changes_and_no_other(case: Case) -> None:
    before = case.sent.answers
    case.ask(COST)
    assert case.type({"work": {"cost": ["2500000"], "builder": ["別の業者"]}, "applicant": {"name": ["別の人"]}}) == {}
    fact = case.send()
    assert case.sent.answers == before | {"work": before["work"] | {"cost": 2_500_000}}
    assert case.memory.documents[-1]["answers"] == case.sent.answers
    assert fact.correction_id == case.rows.rows[0].correction_id
    assert [one.sha256 for one in fact.attachments] == [one.sha256 for one in case.sent.attachments]


def test_what_cannot_be_accepted_is_kept_as_it_was_typed_and_not_sent(case: Case) -> None:
    case.ask(COST)
    assert [fault.code for fault in case.type({"work": {"cost": ["百万"]}})["work"]] == ["number"]
    (correction,) = case.rows.rows
    (topic,) = correction.topics(case.procedure.form)
    assert correction.fields(topic, case.sent) == {"cost": ["百万"]}
    with pytest.raises(UnansweredError):
        case.send()
    assert case.memory.said == []


def test_what_no_longer_holds_when_it_is_sent_is_not_sent(case: Case) -> None:
    case.ask(Asked("work", "start"))
    assert case.type({"work": {"start-y": ["8"], "start-m": ["12"], "start-d": ["14"]}}) == {}
    with pytest.raises(UnansweredError):
        case.send(datetime(2026, 12, 20, 1, 0, tzinfo=NOW.tzinfo))


def test_an_answer_that_puts_another_question_wrong_is_said_and_not_sent(case: Case) -> None:
    case.ask(Asked("work", "start"))
    faults = case.type({"work": {"start-y": ["9"], "start-m": ["3"], "start-d": ["1"]}})
    assert [(fault.question, fault.code) for fault in faults["work"]] == [("end", "order")]


def test_a_question_that_is_not_asked_and_was_wrong_before_does_not_stand_in_the_way(case: Case) -> None:
    """The day on which the work begins has passed while the office looked at the application."""
    case.ask(COST)
    correction = case.rows.rows[0]
    assert correction.take(case.procedure.form, case.sent, {"work": {"cost": ["5"]}}, date(2027, 2, 1)) == {}


def test_files_of_an_asked_question_are_replaced_and_the_limit_holds(case: Case) -> None:
    case.ask(Asked("files", "photos", "屋根が写っていません。"))
    question = case.procedure.form.topics[3].question("photos")
    (old,) = case.answering.correction.attachments
    corrections.remove_from_answer(case.answering, old.id)
    assert [fault.code for fault in case.type({})["files"]] == ["files_missing"]
    for number in range(question.most):
        corrections.attach_to_answer(case.answering, question, photo(f"IMG_{number}.jpg", size=9))
    with pytest.raises(TooManyFilesError):
        corrections.attach_to_answer(case.answering, question, photo("IMG_99.jpg", size=9))
    assert case.type({}) == {}
    assert len(case.send().attachments) == question.most
    assert old.sha256 not in {one.sha256 for one in case.sent.attachments if one.name != old.name}


def test_the_days_of_waiting_are_not_counted(case: Case) -> None:
    due_on = case.application.due_on
    case.ask(COST)
    case.type({"work": {"cost": ["5"]}})
    assert case.send().due_on == case.application.due_on == date(2026, 12, 22)
    assert due_on == date(2026, 12, 14)


@pytest.mark.parametrize(
    ("count", "moved"), [("business", date(2026, 12, 22)), ("calendar", date(2026, 12, 22))]
)
def test_an_answer_of_the_same_day_moves_nothing(count: str, moved: date) -> None:
    period = StandardPeriod(14, count, date(2026, 4, 1))
    day = date(2026, 11, 24)
    assert OFFICE.moved(date(2026, 12, 14), day, day, period) == date(2026, 12, 14)
    assert OFFICE.moved(date(2026, 12, 14), day, date(2026, 12, 2), period) == moved


def test_a_request_that_comes_twice_is_one(case: Case) -> None:
    fact = case.ask(COST)
    case.hear(fact, COST)
    assert len(case.rows.rows) == 1


def test_a_request_of_a_case_that_is_not_intakes_is_passed_over(case: Case) -> None:
    case.case_id, mine = uuid.uuid4(), case.case_id
    case.ask(COST)
    assert case.rows.rows == []
    case.case_id = mine


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.DECIDED])
def test_a_request_that_comes_after_the_end_is_passed_over(case: Case, state: State) -> None:
    case.memory.cases[case.case_id].reach(state, LATER)
    case.ask(COST)
    assert case.rows.rows == []


def test_only_the_newest_request_is_answered_and_only_once(case: Case) -> None:
    case.ask(COST)
    newer = case.ask(Asked("work", "builder"), at=NOW + timedelta(days=1))
    case.type({"work": {"builder": ["株式会社やまがた工務店"]}})
    assert case.send().correction_id == newer.correction_id
    with pytest.raises(CorrectionOverError):
        case.send()
    assert len(case.memory.said) == 1


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.DECIDED, State.OPENED])
def test_after_the_end_nothing_is_answered(case: Case, state: State) -> None:
    case.ask(COST)
    case.memory.cases[case.case_id].reach(state, LATER)
    with pytest.raises(CorrectionOverError):
        case.type({"work": {"cost": ["5"]}})


def test_a_late_answer_is_taken_while_the_town_is_deciding(case: Case) -> None:
    case.ask(COST)
    case.memory.cases[case.case_id].reach(State.DRAFTED, LATER)
    case.type({"work": {"cost": ["5"]}})
    assert case.send(NOW + timedelta(days=40)).corrected_at == NOW + timedelta(days=40)


def test_a_question_comes_with_the_one_that_it_calls_for(town, fields: Typed) -> None:
    found = 0
    for procedure in town.on(TODAY):
        for topic, question in procedure.form.questions():
            if topic.is_called(question):
                found += 1
                before = topic.questions[topic.questions.index(question) - 1]
                correction = _asking(Asked(topic.id, before.id))
                (one,) = correction.topics(procedure.form)
                assert question in one.questions
    assert found


def test_how_the_result_is_received_is_chosen_elsewhere(procedure: Procedure) -> None:
    assert _asking(Asked("delivery", "how")).topics(procedure.form) == ()


def _asking(*asked: Asked) -> Correction:
    return Correction(
        correction_id=uuid.uuid4(), case_id=uuid.uuid4(), message="", asked=asked, answer_by=TODAY, requested_at=NOW
    )
