"""What signing (署名) says."""

from dataclasses import dataclass
from datetime import datetime
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
