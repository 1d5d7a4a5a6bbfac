"""What delivery (交付) says."""

from dataclasses import dataclass
from datetime import datetime
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
