"""What delivery (交付) says."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from services.messages.fact import Fact


@dataclass(frozen=True, kw_only=True)
class NoticeDelivered(Fact):
    """The notice lies in the resident's inbox: it can be recorded there from now on."""

    sender: ClassVar[str] = "delivery"
    name: ClassVar[str] = "notice_delivered"

    document_id: UUID
    available_at: datetime


@dataclass(frozen=True, kw_only=True)
class NoticeOpened(Fact):
    """The resident has opened the notice for the first time."""

    sender: ClassVar[str] = "delivery"
    name: ClassVar[str] = "notice_opened"

    document_id: UUID
    opened_at: datetime


@dataclass(frozen=True, kw_only=True)
class NoticeArrived(Fact):
    """The notice has arrived in law (到達, デジタル手続法7条3項) by the rule ``rule``."""

    sender: ClassVar[str] = "delivery"
    name: ClassVar[str] = "notice_arrived"

    document_id: UUID
    arrived_at: datetime
    rule: str


@dataclass(frozen=True, kw_only=True)
class DeliveryChosen(Fact):
    """The resident has changed how the result of a case is received: ``digital`` or on paper (デジタル手続法7条1項)."""

    sender: ClassVar[str] = "delivery"
    name: ClassVar[str] = "delivery_chosen"

    digital: bool
    chosen_at: datetime


@dataclass(frozen=True, kw_only=True)
class DeliveryFailed(Fact):
    """The notice cannot be delivered digitally and goes on paper.  ``reason``: no_consent or consent_ended."""

    sender: ClassVar[str] = "delivery"
    name: ClassVar[str] = "delivery_failed"

    document_id: UUID
    reason: str
    failed_at: datetime


@dataclass(frozen=True, kw_only=True)
class PaperPosted(Fact):
    """The notice was posted on paper; the digital original is closed (no double original).

    ``posting_number``: of 特定記録郵便, as printed on its receipt; ``posted_on``: the day it was handed in.
    """

    sender: ClassVar[str] = "delivery"
    name: ClassVar[str] = "paper_posted"

    document_id: UUID
    posting_number: str
    posted_on: date
    posted_at: datetime
