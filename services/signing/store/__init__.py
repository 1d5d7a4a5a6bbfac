"""Signing's tables and the repository over them."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from services.chassis.database import PG_UUID, Work
from services.chassis.handling import NotYet
from services.messages import DocumentRef, Finding, decode, encode
from services.signing.domain import Document, Draft
from services.signing.use_cases import SealedCopy, Sources

T = TypeVar("T", Document, Draft)
moment = sa.DateTime(timezone=True)
# Not the chassis' MetaData: two services may well have a table of one name.
metadata = sa.MetaData()

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("case_id", PG_UUID, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("document_type", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("checked_at", moment, nullable=False),
    sa.Column("findings", JSONB, nullable=False),
    sa.Column("preview", JSONB),
)
documents = sa.Table(
    "documents",
    metadata,
    sa.Column("document_id", PG_UUID, primary_key=True),
    sa.Column("case_id", PG_UUID, nullable=False),
    sa.Column("draft_version", sa.Integer, nullable=False),
    sa.Column("document_type", sa.Text, nullable=False),
    sa.Column("document_number", sa.Text, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("decider", sa.Text, nullable=False),
    sa.Column("authority", sa.Text, nullable=False),
    sa.Column("decided_at", moment, nullable=False),
    sa.Column("keeper_post", sa.Text, nullable=False),
    sa.Column("public_id", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("acted_by", sa.Text),
    sa.Column("acted_subject", sa.Text),
    sa.Column("acted_at", moment),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("signed_at", moment),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("closed_at", moment),
    sa.Column("version", sa.Integer, nullable=False),
)
sources = sa.Table(
    "sources",
    metadata,
    sa.Column("document_id", PG_UUID, primary_key=True),
    sa.Column("notice", JSONB, nullable=False),
    sa.Column("chain", JSONB, nullable=False),
    sa.Column("notice_text", sa.LargeBinary, nullable=False),
    sa.Column("chain_text", sa.LargeBinary, nullable=False),
    sa.Column("sealed", JSONB),
    sa.Column("site_versions", JSONB),
)
sealed_files = sa.Table(
    "sealed_files",
    metadata,
    sa.Column("document_id", PG_UUID, primary_key=True),
    sa.Column("pdf", sa.LargeBinary, nullable=False),
    sa.Column("signed_at", moment, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("kept_at", moment, nullable=False),
)


class SqlDocuments:
    """Drafts and documents in PostgreSQL, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def has_draft(self, case_id: UUID, version: int) -> bool:
        """Whether this version has been checked."""
        return self._exists(drafts, _version(case_id, version))

    def add_draft(self, draft: Draft, findings: tuple[Finding, ...], preview: DocumentRef | None) -> None:
        """What the compiler found, and where the preview is."""
        values = asdict(draft) | {"findings": encode(findings), "preview": encode(preview)}
        self._connection.execute(insert(drafts).values(values).on_conflict_do_nothing())

    def draft(self, case_id: UUID, version: int) -> Draft:
        """Raises NotYet."""
        return _made(Draft, self._row(drafts, _version(case_id, version)))

    def has(self, document_id: UUID) -> bool:
        """Whether the decision has been received."""
        return self._exists(documents, documents.c.document_id == document_id)

    def add(self, document: Document, texts: Sources) -> None:
        """A document with what it is made from."""
        self._connection.execute(documents.insert().values(asdict(document)))
        values = {
            "notice": encode(texts.notice),
            "chain": encode(texts.chain),
            "notice_text": texts.notice_text,
            "chain_text": texts.chain_text,
        }
        self._connection.execute(sources.insert().values({"document_id": document.document_id} | values))

    def load(self, document_id: UUID) -> Document:
        """Locked until the transaction ends.  Raises NotYet."""
        return _made(Document, self._row(documents, documents.c.document_id == document_id, lock=True))

    def sources(self, document_id: UUID) -> Sources:
        """Raises NotYet."""
        row = self._row(sources, sources.c.document_id == document_id)
        return Sources(
            notice=decode(DocumentRef, row["notice"]),
            chain=decode(DocumentRef, row["chain"]),
            notice_text=bytes(row["notice_text"]),
            chain_text=bytes(row["chain_text"]),
        )

    def save(self, document: Document) -> None:
        """Write a document that was loaded, and so locked, before."""
        document.version += 1
        which = documents.c.document_id == document.document_id
        self._connection.execute(documents.update().where(which).values(asdict(document)))

    def save_sealed(self, document: Document, copy: SealedCopy) -> None:
        """Both sites have the sealed file: it is needed here no longer."""
        self.save(document)
        which = document.document_id
        stored = {"sealed": encode(copy.ref), "site_versions": encode(copy.versions)}
        self._connection.execute(sources.update().where(sources.c.document_id == which).values(stored))
        self._connection.execute(sealed_files.delete().where(sealed_files.c.document_id == which))

    def _exists(self, table: sa.Table, which: sa.ColumnElement[bool]) -> bool:
        return bool(self._connection.scalar(sa.select(sa.exists().select_from(table).where(which))))

    def _row(self, table: sa.Table, which: sa.ColumnElement[bool], *, lock: bool = False) -> Mapping[str, Any]:
        query = sa.select(table).where(which)
        row = self._connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
        if row is None:
            raise NotYet
        return dict(row)


class LedgerRegister:
    """公印使用簿: each use of the seal is a row of the hash-chained ledger."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def __call__(self, act: str, document: Document, actor: str) -> None:
        """Ids, posts and states only."""
        detail = {
            "document": str(document.document_id),
            "number": document.document_number,
            "keeper": document.keeper_post,
            "state": document.state,
        }
        self._work.record(act, case_id=document.case_id, actor=actor, detail=detail)


def _version(case_id: UUID, version: int) -> sa.ColumnElement[bool]:
    return sa.and_(drafts.c.case_id == case_id, drafts.c.version == version)


def _made(wanted: type[T], row: Mapping[str, Any]) -> T:
    return wanted(**{field.name: row[field.name] for field in fields(wanted)})
