"""Stored documents, and the notice compiler's findings, as a case names them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """A document in the two-site store: the fields of the published ``DocumentRef``."""

    owner: str
    sha256: str
    media_type: str
    size: int
    retention: str = "none"


@dataclass(frozen=True)
class Finding:
    """One line of the notice compiler.  ``severity``: ok, warning or error.  ``text``: Japanese, for staff."""

    code: str
    severity: str
    text: str
