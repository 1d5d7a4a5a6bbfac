"""Who receives the notices of a case, and how."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID


class DigitalConsentMissingError(Exception):
    """The applicant has not asked for digital delivery (デジタル手続法7条1項): the notice must go on paper."""

    permanent: ClassVar[bool] = True

    def __init__(self, case_id: UUID) -> None:
        super().__init__(str(case_id))
        self.case_id = case_id


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who receives the notices of one case.  ``subject``: OpenID Connect ``sub``.  ``mail``: may be empty.

    ``consented_at``: when digital delivery was last chosen (デジタル手続法7条1項); ``ended_at``: when that ended.
    """

    case_id: UUID
    subject: str
    procedure_id: str
    reception_number: str
    mail: str
    digital: bool
    consented_at: datetime | None
    ended_at: datetime | None = None

    @property
    def takes_digital(self) -> bool:
        """Whether the applicant asked for digital delivery, on a known day; without that the notice goes on paper."""
        return self.digital and self.consented_at is not None

    def require_digital(self) -> None:
        """Raises DigitalConsentMissingError."""
        if not self.takes_digital:
            raise DigitalConsentMissingError(self.case_id)

    @property
    def why_paper(self) -> str:
        """Why the notice goes on paper: no_consent or consent_ended."""
        return "consent_ended" if self.ended_at else "no_consent"

    def choose(self, digital: bool, now: datetime) -> "Recipient":
        """Receive the result in another way from now on."""
        if digital:
            return replace(self, digital=True, consented_at=now, ended_at=None)
        return replace(self, digital=False, ended_at=now)
