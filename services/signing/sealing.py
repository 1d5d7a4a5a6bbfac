"""Sealing that survives a crash: the sealed file is committed by itself before anything else is tried."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.chassis.clock import now
from services.signing.domain import Document
from services.signing.press import Press, Sealed, SealOrder
from services.signing.store import sealed_files
from services.signing.use_cases import Sources


class KeptSealing:
    """Gives the file that is already there, or seals one and keeps it.

    The document's row is locked by the caller, so that no two workers seal the same document.
    """

    def __init__(self, engine: sa.Engine, press: Press) -> None:
        self._engine = engine
        self._press = press

    def __call__(self, document: Document, sources: Sources) -> Sealed:
        """Raises Waiting, PressRefusedError, NotPermittedError."""
        return self._kept(document) or self._sealed(document, sources)

    def _kept(self, document: Document) -> Sealed | None:
        query = sa.select(sealed_files).where(sealed_files.c.document_id == document.document_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return Sealed(bytes(row.pdf), row.signed_at, row.level) if row else None

    def _sealed(self, document: Document, sources: Sources) -> Sealed:
        sealed = self._press.seal(
            SealOrder(
                document_id=document.document_id,
                document_type=document.document_type,
                notice=sources.notice_text,
                chain=sources.chain_text,
                document_number=document.document_number,
                issued_on=document.issued_on,
                claimed_at=document.claimed_at,
            )
        )
        values = {"document_id": document.document_id, "kept_at": now()} | sealed.__dict__
        with self._engine.begin() as connection:
            connection.execute(insert(sealed_files).values(values))
        return sealed
