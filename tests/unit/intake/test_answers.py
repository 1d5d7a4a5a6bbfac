"""What residents type becomes answers, or faults that name the field."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain import text
from services.intake.domain.answers import Fault, fields_of, read
from services.intake.domain.eras import date_in, era_of
from services.intake.domain.procedure import Era, Kind, Procedure, Question, Topic

TODAY = date(2026, 11, 24)
Typed = dict[str, dict[str, list[str]]]


def topic_of(procedure: Procedure, topic_id: str) -> Topic:
    topic = procedure.form.topic(topic_id)
    assert topic
    return topic


def faults(procedure: Procedure, topic_id: str, typed: dict[str, list[str]], today: date = TODAY) -> dict[str, Fault]:
    reading = read(topic_of(procedure, topic_id), typed, today)
    return {fault.question: fault for fault in reading.faults}


def test_a_form_filled_in_as_residents_do_has_no_fault(procedure: Procedure, fields: Typed) -> None:
    for topic in procedure.form.topics:
        assert read(topic, fields[topic.id], TODAY, {"photos": 1}).faults == ()


def test_amounts_and_numbers_are_read_in_full_width_too(procedure: Procedure, fields: Typed) -> None:
    assert read(topic_of(procedure, "work"), fields["work"], TODAY).values["cost"] == 1_980_000
    assert read(topic_of(procedure, "account"), fields["account"], TODAY).values["account_number"] == "1234567"
    assert read(topic_of(procedure, "applicant"), fields["applicant"], TODAY).values["telephone"] == "0238-00-1234"


@pytest.mark.parametrize("name", ["辻\U000e0100 \U00020bb7子", "髙橋 みのり", "渡邉 正", "神\ufa19 社"])
def test_a_name_is_kept_as_it_was_typed(procedure: Procedure, fields: Typed, name: str) -> None:
    typed = fields["applicant"] | {"name": [name]}
    assert read(topic_of(procedure, "applicant"), typed, TODAY).values["name"] == name


def test_variation_selectors_do_not_count_as_characters() -> None:
    assert text.length("辻\U000e0100 \U00020bb7子") == 4


def test_small_kana_are_not_folded(procedure: Procedure, fields: Typed) -> None:
    for kana in ("きようこ", "きょうこ"):
        typed = fields["applicant"] | {"kana": [kana]}
        assert read(topic_of(procedure, "applicant"), typed, TODAY).values["kana"] == kana


@pytest.mark.parametrize(
    ("topic", "field", "typed", "code"),
    [
        ("applicant", "name", "", "empty"),
        ("applicant", "name", "山田\u202e太郎", "characters"),
        ("applicant", "name", "山田\ue000", "characters"),
        ("applicant", "name", "山" * 61, "too_long"),
        ("applicant", "kana", "タカハシ", "kana"),
        ("applicant", "telephone", "123", "telephone"),
        ("applicant", "telephone", "電話なし", "telephone"),
        ("applicant", "mail", "minori.example.jp", "mail_at"),
        ("applicant", "mail", "minori@example", "mail"),
        ("work", "cost", "百九十八万", "number"),
        ("work", "cost", "0", "range"),
        ("work", "cost", "100000000", "range"),
        ("work", "cost", "-1", "number"),
        ("work", "cost", "²", "number"),
        ("work", "builder_town", "moon", "not_picked"),
        ("account", "account_number", "123456", "digits"),
        ("account", "account_holder", "つじ よしこ", "katakana"),
    ],
)
def test_a_wrong_answer_is_refused_with_its_reason(
    procedure: Procedure, fields: Typed, topic: str, field: str, typed: str, code: str
) -> None:
    assert faults(procedure, topic, fields[topic] | {field: [typed]})[field].code == code


def test_nothing_picked_is_an_empty_answer(procedure: Procedure, fields: Typed) -> None:
    assert faults(procedure, "work", fields["work"] | {"kinds": []})["kinds"].code == "empty"
    assert faults(procedure, "work", fields["work"] | {"kinds": ["moon"]})["kinds"].code == "empty"


@pytest.mark.parametrize(
    ("year", "month", "day", "code", "part"),
    [
        ("8", "11", "31", "no_such_date", "d"),
        ("8", "11", "", "date_part", "d"),
        ("", "11", "3", "date_part", "y"),
        ("八", "11", "3", "date_number", "y"),
        ("8", "11", "24", "past", "d"),
        ("0", "11", "24", "no_such_year", "y"),
    ],
)
def test_a_date_that_cannot_be_is_refused_at_its_field(
    procedure: Procedure, fields: Typed, year: str, month: str, day: str, code: str, part: str
) -> None:
    typed = fields["work"] | {"start-y": [year], "start-m": [month], "start-d": [day]}
    fault = faults(procedure, "work", typed)["start"]
    assert (fault.code, fault.part) == (code, part)


def test_work_ends_after_it_starts(procedure: Procedure, fields: Typed) -> None:
    typed = fields["work"] | {"end-y": ["8"], "end-m": ["12"], "end-d": ["14"]}
    assert faults(procedure, "work", typed)["end"].code == "order"


def test_a_question_is_needed_only_with_the_answers_that_make_it_so(procedure: Procedure, fields: Typed) -> None:
    assert faults(procedure, "house", fields["house"]) == {}
    assert faults(procedure, "house", fields["house"] | {"owner": ["rented"]})["owner_name"].code == "empty"


def test_photos_are_asked_for(procedure: Procedure) -> None:
    assert faults(procedure, "files", {})["photos"].code == "files_missing"


def test_faults_come_in_the_order_of_the_page(procedure: Procedure) -> None:
    asked = [question.id for question in topic_of(procedure, "applicant").questions]
    assert [fault.question for fault in read(topic_of(procedure, "applicant"), {}, TODAY).faults] == asked


def test_an_era_ends_on_its_last_day(procedure: Procedure, fields: Typed) -> None:
    typed = fields["applicant"] | {"birthdate-d": ["8"]}
    assert faults(procedure, "applicant", typed)["birthdate"].code == "no_such_year"
    assert date_in(Era.HEISEI, 1, 1, 8) == date(1989, 1, 8)


def test_the_first_year_may_be_written_gannen(procedure: Procedure, fields: Typed) -> None:
    typed = fields["applicant"] | {"birthdate-era": ["heisei"], "birthdate-y": ["元"], "birthdate-d": ["8"]}
    assert read(topic_of(procedure, "applicant"), typed, TODAY).values["birthdate"] == "1989-01-08"


@given(st.dates(date(1868, 1, 25), date(2100, 1, 1)))
def test_every_date_is_typed_and_read_back(day: date) -> None:
    era, year = era_of(day)
    assert date_in(era, year, day.month, day.day) == day


@given(st.dates(date(1868, 1, 25), TODAY.replace(day=23)))
def test_fields_of_a_date_are_read_as_the_same_date(day: date) -> None:
    question = Question(id="d", label="日", kind=Kind.DATE, eras=tuple(Era))
    topic = Topic("t", "", "", (question,))
    assert read(topic, fields_of(question, day.isoformat()), TODAY).values == {"d": day.isoformat()}


@given(st.text(max_size=20))
def test_no_text_whatever_breaks_the_reading(typed: str) -> None:
    for kind in (Kind.TEXT, Kind.INTEGER, Kind.TELEPHONE, Kind.MAIL, Kind.KANA, Kind.DIGITS):
        topic = Topic("t", "", "", (Question(id="q", label="問", kind=kind, most=9, digits=3),))
        read(topic, {"q": [typed]}, TODAY)


@given(st.lists(st.text(max_size=6), min_size=4, max_size=4))
def test_no_date_whatever_breaks_the_reading(typed: list[str]) -> None:
    topic = Topic("t", "", "", (Question(id="q", label="問", kind=Kind.DATE, eras=tuple(Era)),))
    read(topic, {f"q-{part}": [one] for part, one in zip(("era", "y", "m", "d"), typed, strict=True)}, TODAY)
