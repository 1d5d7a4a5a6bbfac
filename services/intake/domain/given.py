"""Answers as another programme sends them (the values of docs/form.md), brought into the fields that a page sends.

So they are read and judged as on the page, with its messages.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date

from services.intake.domain.answers import Fault, Reading, Values, fields_of, read
from services.intake.domain.eras import FIRST_DAYS, era_of
from services.intake.domain.procedure import Answer, Kind, Question, Topic

Given = dict[str, list[str]]
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class _Refused(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_given(topic: Topic, values: Values, today: date, files: Mapping[str, int]) -> Reading:
    """Read and judge one topic.  ``files``: how many files each question has."""
    fields: Given = {}
    refused = {name: Fault(name, "unknown") for name in values.keys() - {one.id for one in topic.questions}}
    for question in topic.questions:
        if question.id in values:
            try:
                fields |= _fields(question, values[question.id])
            except _Refused as error:
                refused[question.id] = Fault(question.id, error.code)
    reading = read(topic, fields, today, files)
    faults = {fault.question: fault for fault in reading.faults} | refused
    return Reading(reading.values, tuple(faults.values()))


def _fields(question: Question, value: Answer) -> Given:
    return _BY_KIND.get(question.kind, _text)(question, value)


def _text(question: Question, value: Answer) -> Given:
    if not isinstance(value, str):
        raise _Refused("type")
    return {question.id: [value]}


def _number(question: Question, value: Answer) -> Given:
    if not isinstance(value, int):
        raise _Refused("type")
    return {question.id: [str(value)]}


def _options(question: Question, value: Answer) -> Given:
    if not isinstance(value, list):
        raise _Refused("type")
    if any(question.option(one) is None for one in value):
        raise _Refused("not_picked")
    return {question.id: value}


def _date(question: Question, value: Answer) -> Given:
    day = _day(value)
    if day < min(FIRST_DAYS[era] for era in question.eras) or era_of(day)[0] not in question.eras:
        raise _Refused("eras")
    return fields_of(question, value)


def _day(value: Answer) -> date:
    if not isinstance(value, str) or not ISO_DATE.fullmatch(value):
        raise _Refused("iso_date")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise _Refused("iso_date") from error


def _year(question: Question, value: Answer) -> Given:
    if not isinstance(value, int):
        raise _Refused("type")
    if value < min(FIRST_DAYS[era].year for era in question.eras):
        raise _Refused("eras")
    return fields_of(question, value)


def _files(_question: Question, _value: Answer) -> Given:
    raise _Refused("files_apart")


_BY_KIND: Mapping[Kind, Callable[[Question, Answer], Given]] = {
    Kind.INTEGER: _number,
    Kind.CHOICES: _options,
    Kind.DATE: _date,
    Kind.YEAR: _year,
    Kind.FILES: _files,
}
