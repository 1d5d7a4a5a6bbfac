"""What signing decides of contracts: who may consent, until when, to which very document, and with what code.

Witness type (立会人型, 地方自治法施行規則12条の4の2): the town's system witnesses the contractor's consent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Literal
from uuid import UUID

ContractState = Literal["offered", "given", "consented", "declined", "expired", "concluded"]
Answer = Literal["right", "wrong", "spent", "expired", "unsent"]
SCHEMA = "todoke.consent/1"
CODE_DIGITS = 6
CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
CODE_AGAIN_AFTER = timedelta(seconds=60)
CODES_AN_HOUR = 5
HOUR = timedelta(hours=1)


class NotThePartyError(Exception):
    """Someone else than the person who signs for the contractor."""


class OfferClosedError(Exception):
    """The contract no longer waits for this answer.  ``state``: what it is now."""

    def __init__(self, state: ContractState) -> None:
        super().__init__(state)
        self.state = state


class OfferExpiredError(Exception):
    """The last day for the consent has passed."""


class OtherDocumentError(Exception):
    """What was shown is not the document that is offered."""


class TooSoonError(Exception):
    """A code was asked for a moment ago."""


class TooManyCodesError(Exception):
    """So many codes were asked for that somebody may be guessing."""


class NotTheConsentedDocumentError(Exception):
    """The sealed file does not begin with the bytes that were consented to.  Permanent."""

    permanent: ClassVar[bool] = True


@dataclass(kw_only=True)
class Contract:
    """A contract that the town has decided to conclude.

    ``party``: the contractor's id; ``subject``: OpenID Connect ``sub`` of the person who signs for it.
    ``offered_sha256`` and ``offered_size``: of the very PDF that is shown.  ``answer_by``: last day for the consent.
    """

    document_id: UUID
    case_id: UUID
    draft_version: int
    document_type: str
    contract_number: str
    party: str
    subject: str
    decider: str
    authority: str
    decided_at: datetime
    answer_by: date
    offered_sha256: str
    offered_size: int
    offered_at: datetime
    certificate_id: UUID
    state: ContractState = "offered"
    given_at: datetime | None = None
    consented_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str = ""
    version: int = 0

    def require_party(self, subject: str) -> None:
        """Raises NotThePartyError."""
        if subject != self.subject:
            raise NotThePartyError

    def require_open(self, today: date) -> None:
        """Raises OfferClosedError, OfferExpiredError."""
        if self.state != "offered":
            raise OfferClosedError(self.state)
        if today > self.answer_by:
            raise OfferExpiredError

    def give(self, sha256: str, today: date, now: datetime) -> None:
        """The contractor consents to what has this hash.  Raises OfferClosedError, OfferExpiredError,
        OtherDocumentError.
        """
        self.require_open(today)
        if sha256 != self.offered_sha256:
            raise OtherDocumentError
        self.state, self.given_at = "given", now

    def witness(self, stamped_at: datetime) -> None:
        """The consent has its timestamp."""
        self.state, self.consented_at = "consented", stamped_at

    def decline(self, reason: str, today: date, now: datetime) -> None:
        """The contractor does not consent.  Raises OfferClosedError, OfferExpiredError."""
        self.require_open(today)
        self.state, self.closed_at, self.reason = "declined", now, reason.strip()

    def expire(self, today: date, now: datetime) -> bool:
        """Whether the offer ends with this call: its last day has passed without an answer."""
        if self.state != "offered" or today <= self.answer_by:
            return False
        self.state, self.closed_at = "expired", now
        return True

    def conclude(self, sealed_at: datetime) -> None:
        """Both files are stored on both sites."""
        self.state, self.closed_at = "concluded", sealed_at


@dataclass(kw_only=True)
class Code:
    """A one-time code, asked for and perhaps sent.  ``digest``: a keyed hash of it, never the code itself."""

    code_id: UUID
    document_id: UUID
    requested_at: datetime
    digest: str = ""
    sent_at: datetime | None = None
    refused: bool = False
    tries: int = 0
    used_at: datetime | None = None

    def lapsed(self, now: datetime) -> bool:
        """Whether nobody waits for it any more."""
        return now - (self.sent_at or self.requested_at) > CODE_LASTS

    def send(self, digest: str, now: datetime) -> None:
        """The mail server has taken it."""
        self.digest, self.sent_at = digest, now

    @property
    def tries_left(self) -> int:
        """How often it can still be entered."""
        return max(0, CODE_TRIES - self.tries)

    def check(self, digest: str, is_same: bool, now: datetime) -> Answer:
        """What the contractor's input is.  ``is_same``: of ``digest``, compared in constant time by the caller."""
        if self.sent_at is None or not digest:
            return "unsent"
        if self.lapsed(now):
            return "expired"
        if self.used_at is not None or not self.tries_left:
            return "spent"
        self.tries += 1
        if not is_same:
            return "wrong" if self.tries_left else "spent"
        self.used_at = now
        return "right"


def require_not_too_often(codes: Sequence[Code], now: datetime) -> None:
    """Raises TooSoonError, TooManyCodesError.  ``codes``: all that were asked for one contract."""
    lately = [code for code in codes if now - code.requested_at < HOUR]
    if any(now - code.requested_at < CODE_AGAIN_AFTER for code in lately):
        raise TooSoonError
    if len(lately) >= CODES_AN_HOUR:
        raise TooManyCodesError


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """How the person is signed in.  ``sid_sha256``: of the provider's session; ``since``: when it began here."""

    issuer: str
    subject: str
    sid_sha256: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the page showed: the document's hash, and the sentence beside the button with its version."""

    sha256: str
    sentence_version: str
    sentence: str


def consent_event(
    contract: Contract, party: Mapping[str, str], person: SignedIn, code: Code, shown: Shown, now: datetime
) -> dict[str, Any]:
    """The consent as one event (schema todoke.consent/1), which the timestamp is over.

    ``party``: the contractor's part of the contract data.
    """
    return {
        "schema": SCHEMA,
        "contract_number": contract.contract_number,
        "document_id": str(contract.document_id),
        "document_sha256": contract.offered_sha256,
        "size": contract.offered_size,
        "party": {name: party[name] for name in ("id", "name", "title", "person", "subject")},
        "signed_in_at": person.since.isoformat(),
        "authentication": {"issuer": person.issuer, "sid_sha256": person.sid_sha256},
        "second_factor": {
            "kind": "one-time code by mail",
            "sent_at": code.sent_at.isoformat() if code.sent_at else None,
            "confirmed_at": now.isoformat(),
        },
        "sentence": {"version": shown.sentence_version, "text": shown.sentence},
        "consented_at": now.isoformat(),
    }
