"""Archive on real servers: its database and both sites, whose copies a test can take away or break."""

import io
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from infra.local import sites
from infra.local.system import System
from services.archive.settings import ArchiveSettings
from services.archive.worker import ArchiveWorker
from services.chassis import ledger
from services.chassis.clock import now
from services.chassis.database import engine, work_on
from services.chassis.objects import Objects, ref_of
from services.messages import ContractConcluded, DocumentExtended, DocumentSigned, Fact, ReplicaLost
from tests.integration.databases import migrated


class House:
    """Archive with its real servers; ``hear`` runs the worker's own handler in one transaction."""

    def __init__(self, settings: ArchiveSettings, system: System) -> None:
        self.settings, self.system = settings, system
        self.engine = engine(settings)
        self.objects = Objects.of(settings)

    def hear(self, fact: Fact) -> None:
        worker: Any = ArchiveWorker()
        worker.house = SimpleNamespace(settings=self.settings, objects=self.objects)
        with work_on(self.engine, "archive") as work:
            getattr(ArchiveWorker, f"on_{fact.name}").__wrapped__(worker, fact, work)

    def signed(self) -> DocumentSigned:
        """A document that signing has stored on both sites."""
        document_id = uuid4()
        data = f"%PDF-1.7 {document_id}".encode()
        ref = ref_of(str(document_id), data, "application/pdf", "5y")
        stored = self.objects.put(ref, data, sites="both")
        return DocumentSigned(
            case_id=uuid4(), document_id=document_id, document_type="subsidy-grant", document_number="高建第1号",
            outcome="granted", document=ref, notice=ref, versions=stored.both(), level="B-T", signed_at=now(),
        )  # fmt: skip

    def extended(self, signed: DocumentSigned, edition: int) -> DocumentExtended:
        """A newer edition of the same document, on both sites."""
        data = self.objects.get(signed.document) + f" edition {edition}".encode()
        ref = ref_of(str(signed.document_id), data, "application/pdf", "5y")
        return DocumentExtended(
            case_id=signed.case_id, document_id=signed.document_id, document=ref,
            versions=self.objects.put(ref, data, sites="both").both(), edition=edition, level="B-LTA",
            proven_until=now() + timedelta(days=3650), extended_at=now(),
        )  # fmt: skip

    def concluded(self) -> ContractConcluded:
        """A contract and its certificate that signing has stored on both sites."""
        contract, certificate = self.signed(), self.signed()
        return ContractConcluded(
            case_id=contract.case_id, document_id=contract.document_id, document_type="goods-contract",
            contract_number="R8-C000001", document=contract.document, versions=contract.versions,
            certificate_id=certificate.document_id, certificate=certificate.document,
            certificate_versions=certificate.versions, level="B-T", concluded_at=contract.signed_at,
        )  # fmt: skip

    def take_away(self, fact: DocumentSigned, site: str) -> None:
        """Hide the copy behind a delete marker, as an operator's mistake would."""
        sites.admin(self.system.layout, self.system.secrets, site).client.remove_object(
            self.settings.s3_bucket, fact.document.key
        )

    def overwrite(self, fact: DocumentSigned, site: str) -> None:
        """Put other bytes under the same key."""
        other = b"%PDF-1.7 something else"
        sites.admin(self.system.layout, self.system.secrets, site).client.put_object(
            self.settings.s3_bucket, fact.document.key, io.BytesIO(other), len(other)
        )

    def lost(self, fact: DocumentSigned, site: str) -> ReplicaLost:
        return ReplicaLost(case_id=fact.case_id, document_id=fact.document_id, site=site, lost_at=now())

    def said(self, case_id: UUID) -> list[str]:
        return self._column("SELECT routing_key FROM outbox WHERE case_id = :case ORDER BY seq", case_id)

    def manifest(self, case_id: UUID) -> list[str]:
        """Its rows of one case; raises BrokenChainError when the chain does not hold."""
        with self.engine.connect() as connection:
            ledger.verify(connection)
        rows = self._column("SELECT act FROM ledger WHERE case_id = :case ORDER BY seq", case_id)
        return [act for act in rows if not act.startswith("said ")]

    def _column(self, query: str, case_id: UUID) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.scalars(sa.text(query), {"case": case_id}))


@pytest.fixture(scope="module")
def house(servers: System) -> Iterator[House]:
    with migrated(servers, ArchiveSettings) as settings:
        found = House(settings, servers)
        yield found
        found.engine.dispose()
