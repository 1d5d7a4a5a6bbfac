"""What archive does, one function per act."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.archive.domain import SITES, ArchivedDocument, Finding
from services.messages import (
    ContractConcluded,
    DocumentArchived,
    DocumentExtended,
    DocumentRef,
    DocumentSigned,
    Fact,
    PaperPosted,
    ReplicaLost,
    ReplicaRepaired,
)

Say = Callable[[Fact], object]
CERTIFICATE = "contract-certificate"


class Records(Protocol):
    """What archive remembers.  Rows are loaded for update."""

    def has(self, document_id: UUID) -> bool: ...

    def add(self, document: ArchivedDocument, ref: DocumentRef) -> None: ...

    def load(self, document_id: UUID) -> tuple[ArchivedDocument, DocumentRef]:
        """Raises NotYet when there is none."""
        ...

    def save(self, document: ArchivedDocument) -> None: ...

    def replace(self, document: ArchivedDocument, ref: DocumentRef) -> None:
        """A newer edition: what is kept from now on; the older one stays where it is."""
        ...


class Sites(Protocol):
    """The two sites.  Each call raises Waiting when a site does not answer."""

    def look(self, ref: DocumentRef, site: str) -> Finding: ...

    def copy_to(self, ref: DocumentRef, site: str) -> Finding:
        """Copy from the other site and read back.  Raises an error that is permanent when no site has it whole."""
        ...


class Manifest(Protocol):
    """The archive's own chained record, kept outside the store: what it once had cannot silently go missing."""

    def enter(self, act: str, document: ArchivedDocument, ref: DocumentRef) -> None: ...


def archive_document(
    fact: DocumentSigned, records: Records, sites: Sites, manifest: Manifest, say: Say, now: datetime
) -> None:
    """Look at both copies and enter the document; a copy that is not whole is said to be lost, and repaired next."""
    document = ArchivedDocument(
        document_id=fact.document_id,
        case_id=fact.case_id,
        document_type=fact.document_type,
        document_number=fact.document_number,
        retention=fact.document.retention,
        signed_at=fact.signed_at,
    )
    _enter(document, fact.document, records, sites, manifest, say, now)


def archive_contract(
    fact: ContractConcluded, records: Records, sites: Sites, manifest: Manifest, say: Say, now: datetime
) -> None:
    """The same with a concluded contract and its certificate: two documents under one number."""
    certificate = fact.certificate_id, CERTIFICATE, fact.certificate
    for document_id, document_type, ref in ((fact.document_id, fact.document_type, fact.document), certificate):
        document = ArchivedDocument(
            document_id=document_id,
            case_id=fact.case_id,
            document_type=document_type,
            document_number=fact.contract_number,
            retention=ref.retention,
            signed_at=fact.concluded_at,
        )
        _enter(document, ref, records, sites, manifest, say, now)


def replace_edition(
    fact: DocumentExtended, records: Records, sites: Sites, manifest: Manifest, say: Say, now: datetime
) -> None:
    """The same document with a newer archive timestamp.  Editions may come out of turn: the newest stays."""
    document, _ = records.load(fact.document_id)
    if not document.extend(fact.edition):
        return
    _look(document, fact.document, sites, manifest, say, now)
    manifest.enter("extended", document, fact.document)
    records.replace(document, fact.document)


def repair_copy(fact: ReplicaLost, records: Records, sites: Sites, manifest: Manifest, say: Say, now: datetime) -> None:
    """Make the lost copy anew from the other site.  Raises RepairFailedError."""
    document, ref = records.load(fact.document_id)
    if document.copies[fact.site].lost_at is None:
        return
    repaired = document.repair(fact.site, sites.copy_to(ref, fact.site), now)
    if repaired is not None:
        manifest.enter(f"repaired {fact.site}", document, ref)
        say(ReplicaRepaired(case_id=fact.case_id, document_id=fact.document_id, site=fact.site, repaired_at=now))
    _archive(document, ref, manifest, say, now)
    records.save(document)


def close_original(fact: PaperPosted, records: Records, manifest: Manifest) -> None:
    """The notice was posted on paper: the digital original is kept, and closed."""
    document, ref = records.load(fact.document_id)
    if document.close(fact.posted_at):
        manifest.enter("closed", document, ref)
        records.save(document)


def _enter(
    document: ArchivedDocument,
    ref: DocumentRef,
    records: Records,
    sites: Sites,
    manifest: Manifest,
    say: Say,
    now: datetime,
) -> None:
    if records.has(document.document_id):
        return
    _look(document, ref, sites, manifest, say, now)
    _archive(document, ref, manifest, say, now)
    records.add(document, ref)


def _look(
    document: ArchivedDocument, ref: DocumentRef, sites: Sites, manifest: Manifest, say: Say, now: datetime
) -> None:
    for site in SITES:
        lost = document.look(site, sites.look(ref, site), now)
        if lost is not None:
            manifest.enter(f"lost {site}", document, ref)
            say(ReplicaLost(case_id=document.case_id, document_id=document.document_id, site=site, lost_at=lost.at))


def _archive(document: ArchivedDocument, ref: DocumentRef, manifest: Manifest, say: Say, now: datetime) -> None:
    if not document.archive(now):
        return
    manifest.enter("archived", document, ref)
    say(
        DocumentArchived(case_id=document.case_id, document_id=document.document_id, sha256=ref.sha256, archived_at=now)
    )
