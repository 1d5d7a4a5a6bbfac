"""The archive's manifest: its own hash-chained ledger, which the store cannot reach."""

from services.archive.domain import ArchivedDocument
from services.chassis.database import Work
from services.messages import DocumentRef


class LedgerManifest:
    """Enters what the archive has, lost or repaired, in the same commit as its records."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def enter(self, act: str, document: ArchivedDocument, ref: DocumentRef) -> None:
        """One row: which document, its hash, and the version at each site."""
        detail = {
            "document": str(document.document_id),
            "sha256": ref.sha256,
            "size": ref.size,
            "retention": document.retention,
            "versions": {site: copy.version_id for site, copy in document.copies.items()},
        }
        self._work.record(act, case_id=document.case_id, actor="archive", detail=detail)
