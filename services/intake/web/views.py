"""What a form's page is filled with: what was typed or saved, and the mistakes in it."""

from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup

from services.chassis.web import Mistake, Person
from services.intake.domain.answers import Fault, fields_of, judge
from services.intake.domain.draft import Draft
from services.intake.domain.procedure import Answer, Form, Topic
from services.intake.web import forms

Typed = dict[str, list[str]]
Refused = Mapping[str, Sequence[str]]


def claims_of(person: Person) -> dict[str, str]:
    """What the sign-in vouches for, by the meaning of a question; never normalised."""
    born = person.birthdate.isoformat() if person.birthdate else ""
    return {"name": person.name, "address": person.address or "", "birthdate": born}


def stored(topic: Topic, draft: Draft | None, claims: Mapping[str, str], today: date) -> tuple[Typed, list[Mistake]]:
    """The topic as it was left or saved, with what no longer holds; before, with what the sign-in vouches for."""
    if draft and topic.id in draft.unfinished:
        return dict(draft.unfinished[topic.id]), []
    values = draft.answers.get(topic.id) if draft else None
    if draft is None or values is None:
        vouched = {one.id: claims[one.meaning] for one in topic.questions if claims.get(one.meaning)}
        return _typed(topic, vouched), []
    return _typed(topic, values), mistakes_of(topic, judge(topic, values, today, draft.count_files()), {})


def mistakes_of(topic: Topic, faults: Sequence[Fault], refused: Refused) -> list[Mistake]:
    """What is said of each answer, in the order of the page; a refused file is said instead of a missing one."""
    by_question = {fault.question: fault for fault in faults}
    found: list[Mistake] = []
    for question in topic.questions:
        at = forms.field_of(question, "")
        if said := refused.get(question.id):
            found.append(Mistake(question.id, Markup("<br>").join(said), at))
        elif fault := by_question.get(question.id):
            at = forms.field_of(question, fault.part)
            found.append(Mistake(question.id, forms.message(topic, question, fault), at))
    return found


def progress_of(form: Form, current: Topic | None, draft: Draft | None, today: date) -> list[dict[str, str]]:
    """Where each topic stands: done, current or neither."""
    return [{"name": topic.name, "state": _progress(topic, current, draft, today)} for topic in form.topics]


def _progress(topic: Topic, current: Topic | None, draft: Draft | None, today: date) -> str:
    if topic == current:
        return "current"
    return "done" if draft and draft.is_answered(topic, today) else ""


def _typed(topic: Topic, values: Mapping[str, Answer]) -> Typed:
    typed: Typed = {}
    for question in topic.questions:
        if question.id in values:
            typed |= fields_of(question, values[question.id])
    return typed
