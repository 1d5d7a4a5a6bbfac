"""Archive's worker: what it hears, and which act each fact asks for."""

from services.archive import use_cases
from services.archive.manifest import LedgerManifest
from services.archive.sites import StoreSites
from services.archive.store import SqlRecords
from services.chassis.clock import now
from services.chassis.database import Work
from services.chassis.inbox import Worker, hears
from services.messages import ContractConcluded, DocumentExtended, DocumentSigned, PaperPosted, ReplicaLost


class ArchiveWorker(Worker):
    """Parse -> use case, nothing else."""

    name = "archive"

    @hears(DocumentSigned)
    def on_document_signed(self, fact: DocumentSigned, work: Work) -> None:
        """A document to keep."""
        records, sites = SqlRecords(work.connection), StoreSites(self.objects)
        use_cases.archive_document(fact, records, sites, LedgerManifest(work), work.say, now())

    @hears(DocumentExtended)
    def on_document_extended(self, fact: DocumentExtended, work: Work) -> None:
        """A newer edition of a document that is kept."""
        records, sites = SqlRecords(work.connection), StoreSites(self.objects)
        use_cases.replace_edition(fact, records, sites, LedgerManifest(work), work.say, now())

    @hears(ContractConcluded)
    def on_contract_concluded(self, fact: ContractConcluded, work: Work) -> None:
        """A contract and its certificate to keep."""
        records, sites = SqlRecords(work.connection), StoreSites(self.objects)
        use_cases.archive_contract(fact, records, sites, LedgerManifest(work), work.say, now())

    @hears(ReplicaLost)
    def on_replica_lost(self, fact: ReplicaLost, work: Work) -> None:
        """Archive's own: the loss is written down first, then repaired, however long the site is away."""
        records, sites = SqlRecords(work.connection), StoreSites(self.objects)
        use_cases.repair_copy(fact, records, sites, LedgerManifest(work), work.say, now())

    @hears(PaperPosted)
    def on_paper_posted(self, fact: PaperPosted, work: Work) -> None:
        """A paper is the original from now on."""
        use_cases.close_original(fact, SqlRecords(work.connection), LedgerManifest(work))
