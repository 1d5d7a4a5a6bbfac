"""The published language: frozen, versioned facts that the services exchange.

Standard library only.  A fact is a frozen dataclass whose ``type`` is its name on the wire
(``jp.todoke.<service>.<fact>.v1``).  Within a version only fields with a default may be added.
"""

from services.messages.approval import (
    ContractApproved,
    CorrectionRequested,
    DecisionDrafted,
    DecisionMade,
    ExaminationStarted,
    RetryRequested,
)
from services.messages.archive import DocumentArchived, ReplicaLost, ReplicaRepaired
from services.messages.delivery import (
    DeliveryChosen,
    DeliveryFailed,
    NoticeArrived,
    NoticeDelivered,
    NoticeOpened,
    PaperPosted,
)
from services.messages.document_ref import DocumentRef
from services.messages.encoding import DecodingError, decode, encode
from services.messages.envelope import Envelope
from services.messages.fact import Fact
from services.messages.handling import HandlingDelayed, HandlingParked, HandlingResumed
from services.messages.intake import ApplicationCorrected, ApplicationSubmitted, ApplicationWithdrawn
from services.messages.signing import (
    ConsentCodeRequested,
    ConsentGiven,
    ContractConcluded,
    ContractConsented,
    ContractDeclined,
    ContractExpired,
    ContractOffered,
    DocumentExtended,
    DocumentSigned,
    DraftChecked,
    Finding,
    SealPermitted,
    SealRefused,
    StoredVersions,
)

FACTS: tuple[type[Fact], ...] = (
    ApplicationSubmitted,
    ApplicationCorrected,
    ApplicationWithdrawn,
    ExaminationStarted,
    DecisionDrafted,
    DecisionMade,
    CorrectionRequested,
    ContractApproved,
    RetryRequested,
    DraftChecked,
    SealPermitted,
    SealRefused,
    DocumentSigned,
    DocumentExtended,
    ContractOffered,
    ConsentCodeRequested,
    ConsentGiven,
    ContractConsented,
    ContractDeclined,
    ContractExpired,
    ContractConcluded,
    NoticeDelivered,
    NoticeOpened,
    NoticeArrived,
    DeliveryChosen,
    DeliveryFailed,
    PaperPosted,
    DocumentArchived,
    ReplicaLost,
    ReplicaRepaired,
    HandlingParked,
    HandlingDelayed,
    HandlingResumed,
)

__all__ = [
    "FACTS",
    "ApplicationCorrected",
    "ApplicationSubmitted",
    "ApplicationWithdrawn",
    "ConsentCodeRequested",
    "ConsentGiven",
    "ContractApproved",
    "ContractConcluded",
    "ContractConsented",
    "ContractDeclined",
    "ContractExpired",
    "ContractOffered",
    "CorrectionRequested",
    "DecisionDrafted",
    "DecisionMade",
    "DecodingError",
    "DeliveryChosen",
    "DeliveryFailed",
    "DocumentArchived",
    "DocumentExtended",
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
    "PaperPosted",
    "ReplicaLost",
    "ReplicaRepaired",
    "RetryRequested",
    "SealPermitted",
    "SealRefused",
    "StoredVersions",
    "decode",
    "encode",
]
