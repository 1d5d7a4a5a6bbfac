"""The stored documents that delivery reads: form, notice data, sealed PDF."""

import io
import json
from typing import Any

import pikepdf

from services.chassis.handling import PermanentError
from services.chassis.objects import Objects
from services.delivery.domain.notice import Notice
from services.messages import DecodingError, DocumentRef, decode


class UnreadablePaperError(PermanentError):
    """The document is whole, but not what its sender promised.  ``sha256``: which."""

    def __init__(self, sha256: str) -> None:
        super().__init__(sha256)
        self.sha256 = sha256


class StoredPapers:
    """Papers out of the two-site store.  Each reading raises Waiting when no site answers."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def mail_of(self, form: DocumentRef) -> str:
        """The applicant's mail address, and nothing else of the form; empty when none was given."""
        applicant = self._json(form).get("applicant")
        if not isinstance(applicant, dict):
            raise UnreadablePaperError(form.sha256)
        return str(applicant.get("mail") or "")

    def notice(self, notice: DocumentRef) -> Notice:
        """The fields that the inbox shows.  Raises UnreadablePaperError, UnknownAppealVariantError."""
        try:
            return decode(Notice, self._json(notice))
        except DecodingError as error:
            raise UnreadablePaperError(notice.sha256) from error

    def pages(self, document: DocumentRef) -> int:
        """Number of pages of a PDF."""
        try:
            with pikepdf.open(io.BytesIO(self._objects.get(document))) as pdf:
                return len(pdf.pages)
        except pikepdf.PdfError as error:
            raise UnreadablePaperError(document.sha256) from error

    def _json(self, ref: DocumentRef) -> dict[str, Any]:
        try:
            value = json.loads(self._objects.get(ref))
        except ValueError as error:
            raise UnreadablePaperError(ref.sha256) from error
        if not isinstance(value, dict):
            raise UnreadablePaperError(ref.sha256)
        return value
