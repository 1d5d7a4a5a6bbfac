"""How a message names a document that it does not carry."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DocumentRef:
    """A document in the two-site store.

    ``sha256``: 64 hexadecimal digits.  ``media_type``: RFC 6838.  ``size``: bytes.
    ``retention``: class of the town's records rules ("1y", "3y", "5y", "10y", "30y", "permanent") or "none".
    ``owner``: the id under which it is kept (a case's or a document's), so that two cases never share one lock.
    """

    owner: str
    sha256: str
    media_type: str
    size: int
    retention: str = "none"

    @property
    def key(self) -> str:
        """Object key ``<owner>/<sha256>``: writing it again is harmless."""
        return f"{self.owner}/{self.sha256}"
