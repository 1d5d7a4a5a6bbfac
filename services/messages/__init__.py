"""The published language: frozen, versioned facts that the services exchange.

Standard library only.  A fact is a frozen dataclass whose ``type`` is its name on the wire
(``jp.todoke.<service>.<fact>.v1``).  Within a version only fields with a default may be added.
"""

from services.messages.approval import (
    DecisionDrafted,
    DecisionMade,
    ExaminationStarted,
    RetryRequested,
)
from services.messages.archive import DocumentArchived, ReplicaLost, ReplicaRepaired
from services.messages.delivery import NoticeArrived, NoticeDelivered, NoticeOpened
from services.messages.document_ref import DocumentRef
from services.messages.encoding import DecodingError, decode, encode
from services.messages.envelope import Envelope
from services.messages.fact import Fact
from services.messages.handling import HandlingDelayed, HandlingParked, HandlingResumed
from services.messages.intake import ApplicationSubmitted, ApplicationWithdrawn
from services.messages.signing import (
    DocumentSigned,
    DraftChecked,
    Finding,
    SealPermitted,
    SealRefused,
    StoredVersions,
)

FACTS: tuple[type[Fact], ...] = (
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ExaminationStarted,
    DecisionDrafted,
    DecisionMade,
    RetryRequested,
    DraftChecked,
    SealPermitted,
    SealRefused,
    DocumentSigned,
    NoticeDelivered,
    NoticeOpened,
    NoticeArrived,
    DocumentArchived,
    ReplicaLost,
    ReplicaRepaired,
    HandlingParked,
    HandlingDelayed,
    HandlingResumed,
)

__all__ = [
    "FACTS",
    "ApplicationSubmitted",
    "ApplicationWithdrawn",
    "DecisionDrafted",
    "DecisionMade",
    "DecodingError",
    "DocumentArchived",
    "DocumentRef",
    "DocumentSigned",
    "DraftChecked",
    "Envelope",
    "ExaminationStarted",
    "Fact",
    "Finding",
    "HandlingDelayed",
    "HandlingParked",
    "HandlingResumed",
    "NoticeArrived",
    "NoticeDelivered",
    "NoticeOpened",
    "ReplicaLost",
    "ReplicaRepaired",
    "RetryRequested",
    "SealPermitted",
    "SealRefused",
    "StoredVersions",
    "decode",
    "encode",
]
