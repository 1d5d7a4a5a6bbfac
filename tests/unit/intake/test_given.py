"""Answers of another programme are read as those of the page; whatever comes, a fault with words is the worst."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as any_

from services.intake.domain.answers import read
from services.intake.domain.given import read_given
from services.intake.domain.procedure import Answer, Procedure, Topic
from services.intake.web import forms

TODAY = date(2026, 11, 24)
DATES = any_.dates().map(date.isoformat)
ANSWERS = any_.one_of(
    any_.text(), any_.integers(-(10**15), 10**15), any_.lists(any_.text(), max_size=4), DATES,
    any_.sampled_from(["", "2026-02-30", "２０２６-１２-１４", "元", "reiwa", "self", "\x00", "\ud800", "0238-1"]),
)  # fmt: skip
# What an answer is, in the fields of the page and as a value.
SAME: list[tuple[str, dict[str, list[str]], dict[str, Answer]]] = [
    ("house", {"built-era": ["showa"], "built-y": ["58"]}, {"built": 1983}),
    ("work", {"cost": ["１，９８０，０００円"]}, {"cost": 1_980_000}),
    ("work", {"kinds": ["snow", "roof"]}, {"kinds": ["snow", "roof"]}),
    ("work", {"start-y": ["8"], "start-m": ["12"], "start-d": ["14"]}, {"start": "2026-12-14"}),
    ("applicant", {"birthdate-era": ["showa"], "birthdate-y": ["64"], "birthdate-m": ["1"], "birthdate-d": ["7"]},
     {"birthdate": "1989-01-07"}),
    ("delivery", {"how": ["digital"]}, {"how": "digital"}),
]  # fmt: skip


def topic_of(procedure: Procedure, topic_id: str) -> Topic:
    found = procedure.form.topic(topic_id)
    assert found
    return found


@pytest.mark.parametrize(("topic_id", "fields", "values"), SAME)
def test_a_value_is_the_answer_that_the_page_would_read(
    procedure: Procedure, topic_id: str, fields: dict[str, list[str]], values: dict[str, Answer]
) -> None:
    topic = topic_of(procedure, topic_id)
    assert read_given(topic, values, TODAY, {}).values == read(topic, fields, TODAY).values != {}


@pytest.mark.parametrize(
    ("topic_id", "values", "code"),
    [
        ("work", {"cost": "1980000"}, "type"),
        ("work", {"kinds": "roof"}, "type"),
        ("work", {"kinds": ["roof", "moat"]}, "not_picked"),
        ("work", {"start": "20261214"}, "iso_date"),
        ("work", {"start": "2026-02-30"}, "iso_date"),
        ("work", {"start": "2018-04-30"}, "eras"),
        ("work", {"start": "2026-11-24"}, "past"),
        ("house", {"built": 1867}, "eras"),
        ("house", {"built": 99_999}, "date_number"),
        ("house", {"roof": "red"}, "unknown"),
        ("files", {"photos": "x"}, "files_apart"),
    ],
)
def test_what_cannot_be_read_is_a_fault_of_its_question(
    procedure: Procedure, topic_id: str, values: dict[str, Answer], code: str
) -> None:
    (name,) = values
    faults = {fault.question: fault for fault in read_given(topic_of(procedure, topic_id), values, TODAY, {}).faults}
    assert faults[name].code == code


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=any_.data())
def test_whatever_comes_is_an_answer_or_a_fault_with_words(procedure: Procedure, data: any_.DataObject) -> None:
    for topic in procedure.form.topics:
        values = data.draw(any_.dictionaries(any_.sampled_from([one.id for one in topic.questions]), ANSWERS))
        for fault in read_given(topic, values, TODAY, Counter()).faults:
            assert forms.message(topic, topic.question(fault.question), fault).endswith(("。", "1234", "jp"))
