"""What approval (決裁) says."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from services.messages.document_ref import DocumentRef
from services.messages.fact import Fact


@dataclass(frozen=True, kw_only=True)
class ExaminationStarted(Fact):
    """The office in charge has begun to examine the application (審査).  ``section``: id in infra/town/organisation."""

    sender: ClassVar[str] = "approval"
    name: ClassVar[str] = "examination_started"

    section: str
    started_at: datetime


@dataclass(frozen=True, kw_only=True)
class DecisionDrafted(Fact):
    """A draft decision (起案) or a new version of it.

    ``notice``: canonical JSON of the notice data (shape: docs/notice.md) without number, date and decision chain;
    its sha256 is the hash that approvals bind to.
    """

    sender: ClassVar[str] = "approval"
    name: ClassVar[str] = "decision_drafted"

    version: int
    document_type: str
    notice: DocumentRef
    drafted_at: datetime


@dataclass(frozen=True, kw_only=True)
class DecisionMade(Fact):
    """The one who has the power has decided (決裁).

    ``outcome``: granted, partly, refused or dismissed.  ``decider``: post id.  ``authority``: the article giving the
    power.  ``chain``: canonical JSON of posts, articles, hashes and times (no officer's name, no application data).
    ``document_number`` and ``issued_on`` are what the final notice bears.  ``document_id``: the notice's own id.
    """

    sender: ClassVar[str] = "approval"
    name: ClassVar[str] = "decision_made"

    version: int
    outcome: str
    document_id: UUID
    document_type: str
    document_number: str
    issued_on: date
    notice: DocumentRef
    chain: DocumentRef
    decider: str
    authority: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class CorrectionRequested(Fact):
    """The office asks the applicant to correct some answers (補正, 行政手続法7条): that time is not counted.

    ``request``: canonical JSON of what is asked and why, in the resident's words (shape: docs/correction.md).
    ``answer_by``: the day until which an answer is asked for; a later one is taken as long as nothing is decided.
    """

    sender: ClassVar[str] = "approval"
    name: ClassVar[str] = "correction_requested"

    correction_id: UUID
    request: DocumentRef
    answer_by: date
    requested_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContractApproved(Fact):
    """The one who has the power has decided that the town concludes a contract.

    ``contract``: canonical JSON of the contract (shape: docs/contract.md), whose sha256 approvals bind to; ``chain``:
    as in DecisionMade.  ``answer_by``: last day on which the contractor can consent.
    """

    sender: ClassVar[str] = "approval"
    name: ClassVar[str] = "contract_approved"

    version: int
    document_id: UUID
    document_type: str
    contract_number: str
    contract: DocumentRef
    chain: DocumentRef
    decider: str
    authority: str
    answer_by: date
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class RetryRequested(Fact):
    """A person asks ``service`` to handle a parked message again.  ``parking_id``: from HandlingParked."""

    sender: ClassVar[str] = "approval"
    name: ClassVar[str] = "retry_requested"

    service: str
    parking_id: UUID
    requested_at: datetime
