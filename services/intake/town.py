"""Reads infra/town: the procedures with their forms, dated, and the life events.  Wrong data stops the process."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from services.intake.domain.procedure import (
    Condition,
    Contact,
    Fee,
    Form,
    Handout,
    Kind,
    LegalBasis,
    Option,
    Period,
    Procedure,
    Question,
    StandardPeriod,
    Summary,
    Topic,
)

SHAPES = (
    Condition, Contact, Fee, Form, Handout, LegalBasis, Option, Period, Procedure, Question, StandardPeriod, Summary,
    Topic,
)  # fmt: skip
LEGAL_BASES = {"act", "ordinance", "rule", "outline"}
APPEALS = {"none", "both", "appeal_first", "ruling_only", "charges", "local_tax"}
RETENTIONS = {"1y", "3y", "5y", "10y", "30y", "permanent"}
COUNTS = {"business", "calendar"}
MEANINGS = {"", "name", "kana", "address", "birthdate", "telephone", "mail"}
PICKED = {Kind.CHOICE, Kind.CHOICES, Kind.DELIVERY}
DATED = {Kind.DATE, Kind.YEAR}
# Paths below /apply that are not procedures, and below a procedure that are not topics.
RESERVED = {
    "about", "api", "procedures", "cases", "static", "check", "done", "file", "healthz", "sign-in", "signed-in",
    "sign-out", "signed-out-elsewhere", "kept-form",
}  # fmt: skip
# Fields that every page of a form has.
OWN_FIELDS = {"csrf_token", "draft", "version", "leave", "remove"}


class TownDataError(Exception):
    """The town's data is wrong.  Says the file and the key.  Permanent."""

    def __init__(self, path: Path, key: str, problem: str) -> None:
        super().__init__(f"{path}: {key}: {problem}")
        self.path, self.key, self.problem = path, key, problem


@dataclass(frozen=True)
class LifeEvent:
    """A reason for which residents look for procedures."""

    id: str
    name: str


@dataclass(frozen=True)
class Town:
    """All versions of all procedures."""

    procedures: tuple[Procedure, ...]
    life_events: tuple[LifeEvent, ...]

    def on(self, day: date) -> list[Procedure]:
        """The version of each procedure that is valid on this day, in kana order."""
        newest: dict[str, Procedure] = {}
        for one in sorted(self.procedures, key=lambda one: one.valid_from):
            if one.is_valid(day):
                newest[one.id] = one
        return sorted(newest.values(), key=lambda one: one.kana)

    def procedure(self, procedure_id: str, day: date) -> Procedure | None:
        """The version of this procedure that is valid on this day."""
        return next((one for one in self.on(day) if one.id == procedure_id), None)

    def version(self, procedure_id: str, valid_from: date) -> Procedure:
        """The version an application was made with.  Raises KeyError when the town's data has lost it."""
        return {(one.id, one.valid_from): one for one in self.procedures}[procedure_id, valid_from]


def read_town(folder: Path) -> Town:
    """Read infra/town.  Raises TownDataError."""
    life_events = _life_events(folder / "life_events.toml")
    known = {event.id for event in life_events}
    procedures = tuple(_procedure(one.parent, known) for one in sorted(folder.glob("procedures/*/procedure.toml")))
    if not procedures:
        raise TownDataError(folder / "procedures", "*", "there is no procedure")
    _refuse_twins(folder / "procedures", procedures)
    return Town(procedures, life_events)


def _life_events(path: Path) -> tuple[LifeEvent, ...]:
    return tuple(_shaped(LifeEvent, one, path, "life_events") for one in _toml(path).get("life_events", ()))


def _procedure(folder: Path, life_events: set[str]) -> Procedure:
    form_path, path = folder / "form.toml", folder / "procedure.toml"
    form = _shaped(Form, _toml(form_path), form_path)
    for key, problem in _problems_of_form(form):
        raise TownDataError(form_path, key, problem)
    procedure: Procedure = _shaped(Procedure, _toml(path) | {"form": form}, path)
    for key, problem in (*_problems_of_facts(procedure, life_events), *_problems_of_dues(procedure)):
        raise TownDataError(path, key, problem)
    return procedure


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TownDataError(path, "*", "the file cannot be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TownDataError(path, "*", str(error)) from error


def _shaped(shape: type, value: Any, path: Path, where: str = "") -> Any:
    try:
        return TypeAdapter(shape).validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in (where, *first["loc"]) if part != "")
        raise TownDataError(path, key or "*", first["msg"]) from error


def _problems_of_facts(procedure: Procedure, life_events: set[str]) -> Iterator[tuple[str, str]]:
    for key, value, known in (
        ("id", procedure.id in RESERVED, {False}),
        ("life_event", procedure.life_event, life_events),
        ("retention", procedure.retention, RETENTIONS),
        ("legal_basis.kind", procedure.legal_basis.kind, LEGAL_BASES),
        ("legal_basis.appeal", procedure.legal_basis.appeal, APPEALS),
        ("standard_period.count", procedure.standard_period.count, COUNTS),
        ("name_phrases", "".join(procedure.name_phrases), {"", procedure.name}),
    ):
        if value not in known:
            yield key, f"{value} is none of {', '.join(sorted(map(str, known)))}"


def _problems_of_dues(procedure: Procedure) -> Iterator[tuple[str, str]]:
    for kind, entries in (("fees", procedure.fees), ("collect", procedure.collect)):
        for one in _repeated(entry.id for entry in entries):
            yield f"{kind}.{one}", "two entries have this id"
    for fee in procedure.fees:
        if fee.amount is None and not fee.about:
            yield f"fees.{fee.id}.amount", "neither amount nor about says what it costs"
        if fee.amount is not None and fee.amount < 1:
            yield f"fees.{fee.id}.amount", "is not a whole number of yen above 0; what is free has no entry"


def _problems_of_form(form: Form) -> Iterator[tuple[str, str]]:
    for topic_id in _repeated(topic.id for topic in form.topics):
        yield topic_id, "two topics have this id"
    for topic in form.topics:
        if topic.id in RESERVED:
            yield topic.id, "this id is reserved"
        for question_id in _repeated(question.id for question in topic.questions):
            yield f"{topic.id}.{question_id}", "two questions have this id"
        for question in topic.questions:
            for problem in _problems_of_question(topic, question):
                yield f"{topic.id}.{question.id}", problem


def _problems_of_question(topic: Topic, question: Question) -> Iterator[str]:
    ids = {one.id for one in topic.questions} | {"", "today"}
    before = ids | {"tomorrow"}
    if question.id in OWN_FIELDS:
        yield "this id is reserved"
    if (question.kind in PICKED) != bool(question.options):
        yield "options belong to choice, choices and delivery, and to each of them"
    if question.kind in DATED and not question.eras:
        yield "eras are missing"
    if question.kind is Kind.DIGITS and not question.digits:
        yield "digits are missing"
    if question.kind in (Kind.INTEGER, Kind.FILES) and question.most < max(question.least, 1):
        yield "most is missing or below least"
    if question.meaning not in MEANINGS:
        yield f"meaning {question.meaning} is not known"
    if question.after not in ids or question.before not in before:
        yield "after or before names no question of this topic"
    if question.needed_when and question.needed_when.question not in ids:
        yield "needed_when names no question of this topic"


def _refuse_twins(folder: Path, procedures: tuple[Procedure, ...]) -> None:
    for key in _repeated(f"{one.id} from {one.valid_from}" for one in procedures):
        raise TownDataError(folder, key, "two folders describe the same version")


def _repeated(ids: Iterator[str]) -> list[str]:
    return [one for one, times in Counter(ids).items() if times > 1]


# A misspelt key must not pass in silence; the domain itself knows nothing of pydantic.
_shape: Any
for _shape in (*SHAPES, LifeEvent):
    _shape.__pydantic_config__ = ConfigDict(extra="forbid")
