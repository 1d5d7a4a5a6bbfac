"""What the office asks the applicant to look at again (補正, 行政手続法7条), and the answer to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from services.intake.domain.answers import Fault, Fields, Values, fields_of, judge, read
from services.intake.domain.application import Application, State
from services.intake.domain.draft import Attachment, Draft
from services.intake.domain.procedure import Answer, Form, Kind, Question, Topic

Faults = Mapping[str, tuple[Fault, ...]]


class CorrectionOverError(Exception):
    """Nothing is asked any more: it was answered, withdrawn or decided."""


class UnansweredError(Exception):
    """The answer is not ready to be sent: something that was asked does not hold."""


@dataclass(frozen=True)
class Asked:
    """A question of the form that is asked again.  ``note``: what the officer writes about it; may be empty."""

    topic: str
    question: str
    note: str = ""


@dataclass(frozen=True)
class AskedTopic:
    """A topic with those of its questions that can be answered anew, in the order of the form."""

    topic: Topic
    questions: tuple[Question, ...]

    @property
    def shown(self) -> Topic:
        """The topic with nothing in it but what is asked."""
        return replace(self.topic, questions=self.questions)

    def own(self, typed: Fields) -> dict[str, list[str]]:
        """The fields of what is asked, and no others that somebody may have sent."""
        return {name: list(texts) for name, texts in typed.items() if self.shown.has_field(name)}

    def fields(self, typed: Fields, earlier: Values) -> dict[str, Sequence[str]]:
        """What was typed in the asked questions, and of the others what was answered before."""
        others = (one for one in self.topic.questions if one not in self.questions and one.id in earlier)
        return {name: texts for one in others for name, texts in fields_of(one, earlier[one.id]).items()} | dict(typed)

    def fields_of(self, earlier: Values) -> dict[str, list[str]]:
        """How the earlier answers to what is asked were typed."""
        known = (one for one in self.questions if one.id in earlier)
        return {name: texts for one in known for name, texts in fields_of(one, earlier[one.id]).items()}


@dataclass(kw_only=True)
class Correction:
    """``typed``: per topic the fields of what is asked, as they were left; ``answers``: per topic, once all hold;
    ``attachments``: the files of the asked questions as they are to be.
    """

    correction_id: UUID
    case_id: UUID
    message: str
    asked: tuple[Asked, ...]
    answer_by: date
    requested_at: datetime
    typed: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    answers: dict[str, dict[str, Answer]] = field(default_factory=dict)
    answered_at: datetime | None = None
    version: int = 0
    attachments: list[Attachment] = field(default_factory=list)

    def is_open(self, application: Application) -> bool:
        """Whether an answer is still taken; after ``answer_by`` too, as long as nothing is decided."""
        return self.answered_at is None and not application.is_past(State.WITHDRAWN)

    def is_late(self, today: date) -> bool:
        """Whether the day until which an answer was asked for is over."""
        return today > self.answer_by

    def require_open(self, application: Application) -> None:
        """Raises CorrectionOverError."""
        if not self.is_open(application):
            raise CorrectionOverError(str(self.correction_id))

    def note(self, topic: Topic, question: Question) -> str:
        """What the officer writes about a question."""
        which = (topic.id, question.id)
        return next((one.note for one in self.asked if (one.topic, one.question) == which), "")

    def fields(self, one: AskedTopic, sent: Draft) -> dict[str, list[str]]:
        """What stands in the fields of a topic: as it was left, or as it was sent."""
        return self.typed[one.topic.id] if self.typed else one.fields_of(sent.answers.get(one.topic.id, {}))

    def topics(self, form: Form) -> tuple[AskedTopic, ...]:
        """What is asked.  A question that another one calls for comes with it; how to receive the result is chosen
        elsewhere.
        """
        found = (AskedTopic(topic, tuple(self._questions(topic))) for topic in form.topics)
        return tuple(one for one in found if one.questions)

    def as_draft(self, sent: Draft) -> Draft:
        """The form as it would be with this answer: what was sent, with the asked files and answers in their places."""
        asked = {one.question for one in self.asked}
        files = [one for one in sent.attachments if one.question not in asked] + self.attachments
        return replace(sent, answers=sent.answers | self.answers, attachments=files, submitted=False)

    def take(self, form: Form, sent: Draft, typed: Mapping[str, Fields], today: date) -> Faults:
        """Keep what was typed per topic, and the answers if all of it holds; else the faults by topic."""
        topics = self.topics(form)
        self.typed = {one.topic.id: one.own(typed.get(one.topic.id, {})) for one in topics}
        self.answers = {}
        files = self.as_draft(sent).count_files()
        readings = {one.topic.id: self._read(one, sent, today, files) for one in topics}
        faults = {topic: found for topic, (_, found) in readings.items() if found}
        if not faults:
            self.answers = {topic: values for topic, (values, _) in readings.items()}
        return faults

    def answer(self, form: Form, sent: Draft, application: Application, now: datetime, today: date) -> Draft:
        """The answer is sent: the form as it is from now on.  Raises CorrectionOverError, UnansweredError."""
        self.require_open(application)
        if self.answers.keys() != {one.topic.id for one in self.topics(form)}:
            raise UnansweredError
        if self.take(form, sent, self.typed, today):
            raise UnansweredError
        self.answered_at = now
        return replace(self.as_draft(sent), submitted=True)

    def _questions(self, topic: Topic) -> list[Question]:
        asked = {one.question for one in self.asked if one.topic == topic.id}
        found: list[Question] = []
        for question in topic.questions:
            called = topic.is_called(question) and bool(found) and found[-1] == _before(topic, question)
            if question.kind is not Kind.DELIVERY and (question.id in asked or called):
                found.append(question)
        return found

    def _read(
        self, one: AskedTopic, sent: Draft, today: date, files: Mapping[str, int]
    ) -> tuple[dict[str, Answer], tuple[Fault, ...]]:
        """Values of the whole topic, and the faults of what is asked, or that the answer brings to what is not."""
        earlier = sent.answers.get(one.topic.id, {})
        reading = read(one.topic, one.fields(self.typed[one.topic.id], earlier), today, files)
        known = {fault.question for fault in judge(one.topic, earlier, today, sent.count_files())}
        asked = {question.id for question in one.questions}
        faults = [fault for fault in reading.faults if fault.question in asked or fault.question not in known]
        return reading.values, tuple(faults)


def _before(topic: Topic, question: Question) -> Question:
    return topic.questions[topic.questions.index(question) - 1]
