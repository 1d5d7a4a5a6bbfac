"""What delivery decides: who may receive digitally, when a notice is opened and arrives, until when one can appeal."""

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Literal
from uuid import UUID

Closed = Callable[[date], bool]
Condition = Literal["available", "opened"]
Alert = Literal["waiting", "sent", "unreached"]

REVIEW_MONTHS = 3
SUIT_MONTHS = 6
OUTER_LIMIT_MONTHS = 12


class DigitalConsentMissingError(Exception):
    """The applicant has not asked for digital delivery (デジタル手続法7条1項): the notice must go on paper."""

    permanent: ClassVar[bool] = True

    def __init__(self, case_id: UUID) -> None:
        super().__init__(str(case_id))
        self.case_id = case_id


class NoArrivalRuleError(Exception):
    """No arrival rule of the town holds on ``day``."""

    permanent: ClassVar[bool] = True

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


class UnknownAppealVariantError(ValueError):
    """The notice names a kind of 教示 that delivery cannot put into plain words."""

    permanent: ClassVar[bool] = True

    def __init__(self, variant: str) -> None:
        super().__init__(variant)
        self.variant = variant


class NotTheRecipientError(Exception):
    """Someone other than its recipient asks for a notice."""


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who receives the notices of one case.  ``subject``: OpenID Connect ``sub``.  ``mail``: may be empty."""

    case_id: UUID
    subject: str
    procedure_id: str
    reception_number: str
    mail: str
    digital: bool
    consented_at: datetime | None

    def require_digital(self) -> None:
        """Raises DigitalConsentMissingError unless the applicant asked for digital delivery, on a known day."""
        if not self.digital or self.consented_at is None:
            raise DigitalConsentMissingError(self.case_id)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a page says of a decision beside its notice.  ``issued_on``: the date that the notice bears."""

    document_id: UUID
    case_id: UUID
    document_number: str
    outcome: str
    issued_on: date


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """To whom the notice is addressed, as it is printed."""

    name: str
    address: str
    honorific: str


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """In whose name the notice is issued."""

    title: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line under 記."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """What the resident does next, in plain words."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Fee:
    """What falls due.  ``amount``: whole yen for each ``unit``; None: ``about`` says what it depends on."""

    name: str
    when: str
    how: str
    amount: int | None = None
    unit: str = ""
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Handout:
    """What the resident fetches at a counter, and what to bring."""

    what: str
    where: str
    hours: str
    bring: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The result in plain words.  ``amount``: whole yen."""

    verdict: str
    amount: int | None = None
    next_steps: tuple[Step, ...] = ()
    fees: tuple[Fee, ...] = ()
    collect: tuple[Handout, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """Why not (行政手続法8条): the fact, the rule, and how the rule applies to the fact."""

    fact: str
    rule: str
    application: str


@dataclass(frozen=True, kw_only=True)
class Appeal:
    """教示.  ``variant``: which ways are open; ``text``: as it is printed."""

    variant: str
    text: str

    def __post_init__(self) -> None:
        require_appeal_variant(self.variant)


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom to ask."""

    section: str
    telephone: str


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What the inbox shows of the notice data (docs/notice.md): delivery reads these fields and no other."""

    document_type: str
    title: str
    addressee: Addressee
    issuer: Issuer
    preamble: str
    summary: Summary
    contact: Contact
    procedure_name: str
    seal: str | None = None
    seal_legend: str | None = None
    items: tuple[Line, ...] = ()
    conditions: tuple[str, ...] = ()
    reasons: Reasons | None = None
    appeal: Appeal | None = None


@dataclass(frozen=True, kw_only=True)
class ArrivalRule:
    """When a notice has arrived (到達).  Holds for notices made available from ``valid_from`` on."""

    id: str
    valid_from: date
    needs: frozenset[Condition]


def rule_on(rules: Iterable[ArrivalRule], day: date) -> ArrivalRule:
    """The newest rule that holds on ``day``.  Raises NoArrivalRuleError."""
    valid = [rule for rule in rules if rule.valid_from <= day]
    if not valid:
        raise NoArrivalRuleError(day)
    return max(valid, key=lambda rule: rule.valid_from)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The recipient has opened the notice for the first time."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """The notice has arrived in law by ``rule``."""

    at: datetime
    rule: str


@dataclass(kw_only=True)
class InboxItem:
    """One notice in one resident's inbox.

    ``alert``: what became of the mail that says so.  Each verb happens once; again, it changes nothing, returns None.
    """

    document_id: UUID
    case_id: UUID
    recipient: str
    available_at: datetime
    opened_at: datetime | None = None
    arrived_at: datetime | None = None
    arrival_rule: str | None = None
    alert: Alert = "waiting"
    alerted_at: datetime | None = None
    version: int = 0

    @classmethod
    def make_available(cls, document_id: UUID, recipient: Recipient, now: datetime) -> "InboxItem":
        """Lay the notice into the inbox.  Raises DigitalConsentMissingError."""
        recipient.require_digital()
        return cls(document_id=document_id, case_id=recipient.case_id, recipient=recipient.subject, available_at=now)

    def open(self, by: str, now: datetime) -> Opened | None:
        """The recipient opens the page or takes the file.  Raises NotTheRecipientError for anyone else."""
        self.require_recipient(by)
        if self.opened_at is not None:
            return None
        self.opened_at = max(now, self.available_at)
        return Opened(at=self.opened_at)

    def require_recipient(self, subject: str) -> None:
        """Raises NotTheRecipientError."""
        if subject != self.recipient:
            raise NotTheRecipientError

    def arrive(self, rule: ArrivalRule) -> Arrived | None:
        """Arrive as soon as all that ``rule`` asks for has happened; the latest of it is the time of arrival."""
        times = [time for need in rule.needs if (time := self._time_of(need)) is not None]
        if self.arrived_at is not None or len(times) < len(rule.needs):
            return None
        self.arrived_at, self.arrival_rule = max(times), rule.id
        return Arrived(at=self.arrived_at, rule=rule.id)

    def _time_of(self, condition: Condition) -> datetime | None:
        return {"available": self.available_at, "opened": self.opened_at}[condition]

    @property
    def wants_alert(self) -> bool:
        """No mail is needed once it was sent, could not be, or the notice has been read anyway."""
        return self.alert == "waiting" and self.opened_at is None

    def alerted(self, now: datetime) -> None:
        """The mail server has taken the mail."""
        self.alert, self.alerted_at = "sent", now

    def unreached(self, now: datetime) -> None:
        """There is no address, or the mail server refuses it for good: a channel that does not reach the resident."""
        self.alert, self.alerted_at = "unreached", now


def period_end(known_on: date, months: int) -> date:
    """Last day of a period of ``months`` that begins on the day after ``known_on``.

    The first day is not counted (民法140条).  The period ends on the day before the one that corresponds to its
    beginning, or on the last day of a month that has no such day (民法143条2項).
    """
    begin = known_on + timedelta(days=1)
    year, month0 = divmod(begin.year * 12 + begin.month - 1 + months, 12)
    last_day = monthrange(year, month0 + 1)[1]
    if begin.day > last_day:
        return date(year, month0 + 1, last_day)
    return date(year, month0 + 1, begin.day) - timedelta(days=1)


def first_open_day(day: date, closed: Closed) -> date:
    """``day``, or the next one on which an act is possible (地方自治法4条の2第4項; 民事訴訟法95条3項)."""
    while closed(day):
        day += timedelta(days=1)
    return day


RemedyKind = Literal["review", "suit", "ruling_suit"]


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """One way to have a decision looked at again.

    ``kind``: review (審査請求), suit (取消訴訟), or ruling_suit (a suit against the ruling only, 裁決主義).
    ``until``: last day; None where the time runs from the ruling (裁決), which is not there yet.
    """

    kind: RemedyKind
    until: date | None


# Months in which each way is open; None: they begin with the ruling.
REMEDIES: dict[str, tuple[tuple[RemedyKind, int | None], ...]] = {
    "both": (("review", REVIEW_MONTHS), ("suit", SUIT_MONTHS)),
    "appeal_first": (("review", REVIEW_MONTHS), ("suit", None)),
    "ruling_only": (("review", REVIEW_MONTHS), ("ruling_suit", None)),
    "charges": (("review", REVIEW_MONTHS), ("suit", None)),
    "local_tax": (("review", REVIEW_MONTHS), ("suit", None)),
}


def require_appeal_variant(variant: str) -> None:
    """Raises UnknownAppealVariantError."""
    if variant not in REMEDIES:
        raise UnknownAppealVariantError(variant)


def remedies(variant: str, *, known_on: date, decided_on: date, closed: Closed) -> tuple[Remedy, ...]:
    """The ways to appeal that ``variant`` of 教示 leaves open, with their last days.

    行政不服審査法18条 and 行政事件訴訟法14条: from the day after one knew, and never later than a year after the
    decision.  Raises UnknownAppealVariantError.
    """
    require_appeal_variant(variant)
    return tuple(
        Remedy(kind=kind, until=None if months is None else _last_day(months, known_on, decided_on, closed))
        for kind, months in REMEDIES[variant]
    )


def _last_day(months: int, known_on: date, decided_on: date, closed: Closed) -> date:
    end = min(period_end(known_on, months), period_end(decided_on, OUTER_LIMIT_MONTHS))
    return first_open_day(end, closed)
