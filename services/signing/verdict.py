"""What a verification finds, in a shape that needs no PDF library."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Status = Literal["valid", "invalid", "indeterminate"]
UNSIGNED, UNREADABLE, BROKEN, TOO_COMPLEX = "UNSIGNED", "UNREADABLE", "BROKEN", "TOO_COMPLEX"


@dataclass(frozen=True)
class Verdict:
    """Valid: signed by one of ours, unchanged since.  Invalid: altered.  Indeterminate: cannot be known here.

    ``reasons``: codes (UNSIGNED and UNREADABLE are no accusation).  ``signer``: name in the certificate.
    ``signed_at``: the timestamp authority's time.  ``level``: PAdES baseline level.
    """

    status: Status
    reasons: tuple[str, ...]
    sha256: str
    signer: str = ""
    signed_at: datetime | None = None
    level: str = ""

    def as_json(self) -> dict[str, Any]:
        """For ``todoke verify --json``."""
        signed_at = self.signed_at.isoformat() if self.signed_at else None
        return self.__dict__ | {"reasons": list(self.reasons), "signed_at": signed_at}
