"""What the worker orders from the press, and what it gets back; in a shape that needs no library."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.chassis.handling import PermanentError
from services.messages import Finding


class PressRefusedError(PermanentError):
    """The notice cannot be rendered or sealed as it is.  ``code``: name of the error inside."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Checked:
    """``preview``: the PDF as it will be, without number, date and seal; None when it cannot be rendered."""

    findings: tuple[Finding, ...]
    preview: bytes | None


@dataclass(frozen=True)
class SealOrder:
    """One notice to seal.  ``notice`` and ``chain``: canonical JSON; ``claimed_at``: the signing time it bears.

    ``public_id``: where its QR code leads.
    """

    document_id: UUID
    document_type: str
    notice: bytes
    chain: bytes
    document_number: str
    public_id: str
    issued_on: date
    decided_at: datetime
    claimed_at: datetime


@dataclass(frozen=True)
class LayoutOrder:
    """One decided contract to lay out.  ``contract`` and ``chain``: canonical JSON; ``day``: of the decision."""

    document_type: str
    contract: bytes
    chain: bytes
    day: date


@dataclass(frozen=True)
class CertifyOrder:
    """A PDF of ours to seal as it is.  ``claimed_at``: the signing time it bears."""

    document_id: UUID
    document_type: str
    pdf: bytes
    claimed_at: datetime


@dataclass(frozen=True)
class CertificateOrder:
    """What a certificate tells of a contract; it is rendered and sealed.

    ``event`` and ``reply``: the consent and its timestamp; ``sealed_at`` and ``concluded_sha256``: of the contract.
    """

    document_id: UUID
    contract: bytes
    event: bytes
    reply: bytes
    consented_at: datetime
    sealed_at: datetime
    concluded_sha256: str
    decider: str
    decided_at: datetime
    claimed_at: datetime


@dataclass(frozen=True)
class ExtendOrder:
    """A sealed file to be given a newer document timestamp.  ``digest``: hash algorithm of the timestamp."""

    pdf: bytes
    digest: str


@dataclass(frozen=True)
class Extended:
    """The file with its newer timestamp.  ``proven_until``: when the timestamp's certificates end."""

    pdf: bytes
    level: str
    digest: str
    proven_until: datetime


@dataclass(frozen=True)
class Stamped:
    """A verified timestamp.  ``reply``: DER of the TimeStampResp (RFC 3161); ``at``: the authority's time."""

    reply: bytes
    at: datetime


@dataclass(frozen=True)
class Sealed:
    """``signed_at``: the timestamp authority's time; at level B-B, which has none, the time it claims.

    ``level``: PAdES baseline level.
    """

    pdf: bytes
    signed_at: datetime
    level: str
