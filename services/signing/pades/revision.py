"""An incremental update of a PDF of ours (ISO 32000-1 7.5.6)."""

import hashlib
import io

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class Revision(IncrementalPdfFileWriter):  # type: ignore[misc]
    """An update that depends on nothing but its input: no random file id, no modification date of now."""

    def __init__(self, source: io.BytesIO) -> None:
        super().__init__(source)
        first = self.prev.trailer["/ID"][0]
        second = hashlib.sha256(source.getvalue()).digest()[:16]
        self._document_id = generic.ArrayObject([first, generic.ByteStringObject(second)])

    def _update_meta(self) -> None:
        """Title and dates stay as the renderer wrote them, in the Info dictionary and in XMP."""
