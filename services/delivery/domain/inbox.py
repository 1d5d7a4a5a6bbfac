"""The inbox: when a notice lies in it, is opened, and has arrived in law."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from services.delivery.domain.recipient import Recipient

Condition = Literal["available", "opened"]
Alert = Literal["waiting", "sent", "unreached"]


class NoArrivalRuleError(Exception):
    """No arrival rule of the town holds on ``day``."""

    permanent: ClassVar[bool] = True

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


class NotTheRecipientError(Exception):
    """Someone other than its recipient asks for a notice."""


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
