"""Every procedure that the town ships can be filled in and sent, and tells what it costs before and after."""

import uuid
from datetime import date, timedelta

import pytest

from services.intake import use_cases
from services.intake.domain.answers import read
from services.intake.domain.calendar import Calendar
from services.intake.domain.draft import Attachment, Draft
from services.intake.domain.eras import era_of
from services.intake.domain.procedure import Kind, Procedure, Question, Topic
from services.intake.domain.search import find
from services.intake.town import read_town
from services.intake.use_cases import SubmitApplication
from services.messages import ApplicationSubmitted
from tests.holidays import HOLIDAYS
from tests.unit.intake.conftest import NOW, TODAY, TOWN
from tests.unit.intake.memory import Memory

PROCEDURES = read_town(TOWN).on(TODAY)
SHIPPED = pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda procedure: procedure.id)
TYPED = {
    Kind.KANA: "たかはた はなこ",
    Kind.KATAKANA: "タカハタ ハナコ",
    Kind.INTEGER: "1",
    Kind.TELEPHONE: "0238-00-1234",
    Kind.MAIL: "hanako@example.jp",
}
PHOTO = {"name": "IMG_1.jpg", "media_type": "image/jpeg", "size": 1_000, "sha256": "0" * 64}


def typed(question: Question, *, last: bool) -> dict[str, list[str]]:
    """What a resident types; of the options, the first or the ``last`` one."""
    if question.kind in (Kind.DATE, Kind.YEAR):
        return typed_day(question)
    if question.options:
        return {question.id: [question.options[-1 if last else 0].value]}
    if question.kind is Kind.DIGITS:
        return {question.id: ["1" * question.digits]}
    return {question.id: [TYPED.get(question.kind, "犬")]}


def typed_day(question: Question) -> dict[str, list[str]]:
    """A day before or after today as the question wants it; one that follows another day lies farther off."""
    ahead = {"today": 30, "": -30}.get(question.after, 60)
    day = TODAY + timedelta(days=ahead)
    era, year = era_of(day)
    parts = {"era": era.value, "y": str(year), "m": str(day.month), "d": str(day.day)}
    return {f"{question.id}-{part}": [text] for part, text in parts.items()}


def fields(topic: Topic, *, last: bool = False) -> dict[str, list[str]]:
    return {name: texts for question in topic.questions for name, texts in typed(question, last=last).items()}


def filled(procedure: Procedure, memory: Memory, *, last: bool) -> Draft:
    drafts = memory.ports().drafts
    draft = drafts.open("r-tsuji", procedure.id, TODAY)
    for topic, question in procedure.form.questions():
        for place in range(question.least if question.kind is Kind.FILES else 0):
            photo = Attachment(id=uuid.uuid4(), question=question.id, **PHOTO | {"sha256": f"{place:064}"})
            use_cases.attach_file(draft, topic.question(question.id), photo, drafts, NOW)
    for topic in procedure.form.topics:
        assert use_cases.save_topic(draft, topic, fields(topic, last=last), drafts, NOW).faults == ()
    return draft


@SHIPPED
@pytest.mark.parametrize("last", [False, True], ids=["first options", "last options"])
def test_it_can_be_filled_in_and_sent(procedure: Procedure, last: bool) -> None:
    memory = Memory()
    draft = filled(procedure, memory, last=last)
    command = SubmitApplication(
        case_id=draft.case_id, sub=draft.sub, seen_version=draft.version, claims={}, shown=[]
    )
    office = Calendar(HOLIDAYS.is_open)
    use_cases.submit_application(command, lambda _id, _day: procedure, office, memory.ports(), NOW)
    (fact,) = memory.said
    assert isinstance(fact, ApplicationSubmitted)
    assert (fact.procedure_id, fact.digital) == (procedure.id, not last)
    assert fact.due_on > TODAY


@SHIPPED
def test_the_applicant_can_be_named_addressed_and_reached(procedure: Procedure) -> None:
    meanings = {question.meaning for _, question in procedure.form.questions()}
    assert {"name", "address", "telephone", "mail"} <= meanings
    assert sum(question.kind is Kind.DELIVERY for _, question in procedure.form.questions()) == 1


@SHIPPED
def test_it_is_found_by_each_of_its_search_words(procedure: Procedure) -> None:
    assert all(procedure in find(PROCEDURES, word) for word in procedure.search_words)


def test_a_dog_costs_a_fee_and_has_its_tag_at_the_counter() -> None:
    (dog,) = (one for one in PROCEDURES if one.id == "dog-registration")
    assert [(fee.id, fee.amount) for fee in dog.fees] == [("registration", 3000), ("vaccination", 550)]
    (tag,) = dog.collect
    assert "鑑札" in tag.what


def test_a_request_for_documents_is_decided_within_fifteen_days_of_any_kind() -> None:
    (request,) = (one for one in PROCEDURES if one.id == "disclosure-request")
    office = Calendar(HOLIDAYS.is_open)
    assert office.due_on(date(2026, 11, 24), request.standard_period) == date(2026, 12, 9)
    assert [(fee.unit, fee.amount) for fee in request.fees] == [("1枚", 10), ("", None)]


@pytest.mark.parametrize(("place", "missing"), [("home", set()), ("other", {"location"})])
def test_where_a_dog_is_kept_is_asked_only_if_not_at_home(place: str, missing: set[str]) -> None:
    (dog,) = (one for one in PROCEDURES if one.id == "dog-registration")
    topic = dog.form.topic("dog")
    assert topic
    given = fields(topic) | {"place": [place], "location": [""]}
    assert {fault.question for fault in read(topic, given, TODAY).faults} == missing
