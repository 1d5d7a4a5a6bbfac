"""The stored documents of signing: what it reads, and what it puts on both sites."""

from uuid import UUID

from services.chassis.database import Work
from services.chassis.objects import Objects, ref_of
from services.messages import DocumentRef
from services.signing.use_cases import SealedCopy

PDF = "application/pdf"


class StoredPapers:
    """Papers in the two-site store.  Each act raises Waiting when it cannot be done now."""

    def __init__(self, objects: Objects, work: Work) -> None:
        self._objects = objects
        self._work = work

    def read(self, ref: DocumentRef) -> bytes:
        """Its hash is compared."""
        return self._objects.get(ref)

    def keep_preview(self, case_id: UUID, pdf: bytes) -> DocumentRef:
        """One site is enough, and no lock: the relay stores it before draft_checked goes out."""
        ref = ref_of(str(case_id), pdf, PDF)
        self._work.attach(ref, pdf)
        return ref

    def store_sealed(self, document_id: UUID, pdf: bytes, retention: str) -> SealedCopy:
        """On both sites, read back from both and compared, with the lock of its retention class."""
        ref = ref_of(str(document_id), pdf, PDF, retention)
        return SealedCopy(ref=ref, versions=self._objects.put(ref, pdf, sites="both").both())
