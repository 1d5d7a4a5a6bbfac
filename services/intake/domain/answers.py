"""From what a resident typed to an answer, or to a fault that the page can put into words.

A field holds a list of texts.  A date is asked in the fields ``<question>-era``, ``-y``, ``-m`` and ``-d``, a year in
the first two.  ``read`` looks at one answer alone; ``judge`` compares the answers of a topic, and does so again on
submission.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.intake.domain import text
from services.intake.domain.eras import FIRST_DAYS, NoSuchYearError, date_in, era_of, year_in
from services.intake.domain.procedure import Answer, Era, Kind, Question, Topic

Fields = Mapping[str, Sequence[str]]
Values = Mapping[str, Answer]

KANA = re.compile(r"[ぁ-ゖゝゞー・ 　]+")
KATAKANA = re.compile(r"[ァ-ヺヽヾーｦ-ﾟ・（）()．.\-－ 　A-ZＡ-Ｚ0-9０-９]+")
TELEPHONE = re.compile(r"0\d{1,4}-?\d{1,4}-?\d{3,4}")
TELEPHONE_DIGITS = (10, 11)
MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
FIRST_YEAR = "元"


@dataclass(frozen=True)
class Fault:
    """Why an answer is refused.  ``part``: which field of several; ``facts``: what the message tells."""

    question: str
    code: str
    part: str = ""
    facts: Mapping[str, str | int | date] = field(default_factory=dict)


class _Refused(Exception):
    def __init__(self, code: str, part: str = "", **facts: str | int | date) -> None:
        super().__init__(code)
        self.code, self.part, self.facts = code, part, facts


@dataclass(frozen=True)
class Reading:
    """The answers that could be read, and the faults of the others."""

    values: dict[str, Answer]
    faults: tuple[Fault, ...]


def read(topic: Topic, fields: Fields, today: date, files: Mapping[str, int] | None = None) -> Reading:
    """Read and judge one topic.  ``files``: how many files each question has."""
    values: dict[str, Answer] = {}
    unreadable: dict[str, Fault] = {}
    for question in topic.questions:
        try:
            value = _read_one(question, fields)
        except _Refused as refused:
            unreadable[question.id] = Fault(question.id, refused.code, refused.part, refused.facts)
        else:
            if value not in ("", []):
                values[question.id] = value
    _drop_unasked(topic, values, unreadable)
    ruled = {fault.question: fault for fault in judge(topic, values, today, files or {})}
    faults = ruled | unreadable
    return Reading(values, tuple(faults[question.id] for question in topic.questions if question.id in faults))


def judge(topic: Topic, values: Values, today: date, files: Mapping[str, int]) -> tuple[Fault, ...]:
    """The faults of answers that can be read."""
    found = (_judge_one(question, values, today, files) for question in topic.questions)
    return tuple(fault for fault in found if fault)


def fields_of(question: Question, value: Answer) -> dict[str, list[str]]:
    """The fields in which this answer is typed: the way back from ``read``."""
    if question.kind is Kind.DATE:
        return _date_fields(question.id, date.fromisoformat(str(value)))
    if question.kind is Kind.YEAR:
        return _year_fields(question, int(str(value)))
    texts = value if isinstance(value, list) else [str(value)]
    return {question.id: list(texts)}


def _drop_unasked(topic: Topic, values: dict[str, Answer], unreadable: dict[str, Fault]) -> None:
    """What stands in a field that another answer has made needless."""
    for name in [question.id for question in topic.questions if not question.is_asked(values)]:
        values.pop(name, None)
        unreadable.pop(name, None)


def _read_one(question: Question, fields: Fields) -> Answer:
    if question.kind is Kind.FILES:
        return ""
    if question.kind is Kind.CHOICES:
        return [option.value for option in question.options if option.value in fields.get(question.id, ())]
    if question.kind is Kind.DATE:
        return _read_date(question, fields)
    if question.kind is Kind.YEAR:
        return _read_year(question, fields)
    typed = "".join(fields.get(question.id, ())[:1]).replace("\r\n", "\n").strip()
    if text.has_unwanted(typed):
        raise _Refused("characters")
    return _READERS.get(question.kind, _read_text)(question, typed) if typed else ""


def _read_text(question: Question, typed: str) -> Answer:
    if question.kind is not Kind.PARAGRAPH and "\n" in typed:
        raise _Refused("characters")
    if text.length(typed) > question.longest:
        raise _Refused("too_long", most=question.longest, now=text.length(typed))
    return typed


def _read_kana(question: Question, typed: str) -> Answer:
    if not KANA.fullmatch(typed):
        raise _Refused("kana")
    return _read_text(question, typed)


def _read_katakana(question: Question, typed: str) -> Answer:
    if not KATAKANA.fullmatch(typed):
        raise _Refused("katakana")
    return _read_text(question, typed)


def _read_integer(question: Question, typed: str) -> Answer:
    digits = text.half_width(typed).replace(",", "").replace(" ", "").removesuffix(question.unit)
    if not _is_number(digits):
        raise _Refused("number")
    if not question.least <= int(digits) <= question.most:
        raise _Refused("range", least=question.least, most=question.most)
    return int(digits)


def _read_digits(question: Question, typed: str) -> Answer:
    digits = text.half_width(typed)
    if not _is_number(digits) or len(digits) != question.digits:
        raise _Refused("digits", digits=question.digits)
    return digits


def _read_telephone(_question: Question, typed: str) -> Answer:
    dialled = text.dialled(typed)
    if not TELEPHONE.fullmatch(dialled) or len(dialled.replace("-", "")) not in TELEPHONE_DIGITS:
        raise _Refused("telephone")
    return dialled


def _read_mail(question: Question, typed: str) -> Answer:
    address = text.half_width(typed)
    if "@" not in address:
        raise _Refused("mail_at")
    if not MAIL.fullmatch(address):
        raise _Refused("mail")
    return _read_text(question, address)


def _read_choice(question: Question, typed: str) -> Answer:
    if question.option(typed) is None:
        raise _Refused("not_picked")
    return typed


_READERS = {
    Kind.KANA: _read_kana,
    Kind.KATAKANA: _read_katakana,
    Kind.INTEGER: _read_integer,
    Kind.DIGITS: _read_digits,
    Kind.TELEPHONE: _read_telephone,
    Kind.MAIL: _read_mail,
    Kind.CHOICE: _read_choice,
    Kind.DELIVERY: _read_choice,
}


def _read_date(question: Question, fields: Fields) -> Answer:
    typed = {part: _part(question, fields, part) for part in ("y", "m", "d")}
    if not any(typed.values()):
        return ""
    era = _era(question, fields)
    year, month, day = (_part_number(part, digits) for part, digits in typed.items())
    try:
        return date_in(era, year, month, day).isoformat()
    except NoSuchYearError as error:
        raise _Refused("no_such_year", "y", era=error.era, year=error.year) from error
    except ValueError as error:
        raise _Refused("no_such_date", "d", month=month, day=day) from error


def _read_year(question: Question, fields: Fields) -> Answer:
    typed = _part(question, fields, "y")
    if not typed:
        return ""
    try:
        return year_in(_era(question, fields), _part_number("y", typed))
    except NoSuchYearError as error:
        raise _Refused("no_such_year", "y", era=error.era, year=error.year) from error


def _part(question: Question, fields: Fields, part: str) -> str:
    typed = "".join(fields.get(f"{question.id}-{part}", ())[:1])
    folded = text.half_width(typed).strip()
    return "1" if part == "y" and folded == FIRST_YEAR else folded


def _part_number(part: str, digits: str) -> int:
    if not digits:
        raise _Refused("date_part", part)
    if not _is_number(digits) or len(digits) > len("0000"):
        raise _Refused("date_number", part)
    return int(digits)


def _era(question: Question, fields: Fields) -> Era:
    if len(question.eras) == 1:
        return question.eras[0]
    picked = _part(question, fields, "era")
    if picked not in question.eras:
        raise _Refused("era", "era")
    return Era(picked)


def _is_number(digits: str) -> bool:
    return digits.isascii() and digits.isdecimal()


def _judge_one(question: Question, values: Values, today: date, files: Mapping[str, int]) -> Fault | None:
    if question.kind is Kind.FILES:
        return _judge_files(question, files.get(question.id, 0))
    value = values.get(question.id)
    if value is None:
        return Fault(question.id, "empty") if question.is_needed(values) else None
    if question.kind is Kind.DATE:
        return _judge_date(question, date.fromisoformat(str(value)), values, today)
    if question.kind is Kind.YEAR and int(str(value)) > today.year:
        return Fault(question.id, "future", "y", {"today": today})
    return None


def _judge_files(question: Question, count: int) -> Fault | None:
    if count < question.least:
        return Fault(question.id, "files_missing", "", {"least": question.least})
    if count > question.most:
        return Fault(question.id, "files_many", "", {"most": question.most})
    return None


def _judge_date(question: Question, day: date, values: Values, today: date) -> Fault | None:
    if question.after == "today" and day <= today:
        return Fault(question.id, "past", "d", {"today": today})
    if question.before == "today" and day >= today:
        return Fault(question.id, "future", "d", {"today": today})
    if question.before == "tomorrow" and day > today:
        return Fault(question.id, "yet_to_come", "d", {"today": today})
    earlier = values.get(question.after)
    if earlier and day <= date.fromisoformat(str(earlier)):
        return Fault(question.id, "order", "d", {"other": question.after})
    return None


def _date_fields(name: str, day: date) -> dict[str, list[str]]:
    era, year = era_of(day)
    parts = {"era": era.value, "y": str(year), "m": str(day.month), "d": str(day.day)}
    return {f"{name}-{part}": [typed] for part, typed in parts.items()}


def _year_fields(question: Question, year: int) -> dict[str, list[str]]:
    era = max((era for era in question.eras if FIRST_DAYS[era].year <= year), key=lambda era: FIRST_DAYS[era])
    return {f"{question.id}-era": [era.value], f"{question.id}-y": [str(year - FIRST_DAYS[era].year + 1)]}
