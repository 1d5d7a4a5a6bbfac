"""Work that waits for an outside server and goes on by itself (外のサーバーを待っている処理)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(kw_only=True)
class Delay:
    """One message that waits.  ``fact``: CloudEvents type; ``server``: what it waits for."""

    waiting_id: UUID
    case_id: UUID
    service: str
    fact: str
    server: str
    since: datetime
    resumed_at: datetime | None = None

    def resume(self, at: datetime) -> None:
        """It no longer waits; once is enough."""
        self.resumed_at = self.resumed_at or at
