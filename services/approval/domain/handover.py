"""Work that a service could not do and that waits for a person (引き継ぎの失敗)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(kw_only=True)
class Handover:
    """One parked message.  ``fact``: CloudEvents type; ``error``: an error's name, no data."""

    parking_id: UUID
    case_id: UUID
    service: str
    fact: str
    error: str
    parked_at: datetime
    asked_by: str = ""
    asked_at: datetime | None = None

    def ask(self, sub: str, at: datetime) -> bool:
        """A person asks to try again; False when somebody has asked before."""
        if self.asked_at is not None:
            return False
        self.asked_by, self.asked_at = sub, at
        return True
