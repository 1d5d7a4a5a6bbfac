"""What the templates of delivery show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.chassis.clock import TOKYO
from services.chassis.web.filters import masked_mail
from services.delivery.domain.appeals import Closed, Remedy, remedies
from services.delivery.queries import Consent, NoticePage
from services.messages import encode

GOOD_OUTCOMES = {"granted", "partly"}


@dataclass(frozen=True)
class NoticeView:
    """One notice.  ``remedies``: empty when the notice has no 教示; their time is counted from ``known_on``."""

    page: NoticePage
    remedies: Sequence[Remedy]
    known_on: date | None

    @property
    def good(self) -> bool:
        """Whether the result is what was asked for, wholly or partly."""
        return self.page.outcome in GOOD_OUTCOMES

    @property
    def paper(self) -> dict[str, Any]:
        """The notice data, as the macro of the paper reads it."""
        data: dict[str, Any] = encode(self.page.notice)
        return data

    @property
    def variant(self) -> str:
        """Which ways to appeal are open."""
        return self.page.notice.appeal.variant if self.page.notice.appeal else "none"


def notice_view(page: NoticePage, closed: Closed) -> NoticeView:
    """The notice with the dates until which one can appeal, once it has arrived."""
    if page.notice.appeal is None or page.arrived_at is None:
        return NoticeView(page, (), None)
    known_on = page.arrived_at.astimezone(TOKYO).date()
    variant = page.notice.appeal.variant
    found = remedies(variant, known_on=known_on, decided_on=page.issued_on, closed=closed)
    return NoticeView(page, found, known_on)


@dataclass(frozen=True)
class ConsentView:
    """How the result of one application is received."""

    procedure: str
    reception_number: str
    digital: bool
    consented_at: datetime | None
    ended_at: datetime | None
    may_change: bool


@dataclass(frozen=True)
class SettingsView:
    """``mails``: (masked address, whether a mail to it came back), each once."""

    consents: Sequence[ConsentView]
    mails: Sequence[tuple[str, bool]]


def settings_view(consents: Sequence[Consent], names: Mapping[str, str]) -> SettingsView:
    """A resident's consents and addresses; an address that nobody reads any more is known by its unreached mails."""
    unreached = {one.mail for one in consents if one.alert == "unreached"}
    mails = dict.fromkeys(one.mail for one in consents if one.mail)
    shown = [_consent_view(one, names.get(one.procedure_id, one.procedure_id)) for one in consents]
    return SettingsView(shown, [(masked_mail(mail), mail in unreached) for mail in mails])


def _consent_view(one: Consent, procedure: str) -> ConsentView:
    return ConsentView(
        procedure, one.reception_number, one.digital, one.consented_at, one.ended_at, may_change=not one.delivered
    )
