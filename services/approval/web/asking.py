"""What the form of a request for correction asks, what is read out of it, and its words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.approval.domain.correction import Asked, Correction
from services.approval.domain.notice import Application, Procedure
from services.approval.web import forms
from services.approval.web.ready import READY, added
from services.chassis.web import Mistake
from services.chassis.web.forms import Typed, day_of, too_long

ASK, NOTE, MESSAGE, UNTIL = "ask", "note", "message", "until"
LONGEST_MESSAGE, LONGEST_NOTE = 1_000, 400
NONE_PICKED = "直してもらう質問を、1つ以上選んでください。"
SAYS_NOTHING = "全体の説明を入力してください。選んだ質問のすべてに説明を書いたときは、なくてもかまいません。"
NO_SUCH_DAY = "回答の期限を確かめてください。例：8年12月10日"
TOO_SOON = "回答の期限は、明日か、それより後の日にしてください。"


@dataclass(frozen=True)
class Choice:
    """One question that can be asked anew.  ``text``: the applicant's answer; ``id``: topic.question."""

    topic: str
    question: str
    label: str
    text: str

    @property
    def id(self) -> str:
        """What the checkbox sends."""
        return f"{self.topic}.{self.question}"

    @property
    def note(self) -> str:
        """The field of what is wrong with it."""
        return f"{NOTE}-{self.topic}-{self.question}"


Topics = Sequence[tuple[str, Sequence[Choice]]]


@dataclass(frozen=True)
class Asking:
    """What was asked, without fault."""

    questions: tuple[Asked, ...]
    message: str
    answer_by: date

    def is_same(self, correction: Correction) -> bool:
        """Whether it is this request, sent a second time."""
        return (self.questions, self.message, self.answer_by) == (
            correction.questions, correction.message, correction.answer_by,
        )  # fmt: skip


def topics_of(application: Application, procedure: Procedure) -> Topics:
    """The form's questions with the applicant's answers, by topic.  How the result is received is changed elsewhere."""
    found = []
    for topic in application.shown:
        choices = [Choice(topic["id"], one["id"], one["label"], one["text"]) for one in topic["items"]]
        found.append((topic["name"], [one for one in choices if one.id not in procedure.delivery]))
    return [(name, choices) for name, choices in found if choices]


def read(
    topics: Topics, typed: Typed, today: date, offered: Sequence[str] = ()
) -> tuple[Asking | None, list[Mistake]]:
    """The request, or what is wrong with it.  ``offered``: the ready sentences of the page.

    What stands under a question that is not picked is not asked.
    """
    picked = [one for _, choices in topics for one in choices if one.id in typed.get(ASK, [])]
    questions = tuple(Asked(one.topic, one.question, _text(typed, one.note)) for one in picked)
    message, answer_by = added(_text(typed, MESSAGE), typed, offered), day_of(typed, UNTIL)
    mistakes = [
        *_mistakes_of_questions(picked, questions),
        *_mistakes_of_message(message, questions),
        *_mistakes_of_day(answer_by, today),
    ]
    if mistakes or answer_by is None:
        return None, mistakes
    return Asking(questions, message, answer_by), []


def kept(typed: Typed, topics: Topics) -> Iterator[tuple[str, str]]:
    """What was typed, with its labels: for a page that has no such fields any more."""
    yield "全体の説明", added(_text(typed, MESSAGE), typed, typed.get(READY, []))
    for _, choices in topics:
        yield from ((one.label, _text(typed, one.note)) for one in choices)


def _mistakes_of_questions(picked: list[Choice], questions: Iterable[Asked]) -> Iterator[Mistake]:
    if not picked:
        yield Mistake(ASK, NONE_PICKED, f"{ASK}-1")
    for choice, one in zip(picked, questions, strict=True):
        if len(one.note) > LONGEST_NOTE:
            yield Mistake(choice.note, too_long(f"「{choice.label}」の説明", LONGEST_NOTE, one.note))


def _mistakes_of_message(message: str, questions: tuple[Asked, ...]) -> Iterator[Mistake]:
    if len(message) > LONGEST_MESSAGE:
        yield Mistake(MESSAGE, too_long("全体の説明", LONGEST_MESSAGE, message))
    elif not message and not (questions and all(one.note for one in questions)):
        yield Mistake(MESSAGE, SAYS_NOTHING)


def _mistakes_of_day(answer_by: date | None, today: date) -> Iterator[Mistake]:
    if answer_by is None:
        yield Mistake(UNTIL, NO_SUCH_DAY, f"{UNTIL}-y")
    elif answer_by <= today:
        yield Mistake(UNTIL, TOO_SOON, f"{UNTIL}-d")


def _text(typed: Typed, name: str) -> str:
    return forms.clean("".join(typed.get(name, [])[:1]))
