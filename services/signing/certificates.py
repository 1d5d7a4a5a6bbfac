"""What the certificate of the electronic seal says of itself."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificate:
    """``subject``: whose seal it is, of which ``organization``; valid from ``since`` to ``until``."""

    subject: str
    since: datetime
    until: datetime
    organization: str = ""

    def holds_at(self, time: datetime) -> bool:
        """Whether it is within its own time."""
        return self.since <= time <= self.until


def read_certificate(path: Path) -> Certificate:
    """Raises OSError, ValueError."""
    found = x509.load_pem_x509_certificate(path.read_bytes())
    subject, organization = (_named(found, name) for name in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME))
    return Certificate(subject, found.not_valid_before_utc, found.not_valid_after_utc, organization)


def _named(certificate: x509.Certificate, name: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(name)
    return str(found[0].value) if found else ""
