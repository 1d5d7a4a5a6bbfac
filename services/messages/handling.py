"""What each service says about its own work."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from services.messages.fact import Fact


@dataclass(frozen=True, kw_only=True)
class HandlingParked(Fact):
    """A fact could not be handled and waits for a person.

    ``service``: who could not.  ``fact``: CloudEvents type of what it heard.  ``error``: an error's name, no data.
    ``sender`` is empty: every service says it, each to its own exchange.
    """

    sender: ClassVar[str] = ""
    name: ClassVar[str] = "handling_parked"

    service: str
    parking_id: UUID
    fact: str
    error: str
    parked_at: datetime


@dataclass(frozen=True, kw_only=True)
class HandlingDelayed(Fact):
    """A fact cannot be handled, or published, for so long because an outside server is away; it goes on by itself.

    ``service``: whose work waits.  ``fact``: CloudEvents type.  ``server``: store, tsa, crl, mail …
    Every service says it.
    """

    sender: ClassVar[str] = ""
    name: ClassVar[str] = "handling_delayed"

    service: str
    waiting_id: UUID
    fact: str
    server: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class HandlingResumed(Fact):
    """What ``handling_delayed`` told of no longer waits for that server.  Every service says it."""

    sender: ClassVar[str] = ""
    name: ClassVar[str] = "handling_resumed"

    waiting_id: UUID
    resumed_at: datetime
