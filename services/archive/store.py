"""Archive's tables and the repository over them."""

from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.archive.domain import ArchivedDocument, Copy
from services.chassis.database import PG_UUID, metadata
from services.chassis.handling import NotYet
from services.messages import DocumentRef

moment = sa.DateTime(timezone=True)

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("document_id", PG_UUID, primary_key=True),
    sa.Column("case_id", PG_UUID, nullable=False),
    sa.Column("document_type", sa.Text, nullable=False),
    sa.Column("document_number", sa.Text, nullable=False),
    sa.Column("retention", sa.Text, nullable=False),
    sa.Column("keep_until", sa.Date),
    sa.Column("signed_at", moment, nullable=False),
    sa.Column("archived_at", moment),
    sa.Column("closed_at", moment),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
copies = sa.Table(
    "copies",
    metadata,
    sa.Column("document_id", PG_UUID, primary_key=True),
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("version_id", sa.Text, nullable=False),
    sa.Column("locked_until", moment),
    sa.Column("checked_at", moment),
    sa.Column("lost_at", moment),
    sa.Column("repaired_at", moment),
)
OWN = [field.name for field in fields(ArchivedDocument) if field.name != "copies"]


class SqlRecords:
    """Records in PostgreSQL, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def has(self, document_id: UUID) -> bool:
        """Whether the document is entered."""
        return bool(self._connection.scalar(sa.select(sa.exists().where(documents.c.document_id == document_id))))

    def add(self, document: ArchivedDocument, ref: DocumentRef) -> None:
        """Enter a document and its copies."""
        place = asdict(ref) | {"retention": document.retention, "keep_until": document.keep_until}
        self._connection.execute(documents.insert().values(_own(document) | place))
        for copy in document.copies.values():
            self._connection.execute(copies.insert().values(asdict(copy) | {"document_id": document.document_id}))

    def load(self, document_id: UUID) -> tuple[ArchivedDocument, DocumentRef]:
        """Locked until the transaction ends.  Raises NotYet."""
        query = sa.select(documents).where(documents.c.document_id == document_id).with_for_update()
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotYet
        document = ArchivedDocument(**{name: row[name] for name in OWN}, copies=self._copies(document_id))
        return document, DocumentRef(row["owner"], row["sha256"], row["media_type"], row["size"], row["retention"])

    def save(self, document: ArchivedDocument) -> None:
        """Write a document that was loaded, and so locked, before."""
        document.version += 1
        which = documents.c.document_id == document.document_id
        self._connection.execute(documents.update().where(which).values(_own(document)))
        for copy in document.copies.values():
            this = (copies.c.document_id == document.document_id) & (copies.c.site == copy.site)
            self._connection.execute(copies.update().where(this).values(asdict(copy)))

    def replace(self, document: ArchivedDocument, ref: DocumentRef) -> None:
        """Write a document that was loaded, and so locked, before, with its newer file."""
        self.save(document)
        place = {"owner": ref.owner, "sha256": ref.sha256, "media_type": ref.media_type, "size": ref.size}
        which = documents.c.document_id == document.document_id
        self._connection.execute(documents.update().where(which).values(place))

    def _copies(self, document_id: UUID) -> dict[str, Copy]:
        names = [field.name for field in fields(Copy)]
        rows = self._connection.execute(sa.select(copies).where(copies.c.document_id == document_id)).mappings()
        return {row["site"]: Copy(**{name: row[name] for name in names}) for row in rows}


def _own(document: ArchivedDocument) -> dict[str, Any]:
    return {name: getattr(document, name) for name in OWN}
