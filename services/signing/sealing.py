"""Sealing that survives a crash: the sealed file is committed by itself before anything else is tried."""

import hashlib
from collections.abc import Callable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.chassis.clock import TOKYO, now
from services.messages import ContractApproved
from services.signing.domain import Document
from services.signing.domain.contracts import Contract
from services.signing.press import CertificateOrder, CertifyOrder, LayoutOrder, Press, Sealed, SealOrder
from services.signing.store import sealed_files
from services.signing.use_cases import Sources
from services.signing.use_cases.contracts import Concluded, Consent, ContractTexts


class KeptFiles:
    """Gives the file that is already there, or has one sealed and keeps it.

    The document's row is locked by the caller, so that no two workers seal the same document.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def once(self, document_id: UUID, seal: Callable[[], Sealed]) -> Sealed:
        """Raises what ``seal`` raises."""
        return self._kept(document_id) or self._keep(document_id, seal())

    def _kept(self, document_id: UUID) -> Sealed | None:
        query = sa.select(sealed_files).where(sealed_files.c.document_id == document_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return Sealed(bytes(row.pdf), row.signed_at, row.level) if row else None

    def _keep(self, document_id: UUID, sealed: Sealed) -> Sealed:
        values = {"document_id": document_id, "kept_at": now()} | sealed.__dict__
        with self._engine.begin() as connection:
            connection.execute(insert(sealed_files).values(values))
        return sealed


class ContractLayout:
    """The decided contract as the very PDF that is offered and, at the end, sealed."""

    def __init__(self, press: Press) -> None:
        self._press = press

    def __call__(self, fact: ContractApproved, sources: Sources) -> bytes:
        """Raises PressRefusedError, Waiting("press")."""
        day = fact.decided_at.astimezone(TOKYO).date()
        order = LayoutOrder(fact.document_type, sources.notice_text, sources.chain_text, day)
        return self._press.lay_out(order)


class KeptSealing:
    """Seals a notice once."""

    def __init__(self, engine: sa.Engine, press: Press) -> None:
        self._files = KeptFiles(engine)
        self._press = press

    def __call__(self, document: Document, sources: Sources) -> Sealed:
        """Raises Waiting, PressRefusedError, NotPermittedError."""
        order = SealOrder(
            document_id=document.document_id,
            document_type=document.document_type,
            notice=sources.notice_text,
            chain=sources.chain_text,
            document_number=document.document_number,
            public_id=document.public_id,
            issued_on=document.issued_on,
            decided_at=document.decided_at,
            claimed_at=document.claimed_at,
        )
        return self._files.once(document.document_id, lambda: self._press.seal(order))


class KeptConclusion:
    """Seals a contract once, and then its certificate once: it tells of the sealed file that is kept by then."""

    def __init__(self, engine: sa.Engine, press: Press) -> None:
        self._files = KeptFiles(engine)
        self._press = press

    def __call__(
        self, document: Document, contract: Contract, texts: ContractTexts, consent: Consent, offered: bytes
    ) -> Concluded:
        """Raises Waiting, PressRefusedError, NotPermittedError."""
        order = CertifyOrder(document.document_id, document.document_type, offered, document.claimed_at)
        sealed = self._files.once(document.document_id, lambda: self._press.certify(order))
        told = _certificate(document, contract, texts, consent, sealed)
        certificate = self._files.once(contract.certificate_id, lambda: self._press.certificate(told))
        return Concluded(contract=sealed, certificate=certificate)


def _certificate(
    document: Document, contract: Contract, texts: ContractTexts, consent: Consent, sealed: Sealed
) -> CertificateOrder:
    return CertificateOrder(
        document_id=contract.certificate_id,
        contract=texts.sources.notice_text,
        event=consent.event,
        reply=consent.reply,
        consented_at=contract.consented_at or document.decided_at,
        sealed_at=sealed.signed_at,
        concluded_sha256=hashlib.sha256(sealed.pdf).hexdigest(),
        decider=document.decider,
        decided_at=document.decided_at,
        claimed_at=document.claimed_at,
    )
