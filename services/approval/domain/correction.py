"""Requests for correction (補正, 行政手続法7条): what the office asks an applicant to put right, and what came back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from services.approval.domain.notice import Application, Contact
from services.approval.domain.paper import Paper

SCHEMA = "todoke.correction/1"
# 7条: a fair time.  The town's practice gives two weeks where nothing else is said.
USUAL_TIME = timedelta(days=14)
Place = tuple[str, str]


class NothingAskedError(ValueError):
    """A request names questions of the form, and says of each, or of all, what is wrong."""


class TooSoonError(ValueError):
    """An answer can be asked for from tomorrow on.  ``answer_by``: what was asked."""

    def __init__(self, answer_by: date) -> None:
        super().__init__(answer_by.isoformat())
        self.answer_by = answer_by


class StillWaitingError(Exception):
    """The applicant has time until the end of ``answer_by``."""

    def __init__(self, answer_by: date) -> None:
        super().__init__(answer_by.isoformat())
        self.answer_by = answer_by


class UnknownCorrectionError(Exception):
    """An answer to what this office has not asked.  ``correction_id``: which."""

    permanent: ClassVar[bool] = True

    def __init__(self, correction_id: UUID) -> None:
        super().__init__(str(correction_id))
        self.correction_id = correction_id


@dataclass(frozen=True)
class Asked:
    """One question to be answered anew, by the ids of the procedure's form.  ``note``: what is wrong with it."""

    topic: str
    question: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One request.  ``request``: as the applicant reads it (docs/correction.md).

    ``application`` and ``attachments``: what was there when it was asked (補正前).
    """

    correction_id: UUID
    message: str
    questions: tuple[Asked, ...]
    answer_by: date
    request: Paper
    requested_by: str
    requested_at: datetime
    application: Application
    attachments: tuple[Paper, ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: the whole application anew.  ``taken``: False when it came too late to count."""

    correction_id: UUID
    application: Application
    attachments: tuple[Paper, ...]
    due_on: date
    answered_at: datetime
    taken: bool = True


@dataclass(frozen=True)
class Change:
    """One answer that is another now, in the resident's words; empty where there was none."""

    label: str
    old: str
    new: str


def require_asked(questions: Sequence[Asked], message: str, application: Application) -> None:
    """Raises NothingAskedError."""
    known = {(topic, question) for topic, question, _ in _items(application)}
    says = message.strip() or all(one.note.strip() for one in questions)
    if not questions or not says or not {(one.topic, one.question) for one in questions} <= known:
        raise NothingAskedError


def request_document(
    reception_number: str,
    procedure_id: str,
    procedure_version: date,
    contact: Contact,
    message: str,
    questions: Iterable[Asked],
) -> dict[str, Any]:
    """JSON value of the request (docs/correction.md)."""
    return {
        "schema": SCHEMA,
        "reception_number": reception_number,
        "procedure_id": procedure_id,
        "procedure_version": procedure_version.isoformat(),
        "message": message,
        "questions": [{"topic": one.topic, "question": one.question, "note": one.note} for one in questions],
        "contact": {"section": contact.section, "telephone": contact.telephone},
    }


def label_of(application: Application, asked: Asked) -> str:
    """What a question is called in the form; its id when the form does not show it."""
    place = (asked.topic, asked.question)
    return next((str(one["label"]) for *found, one in _items(application) if tuple(found) == place), asked.question)


def changes(before: Application, after: Application) -> Iterator[Change]:
    """Each answer that differs, in the order of the form; what was left out comes last."""
    old, new = _texts(before), _texts(after)
    for place in [*new, *(place for place in old if place not in new)]:
        (label, then), (_, now) = old.get(place, new.get(place, ("", ""))), new.get(place, ("", ""))
        then = then if place in old else ""
        if then != now or _files(before, place[1]) != _files(after, place[1]):
            yield Change(label, then, now)


def _items(application: Application) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for topic in application.shown:
        for item in topic["items"]:
            yield topic["id"], item["id"], item


def _texts(application: Application) -> dict[Place, tuple[str, str]]:
    return {(topic, question): (item["label"], item["text"]) for topic, question, item in _items(application)}


def _files(application: Application, question: str) -> list[str]:
    """Hashes of the files of a question: a photo may be another under the same name."""
    return [one["sha256"] for one in application.attachments if one["question"] == question]
