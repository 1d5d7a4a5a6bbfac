"""What signing (署名) says."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from services.messages.document_ref import DocumentRef
from services.messages.fact import Fact


@dataclass(frozen=True)
class Finding:
    """One line of the notice compiler.  ``severity``: ok, warning or error.  ``text``: Japanese, for staff."""

    code: str
    severity: str
    text: str


@dataclass(frozen=True)
class StoredVersions:
    """Version ids that the two sites gave to one document."""

    a: str
    b: str


@dataclass(frozen=True, kw_only=True)
class DraftChecked(Fact):
    """The notice compiler has read a draft.  ``content_sha256``: the notice data it read; ``preview``: a PDF."""

    sender: ClassVar[str] = "signing"
    name: ClassVar[str] = "draft_checked"

    version: int
    content_sha256: str
    findings: tuple[Finding, ...]
    checked_at: datetime
    preview: DocumentRef | None = None


@dataclass(frozen=True, kw_only=True)
class SealPermitted(Fact):
    """The seal keeper (公印管守者) permits the seal on one document.  ``permitted_by``: post id."""

    sender: ClassVar[str] = "signing"
    name: ClassVar[str] = "seal_permitted"

    document_id: UUID
    permitted_by: str
    permitted_at: datetime


@dataclass(frozen=True, kw_only=True)
class SealRefused(Fact):
    """The seal keeper does not permit the seal.  ``reason``: for staff, not for the resident."""

    sender: ClassVar[str] = "signing"
    name: ClassVar[str] = "seal_refused"

    document_id: UUID
    refused_by: str
    reason: str
    refused_at: datetime


@dataclass(frozen=True, kw_only=True)
class DocumentSigned(Fact):
    """The sealed document is checked, stored on both sites and read back from both.

    ``level``: PAdES baseline level (ETSI EN 319 142-1), e.g. "B-T".  ``notice``: the data it was made from.
    """

    sender: ClassVar[str] = "signing"
    name: ClassVar[str] = "document_signed"

    document_id: UUID
    document_type: str
    document_number: str
    outcome: str
    document: DocumentRef
    notice: DocumentRef
    versions: StoredVersions
    level: str
    signed_at: datetime


@dataclass(frozen=True, kw_only=True)
class DocumentExtended(Fact):
    """A signed document has a newer edition, with an archive timestamp: the old file with something after its end.

    ``edition``: its number, from 2 on.  ``proven_until``: when the certificates of the new timestamp end.
    """

    sender: ClassVar[str] = "signing"
    name: ClassVar[str] = "document_extended"

    document_id: UUID
    document: DocumentRef
    versions: StoredVersions
    edition: int
    level: str
    proven_until: datetime
    extended_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContractOffered(Fact):
    """The contract lies before the contractor.  ``document``: the very PDF that is shown and consented to."""

    sender: ClassVar[str] = "signing"
    name: ClassVar[str] = "contract_offered"

    document_id: UUID
    contract_number: str
    document: DocumentRef
    answer_by: date
    offered_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContractConsented(Fact):
    """The contractor has consented to the document whose hash is ``document_sha256``; the town seals next."""

    sender: ClassVar[str] = "signing"
    name: ClassVar[str] = "contract_consented"

    document_id: UUID
    document_sha256: str
    consented_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContractDeclined(Fact):
    """The contractor does not consent.  ``reason``: for staff; may be empty."""

    sender: ClassVar[str] = "signing"
    name: ClassVar[str] = "contract_declined"

    document_id: UUID
    reason: str
    declined_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContractExpired(Fact):
    """The last day for the contractor's consent has passed without it."""

    sender: ClassVar[str] = "signing"
    name: ClassVar[str] = "contract_expired"

    document_id: UUID
    expired_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContractConcluded(Fact):
    """All have agreed and the town has sealed last: contract and certificate (合意締結証明書) are on both sites.

    ``document``: the concluded PDF, which begins with the bytes that were consented to.  ``level``: of PAdES.
    """

    sender: ClassVar[str] = "signing"
    name: ClassVar[str] = "contract_concluded"

    document_id: UUID
    document_type: str
    contract_number: str
    document: DocumentRef
    versions: StoredVersions
    certificate_id: UUID
    certificate: DocumentRef
    certificate_versions: StoredVersions
    level: str
    concluded_at: datetime


@dataclass(frozen=True, kw_only=True)
class ConsentCodeRequested(Fact):
    """Signing's own: the contractor asks for a one-time code.  The code itself is made when this is heard, and is in
    no message.
    """

    sender: ClassVar[str] = "signing"
    name: ClassVar[str] = "consent_code_requested"

    document_id: UUID
    code_id: UUID
    requested_at: datetime


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Fact):
    """Signing's own: the contractor has consented; the timestamp of the consent is still to come."""

    sender: ClassVar[str] = "signing"
    name: ClassVar[str] = "consent_given"

    document_id: UUID
    given_at: datetime
