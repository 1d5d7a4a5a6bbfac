"""What intake (受付) says."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from services.messages.document_ref import DocumentRef
from services.messages.fact import Fact


@dataclass(frozen=True, kw_only=True)
class ApplicationSubmitted(Fact):
    """An application is recorded: it has arrived (行政手続法7条).

    ``applicant``: OpenID Connect ``sub``.  ``form``: canonical JSON of the answers (shape: docs/form.md), which names
    the attachments.  ``due_on``: last day of the 標準処理期間 (6条).  ``digital``: consent to digital delivery,
    given for this procedure at ``digital_consent_at`` (デジタル手続法7条1項).
    """

    sender: ClassVar[str] = "intake"
    name: ClassVar[str] = "application_submitted"

    reception_number: str
    procedure_id: str
    applicant: str
    submitted_at: datetime
    due_on: date
    form: DocumentRef
    attachments: tuple[DocumentRef, ...]
    digital: bool
    digital_consent_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ApplicationWithdrawn(Fact):
    """The applicant takes the application back (取下げ).  A decision that was made before it is heard stands."""

    sender: ClassVar[str] = "intake"
    name: ClassVar[str] = "application_withdrawn"

    withdrawn_at: datetime


@dataclass(frozen=True, kw_only=True)
class ApplicationCorrected(Fact):
    """The applicant has answered a request for correction (補正, 行政手続法7条).

    ``form``: the whole form document anew (docs/form.md); ``attachments``: all that it names.  ``due_on``: last day of
    the 標準処理期間 with the time of the correction not counted.
    """

    sender: ClassVar[str] = "intake"
    name: ClassVar[str] = "application_corrected"

    correction_id: UUID
    form: DocumentRef
    attachments: tuple[DocumentRef, ...]
    due_on: date
    corrected_at: datetime
