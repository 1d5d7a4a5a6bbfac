"""What the JSON side takes and gives: the one source of what is checked, answered and described in openapi.json."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, StrictStr

from services.intake.domain.application import Application, State
from services.intake.domain.correction import Correction
from services.intake.domain.procedure import Accept, Era, Fee, Kind, Procedure, Question, Topic
from services.intake.town import LifeEvent
from services.intake.web import forms

KEY = r"^[A-Za-z0-9_-]{16,64}$"
NUMBER = r"^R[1-9][0-9]?-[0-9]{6}$"
BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
LONGEST_TEXT, LARGEST_NUMBER, MOST_FILES, LONGEST_NAME, LAST_PAGE = 10_000, 10**15, 100, 255, 100_000



def _whole(given: Any) -> Any:
    """JSON Schema counts 1.0 among the integers."""
    return int(given) if isinstance(given, float) and given.is_integer() else given


Number = Annotated[StrictInt, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER), BeforeValidator(_whole)]
Text = Annotated[StrictStr, Field(max_length=LONGEST_TEXT)]
Value = Text | Number | list[Text]
Id = Annotated[StrictStr, Field(max_length=LONGEST_NAME)]


class Shape(BaseModel):
    """Nothing is guessed, nothing unknown is passed over."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class FeeShape(Shape):
    """One fee; nothing can be paid on this site."""

    name: str
    amount: int | None = Field(description="whole yen for each unit; null: `about` says what it depends on")
    unit: str
    when: str
    how: str
    about: str

    @classmethod
    def of(cls, fee: Fee) -> "FeeShape":
        """From the procedure's data."""
        return cls(name=fee.name, amount=fee.amount, unit=fee.unit, when=fee.when, how=fee.how, about=fee.about)


class ProcedureShape(Shape):
    """A procedure of the town, as it is today."""

    id: str
    version: date = Field(description="the day from which this version is valid; sent back with an application")
    name: str
    kana: str
    life_event: "NamedShape"
    lead: str
    fees: list[FeeShape] = Field(description="what falls due, with the result or before; empty: it costs nothing")
    amount: str = Field(description="what one gets, in words; empty when nothing is paid out")
    section: str
    telephone: str
    opens_on: date
    closes_on: date | None = Field(description="last day; null: no end is set")
    is_open: bool = Field(description="whether applications are taken today")

    @classmethod
    def of(cls, one: Procedure, event: LifeEvent, today: date) -> "ProcedureShape":
        """The procedure and its life event."""
        return cls(**_facts(one, event, today))


class NamedShape(Shape):
    """An id and what people call it."""

    id: str
    name: str


class OptionShape(Shape):
    """One answer that a choice offers: ``value`` is sent."""

    value: str
    label: str
    hint: str


class ConditionShape(Shape):
    """The question is asked only with one of these answers to another question of the topic."""

    question: str
    answers: list[str]


class QuestionShape(Shape):
    """One question.  What its answer is, is said by ``kind`` (see the description of the whole)."""

    id: str
    label: str
    kind: Kind
    hint: str
    required: bool
    needed_when: ConditionShape | None
    options: list[OptionShape]
    longest: int = Field(description="most characters of a text, as a reader counts them")
    least: int = Field(description="least number, or fewest files")
    most: int = Field(description="largest number, or most files; 0: no limit is set")
    unit: str
    digits: int
    eras: list[Era] = Field(description="in which the date or year must lie")
    after: str = Field(description="a date lies after this: `today` or another question of the topic")
    before: str = Field(description="a date lies before this")
    accept: Accept = Field(description="which files: photo (JPEG, PNG, HEIC), document (those and PDF)")

    @classmethod
    def of(cls, one: Question) -> "QuestionShape":
        """The question as the town's data has it."""
        needed = one.needed_when
        return cls(
            **{name: getattr(one, name) for name in cls.model_fields.keys() - {"needed_when", "options", "eras"}},
            needed_when=ConditionShape(question=needed.question, answers=list(needed.answers)) if needed else None,
            options=[OptionShape(value=each.value, label=each.label, hint=each.hint) for each in one.options],
            eras=list(one.eras),
        )


class TopicShape(Shape):
    """A group of questions: one page for people."""

    id: str
    name: str
    heading: str
    lead: str
    questions: list[QuestionShape]

    @classmethod
    def of(cls, one: Topic) -> "TopicShape":
        """The topic with its questions."""
        questions = [QuestionShape.of(each) for each in one.questions]
        return cls(id=one.id, name=one.name, heading=one.heading, lead=one.lead, questions=questions)


class FormShape(ProcedureShape):
    """A procedure with what it asks."""

    topics: list[TopicShape]

    @classmethod
    def of(cls, one: Procedure, event: LifeEvent, today: date) -> "FormShape":
        """The procedure, its life event and its questions."""
        return cls(**_facts(one, event, today), topics=[TopicShape.of(topic) for topic in one.form.topics])


class ProceduresShape(Shape):
    """All procedures, in kana order."""

    procedures: list[ProcedureShape]


class FileShape(Shape):
    """A file that answers a question of kind ``files``.  What it is, is found by its content."""

    topic: Id
    question: Id
    name: Annotated[StrictStr, Field(min_length=1, max_length=LONGEST_NAME)]
    content: Annotated[
        StrictStr, Field(pattern=BASE64, json_schema_extra={"contentEncoding": "base64"}, description="at most 30 MB")
    ]


class FilingShape(Shape):
    """A whole application.  How the result is taken is one of ``answers`` (a question of the kind ``delivery``)."""

    procedure_id: Id
    version: Annotated[date, Field(description="of the procedure whose form was filled in")]
    answers: dict[Id, dict[Id, Value]] = Field(description="by topic and question")
    files: Annotated[list[FileShape], Field(max_length=MOST_FILES)] = []


class FiledShape(Shape):
    """The reception number (受付番号): the application has arrived."""

    number: Annotated[str, Field(pattern=NUMBER)]
    submitted_at: datetime
    due_on: date = Field(description="last day of the standard period (標準処理期間)")

    @classmethod
    def of(cls, one: Application) -> "FiledShape":
        """Of an application."""
        return cls(number=str(one.number), submitted_at=one.submitted_at, due_on=one.due_on)


class ReachedShape(Shape):
    """A state and when it was reached."""

    state: State
    at: datetime


class StatusShape(FiledShape):
    """How far an application is.  What was decided is read in the inbox, and nowhere else."""

    procedure: NamedShape
    version: date
    digital: bool = Field(description="whether the result comes to the inbox; else it comes on paper")
    state: State
    text: str = Field(description="the state in words")
    reached: list[ReachedShape] = Field(description="in the order of their times")
    answer_by: date | None = Field(
        default=None, description="set while the town waits for the person's answer on the case's page: until when"
    )

    @classmethod
    def over(cls, one: Application, procedure: Procedure, correction: Correction | None) -> "StatusShape":
        """An application, the version of the procedure it was made with, and what the town asks now."""
        times = sorted(one.reached.items(), key=lambda each: (each[1], each[0].place))
        return cls(
            **dict(FiledShape.of(one)),
            procedure=NamedShape(id=procedure.id, name=procedure.name),
            version=procedure.valid_from,
            digital=one.digital,
            state=one.state,
            text=forms.words_of(one, correction)[0],
            answer_by=correction.answer_by if correction else None,
            reached=[ReachedShape(state=state, at=at) for state, at in times],
        )


class StatusesShape(Shape):
    """The person's applications, newest first, 50 a page."""

    applications: list[StatusShape]
    page: int
    pages: int


class ErrorShape(Shape):
    """One thing to repair."""

    model_config = ConfigDict(extra="allow")
    pointer: str = Field(description="JSON Pointer (RFC 6901) into the body; or the name of a header or parameter")
    code: str
    message: str = Field(description="for the person, as on the page")


class ProblemShape(Shape):
    """RFC 9457.  ``type`` tells the kinds apart; ``title`` and ``detail`` can be shown to the person."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    detail: str
    request_id: str = Field(description="in the town's log too")
    errors: list[ErrorShape] = Field(default=[])


def _facts(one: Procedure, event: LifeEvent, today: date) -> dict[str, Any]:
    return {
        "id": one.id,
        "version": one.valid_from,
        "name": one.name,
        "kana": one.kana,
        "life_event": NamedShape(id=event.id, name=event.name),
        "lead": one.summary.lead,
        "fees": [FeeShape.of(fee) for fee in one.fees],
        "amount": one.summary.amount,
        "section": one.contact.section,
        "telephone": one.contact.telephone,
        "opens_on": one.period.opens_on,
        "closes_on": one.period.closes_on,
        "is_open": one.period.is_open(today),
    }
