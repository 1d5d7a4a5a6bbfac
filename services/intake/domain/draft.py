"""A form that is being filled in.  Its id becomes the case's: one draft makes at most one application."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from services.intake.domain.answers import Fields, Values, judge
from services.intake.domain.procedure import Answer, Form, Kind, Procedure, Question, Topic

KEPT_FOR = timedelta(days=30)
LARGEST_FILE = 30_000_000
LARGEST_DRAFT = 100_000_000


class DraftError(Exception):
    """The draft does not allow the act.  Permanent."""


class UnknownDraftError(DraftError):
    """There is no such draft, or it is somebody else's."""


class AlreadySubmittedError(DraftError):
    """The draft has become an application.  ``case_id``: which."""

    def __init__(self, case_id: UUID) -> None:
        super().__init__(str(case_id))
        self.case_id = case_id


class IncompleteDraftError(DraftError):
    """Topics lack answers, or have answers that no longer hold.  ``topics``: their ids."""

    def __init__(self, topics: tuple[str, ...]) -> None:
        super().__init__(", ".join(topics))
        self.topics = topics


class DraftChangedError(DraftError):
    """The draft is not the one that was shown: another tab has changed it."""


class ProcedureClosedError(DraftError):
    """Applications are not taken on this day."""


class FilesTooLargeError(DraftError):
    """All files of a draft together are larger than allowed."""


class TooManyFilesError(DraftError):
    """The question has as many files as it takes.  ``most``: how many."""

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file of a draft, already in the document store.  ``pages``: of a PDF.  ``thumbnail``: a small JPEG or empty."""

    id: UUID
    question: str
    name: str
    media_type: str
    size: int
    sha256: str
    pages: int = 0
    thumbnail: bytes = b""


@dataclass(kw_only=True)
class Draft:
    """``answers``: per topic; a topic is in it once saved.  ``unfinished``: the fields of topics, as they were typed,
    that were left before they could be saved.  ``consented_at``: when digital delivery was chosen.
    """

    case_id: UUID
    sub: str
    procedure_id: str
    keep_until: date
    answers: dict[str, dict[str, Answer]] = field(default_factory=dict)
    unfinished: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    consented_at: datetime | None = None
    submitted: bool = False
    version: int = 0

    def save_topic(self, topic: Topic, values: Values, now: datetime, today: date) -> None:
        """Keep the answers of one topic for another 30 days; note when digital delivery was chosen (practice D25)."""
        self._must_be_open()
        self.answers[topic.id] = dict(values)
        self.unfinished.pop(topic.id, None)
        self.keep_until = today + KEPT_FOR
        for question in topic.questions:
            if question.kind is Kind.DELIVERY:
                self._choose_delivery(str(values.get(question.id, "")), now)

    def keep_typed(self, topic: Topic, fields: Fields, today: date) -> None:
        """Keep what was typed so far: it is shown again, and the topic stays open until it can be saved."""
        self._must_be_open()
        self.unfinished[topic.id] = {name: list(texts) for name, texts in fields.items() if topic.has_field(name)}
        self.keep_until = today + KEPT_FOR

    def attach(self, question: Question, attachment: Attachment, today: date) -> None:
        """Add a file; the same file again changes nothing.

        Raises TooManyFilesError, FilesTooLargeError.
        """
        self.must_take(question, attachment.size, attachment.sha256)
        if not self.has_file(question.id, attachment.sha256):
            self.attachments.append(attachment)
            self.keep_until = today + KEPT_FOR

    def must_take(self, question: Question, size: int, sha256: str) -> None:
        """Raises what ``attach`` would raise: asked before the file goes to the store."""
        self._must_be_open()
        if self.has_file(question.id, sha256):
            return
        if self.count_files()[question.id] >= question.most:
            raise TooManyFilesError(question.most)
        if sum(one.size for one in self.attachments) + size > LARGEST_DRAFT:
            raise FilesTooLargeError

    def has_file(self, question_id: str, sha256: str) -> bool:
        """Whether this file already answers the question."""
        return any(one.question == question_id and one.sha256 == sha256 for one in self.attachments)

    def remove_file(self, attachment_id: UUID) -> None:
        """Take a file out; one that is not there is already out."""
        self._must_be_open()
        self.attachments = [one for one in self.attachments if one.id != attachment_id]

    def count_files(self) -> Counter[str]:
        """How many files each question has."""
        return Counter(one.question for one in self.attachments)

    def files_of(self, question: Question) -> list[Attachment]:
        """The files of one question, in the order in which they came."""
        return [one for one in self.attachments if one.question == question.id]

    def is_answered(self, topic: Topic, today: date) -> bool:
        """Whether a topic is saved, nothing was typed since, and its answers hold today."""
        values = None if topic.id in self.unfinished else self.answers.get(topic.id)
        return values is not None and not judge(topic, values, today, self.count_files())

    def open_topics(self, form: Form, today: date) -> tuple[Topic, ...]:
        """The topics that still need the resident."""
        return tuple(topic for topic in form.topics if not self.is_answered(topic, today))

    def submit(self, procedure: Procedure, seen_version: int, today: date) -> None:
        """Become an application.

        Raises AlreadySubmittedError, DraftChangedError, IncompleteDraftError, ProcedureClosedError.
        """
        self._must_be_open()
        if seen_version != self.version:
            raise DraftChangedError
        if not procedure.period.is_open(today):
            raise ProcedureClosedError
        if missing := self.open_topics(procedure.form, today):
            raise IncompleteDraftError(tuple(topic.id for topic in missing))
        self.submitted = True

    def _choose_delivery(self, how: str, now: datetime) -> None:
        digital = how == "digital"
        self.consented_at = (self.consented_at or now) if digital else None

    def _must_be_open(self) -> None:
        if self.submitted:
            raise AlreadySubmittedError(self.case_id)
