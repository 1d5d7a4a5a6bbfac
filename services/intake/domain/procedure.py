"""A procedure (手続き) as the town describes it: facts, topics, questions.  All of it is data of infra/town."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

Answer = str | int | list[str]
Answers = Mapping[str, Mapping[str, Answer]]
GOOD_OUTCOMES = ("granted", "partly")


class Kind(StrEnum):
    """How a question is asked and what its answer is: text, whole number, ISO date, year, list of option values."""

    TEXT = "text"
    PARAGRAPH = "paragraph"
    KANA = "kana"
    KATAKANA = "katakana"
    INTEGER = "integer"
    DIGITS = "digits"
    DATE = "date"
    YEAR = "year"
    TELEPHONE = "telephone"
    MAIL = "mail"
    CHOICE = "choice"
    CHOICES = "choices"
    FILES = "files"
    DELIVERY = "delivery"


class Era(StrEnum):
    """An era (元号) by its English name."""

    MEIJI = "meiji"
    TAISHO = "taisho"
    SHOWA = "showa"
    HEISEI = "heisei"
    REIWA = "reiwa"


class Accept(StrEnum):
    """Which files a question takes."""

    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Option:
    """One of the answers that a choice offers."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Condition:
    """Another question of the topic, and its answers with which this one is asked."""

    question: str
    answers: tuple[str, ...]

    def holds(self, values: Mapping[str, Answer]) -> bool:
        """Whether the question is asked, with these answers of the topic."""
        given = values.get(self.question)
        return any(one in self.answers for one in (given if isinstance(given, list) else [given]))


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question.  ``longest`` counts characters as a reader sees them; ``least``/``most``: amounts or files."""

    id: str
    label: str
    kind: Kind
    short: str = ""
    hint: str = ""
    required: bool = True
    needed_when: Condition | None = None
    meaning: str = ""
    autocomplete: str = ""
    width: int = 0
    longest: int = 200
    least: int = 0
    most: int = 0
    unit: str = ""
    digits: int = 0
    eras: tuple[Era, ...] = ()
    after: str = ""
    before: str = ""
    accept: Accept = Accept.DOCUMENT
    add: str = ""
    options: tuple[Option, ...] = ()
    masked: bool = False
    highlight: bool = False
    mistake: str = ""
    mistake_for: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The label without what stands in brackets, for messages and lists."""
        return self.short or self.label

    def option(self, value: Answer) -> Option | None:
        """The option with this value."""
        return next((one for one in self.options if one.value == value), None)

    def is_needed(self, values: Mapping[str, Answer]) -> bool:
        """Whether an answer must be given, with these other answers of the topic."""
        return self.is_asked(values) if self.needed_when else self.required

    def is_asked(self, values: Mapping[str, Answer]) -> bool:
        """Whether the question applies at all, with these other answers of the topic."""
        return self.needed_when is None or self.needed_when.holds(values)


@dataclass(frozen=True)
class Topic:
    """One page of questions."""

    id: str
    name: str
    heading: str
    questions: tuple[Question, ...]
    lead: str = ""

    @property
    def takes_files(self) -> bool:
        """Whether this page is about files."""
        return any(question.kind is Kind.FILES for question in self.questions)

    def is_called(self, question: Question) -> bool:
        """Whether the question just before decides whether this one is asked."""
        place = self.questions.index(question)
        condition = question.needed_when
        return condition is not None and place > 0 and condition.question == self.questions[place - 1].id

    def calls(self, question: Question) -> tuple[str, ...]:
        """The answers to this question with which the one just behind it is asked."""
        behind = next(iter(self.questions[self.questions.index(question) + 1 :]), None)
        return behind.needed_when.answers if behind and behind.needed_when and self.is_called(behind) else ()

    def has_field(self, name: str) -> bool:
        """Whether an input of this name belongs to a question of this page: ``cost``, or ``start-y`` of a date."""
        return any(name == question.id or name.startswith(f"{question.id}-") for question in self.questions)

    def question(self, question_id: str) -> Question:
        """Raises KeyError."""
        return {question.id: question for question in self.questions}[question_id]


@dataclass(frozen=True)
class Form:
    """The topics in the order in which they are asked."""

    topics: tuple[Topic, ...]

    def topic(self, topic_id: str) -> Topic | None:
        """The topic of this id."""
        return next((topic for topic in self.topics if topic.id == topic_id), None)

    def questions(self) -> Iterator[tuple[Topic, Question]]:
        """Every question with its topic."""
        return ((topic, question) for topic in self.topics for question in topic.questions)

    def after(self, topic: Topic) -> Topic | None:
        """The next topic."""
        return next(iter(self.topics[self.topics.index(topic) + 1 :]), None)

    def before(self, topic: Topic) -> Topic | None:
        """The topic before."""
        place = self.topics.index(topic)
        return self.topics[place - 1] if place else None

    def meaning(self, meaning: str, answers: Answers) -> str:
        """The answer to the question that has this meaning; empty when it is not asked or not answered."""
        for topic, question in self.questions():
            if question.meaning == meaning:
                return str(answers.get(topic.id, {}).get(question.id, ""))
        return ""


@dataclass(frozen=True)
class StandardPeriod:
    """標準処理期間 (行政手続法6条).  ``count``: business (open days of the office) or calendar."""

    days: int
    count: str
    published_on: date


@dataclass(frozen=True)
class Contact:
    """Whom a resident asks.  ``closes_at``: an application after it is looked at from the next open day."""

    section: str
    telephone: str
    hours: str
    closes_at: time


@dataclass(frozen=True)
class LegalBasis:
    """What the procedure rests on; it decides 教示 (practice C20).  ``kind``: act, ordinance, rule or outline."""

    kind: str
    name: str
    articles: str
    appeal: str
    outline: str = ""


@dataclass(frozen=True, kw_only=True)
class Fee:
    """What falls due (手数料, 使用料).  ``outcomes``: the decisions with which it does.

    ``amount``: whole yen for each ``unit``; None: ``about`` says what it depends on.
    """

    id: str
    name: str
    when: str
    how: str
    amount: int | None = None
    unit: str = ""
    about: str = ""
    outcomes: tuple[str, ...] = GOOD_OUTCOMES


@dataclass(frozen=True, kw_only=True)
class Handout:
    """What the town hands out at a counter (鑑札, 写し).  ``outcomes``: the decisions with which it does."""

    id: str
    what: str
    where: str
    hours: str
    bring: tuple[str, ...] = ()
    about: str = ""
    outcomes: tuple[str, ...] = GOOD_OUTCOMES


@dataclass(frozen=True)
class Summary:
    """The procedure's own page."""

    lead: str
    who: tuple[str, ...]
    time: str
    papers: tuple[str, ...]
    amount: str = ""
    cautions: tuple[str, ...] = ()
    before_submitting: tuple[str, ...] = ()
    after_submitting: str = ""


@dataclass(frozen=True)
class Period:
    """The days on which applications are taken, both included."""

    opens_on: date
    closes_on: date | None = None

    def is_open(self, day: date) -> bool:
        """Whether an application can be made on this day."""
        return self.opens_on <= day and (self.closes_on is None or day <= self.closes_on)


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """One version of a procedure."""

    id: str
    name: str
    kana: str
    valid_from: date
    section: str
    life_event: str
    retention: str
    period: Period
    legal_basis: LegalBasis
    standard_period: StandardPeriod
    contact: Contact
    summary: Summary
    form: Form
    fees: tuple[Fee, ...] = ()
    collect: tuple[Handout, ...] = ()
    name_phrases: tuple[str, ...] = ()
    valid_until: date | None = None
    frequent: int = 0
    search_words: tuple[str, ...] = field(default=())

    def is_valid(self, day: date) -> bool:
        """Whether this version is in force on this day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
