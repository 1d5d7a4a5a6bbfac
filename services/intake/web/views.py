"""What the templates of a form show: fields with what was typed, and the messages beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.intake.domain.answers import Fault, Fields, fields_of, judge
from services.intake.domain.draft import Attachment, Draft
from services.intake.domain.procedure import Accept, Form, Kind, Question, Topic
from services.intake.web import forms

EXAMPLES = {Accept.PHOTO: "image/jpeg,image/png,image/heic,.heic", Accept.DOCUMENT: "image/*,.heic,application/pdf"}
Claims = Mapping[str, str]


@dataclass(frozen=True)
class Field:
    """A question on its page.  ``typed``: its fields; ``part``: the one that the message is about."""

    question: Question
    typed: Mapping[str, str]
    picked: Sequence[str] = ()
    error: str = ""
    part: str = ""
    needed: bool = True
    files: Sequence[Attachment] = ()
    refused: Sequence[str] = ()

    @property
    def anchor(self) -> str:
        """The id of the input that the summary leads to."""
        return forms.field_of(self.question, self.part)

    @property
    def accept(self) -> str:
        """What the device's own chooser offers."""
        return EXAMPLES[self.question.accept]


@dataclass(frozen=True)
class Page:
    """One topic's page.  ``errors``: (anchor, first sentence) for the summary on top."""

    fields: Sequence[Field]
    errors: Sequence[tuple[str, str]] = field(default=())


def page_of(
    topic: Topic, typed: Fields, faults: Sequence[Fault], draft: Draft | None, refused: Mapping[str, Sequence[str]]
) -> Page:
    """The page with what was typed, and what is said about it."""
    by_question = {fault.question: fault for fault in faults}
    shown = [_field(topic, one, typed, by_question.get(one.id), draft, refused) for one in topic.questions]
    errors = [(one.anchor, forms.headline(said)) for one in shown for said in (*one.refused, one.error) if said]
    return Page(shown, errors)


def stored_page(topic: Topic, draft: Draft | None, claims: Claims, today: date) -> Page:
    """The page with what was saved; what no longer holds is said.  Before: with what the sign-in vouches for."""
    values = draft.answers.get(topic.id) if draft else None
    if draft is None or values is None:
        return page_of(topic, _prefilled(topic, claims), (), draft, {})
    typed = _typed(topic, values)
    return page_of(topic, typed, judge(topic, values, today, draft.count_files()), draft, {})


def progress_of(form: Form, current: Topic | None, draft: Draft | None, today: date) -> list[tuple[str, str]]:
    """(name, state) of each topic: done, now or nothing."""
    return [(topic.name, _progress(topic, current, draft, today)) for topic in form.topics]


def _progress(topic: Topic, current: Topic | None, draft: Draft | None, today: date) -> str:
    if topic == current:
        return "now"
    return "done" if draft and draft.is_answered(topic, today) else ""


def _field(
    topic: Topic,
    question: Question,
    typed: Fields,
    fault: Fault | None,
    draft: Draft | None,
    refused: Mapping[str, Sequence[str]],
) -> Field:
    said = refused.get(question.id, ())
    # A file that was just refused is the reason why none is there: one message is enough.
    error = forms.message(topic, question, fault) if fault and not said else ""
    return Field(
        question=question,
        typed={name: "".join(texts[:1]) for name, texts in typed.items()},
        picked=typed.get(question.id, ()),
        error=error,
        part=fault.part if fault else "",
        needed=(question.least > 0) if question.kind is Kind.FILES else question.required and not question.needed_when,
        files=draft.files_of(question) if draft else (),
        refused=said,
    )


def _typed(topic: Topic, values: Mapping[str, str | int | list[str]]) -> dict[str, list[str]]:
    typed: dict[str, list[str]] = {}
    for question in topic.questions:
        if question.id in values:
            typed |= fields_of(question, values[question.id])
    return typed


def _prefilled(topic: Topic, claims: Claims) -> dict[str, list[str]]:
    vouched = {question.id: claims.get(question.meaning, "") for question in topic.questions if question.meaning}
    return _typed(topic, {name: value for name, value in vouched.items() if value})
