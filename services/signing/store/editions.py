"""The table of editions and the repository over it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.chassis.database import PG_UUID, Work
from services.messages import DocumentRef, decode, encode
from services.signing.domain.editions import ARCHIVED, Edition
from services.signing.store import metadata, moment, sources
from services.signing.store.contracts import contract_papers, contracts
from services.signing.use_cases import SealedCopy

editions = sa.Table(
    "editions",
    metadata,
    sa.Column("document_id", PG_UUID, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("case_id", PG_UUID, nullable=False),
    sa.Column("document_type", sa.Text, nullable=False),
    sa.Column("document_number", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("made_at", moment, nullable=False),
    sa.Column("proven_until", moment),
    sa.Column("due_at", moment),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("ref", JSONB, nullable=False),
    sa.Column("site_versions", JSONB, nullable=False),
)
NEWEST, REFUSED = editions.c.state == "newest", editions.c.state == "refused"


class SqlEditions:
    """Editions in PostgreSQL, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, edition: Edition, copy: SealedCopy) -> None:
        """With the place of its file."""
        place = {"ref": encode(copy.ref), "site_versions": encode(copy.versions)}
        self._connection.execute(editions.insert().values(asdict(edition) | place))

    def due(self, now: datetime, retired: Iterable[str], limit: int) -> Sequence[UUID]:
        """Documents whose newest edition is due, the longest first."""
        old = sa.and_(editions.c.level == ARCHIVED, editions.c.digest.in_(list(retired)))
        is_due = sa.and_(NEWEST, editions.c.due_at.is_not(None), sa.or_(editions.c.due_at <= now, old))
        query = sa.select(editions.c.document_id).where(is_due).order_by(editions.c.due_at).limit(limit)
        return self._connection.scalars(query).all()

    def newest(self, document_id: UUID) -> tuple[Edition, DocumentRef] | None:
        """Locked until the transaction ends; nothing while another has it."""
        which = sa.and_(NEWEST, editions.c.document_id == document_id)
        query = sa.select(editions).where(which).with_for_update(skip_locked=True)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else (edition_of(row), decode(DocumentRef, row["ref"]))

    def refused(self, document_id: UUID) -> Edition | None:
        """Locked until the transaction ends."""
        which = sa.and_(REFUSED, editions.c.document_id == document_id)
        row = self._connection.execute(sa.select(editions).where(which).with_for_update()).mappings().one_or_none()
        return None if row is None else edition_of(row)

    def save(self, edition: Edition) -> None:
        """Write an edition that was loaded, and so locked, before."""
        which = sa.and_(editions.c.document_id == edition.document_id, editions.c.number == edition.number)
        self._connection.execute(editions.update().where(which).values(asdict(edition)))

    def follow(self, edition: Edition, following: Edition, copy: SealedCopy) -> None:
        """The next edition is what every page gives from now on."""
        self.save(edition)
        self.add(following, copy)
        ref, versions = encode(copy.ref), encode(copy.versions)
        own = following.document_id
        self._set(sources, sources.c.document_id == own, sealed=ref, site_versions=versions)
        papers = contract_papers.c.document_id
        self._set(contract_papers, papers == own, concluded=ref, concluded_versions=versions)
        of_certificate = sa.select(contracts.c.document_id).where(contracts.c.certificate_id == own).scalar_subquery()
        self._set(contract_papers, papers == of_certificate, certificate=ref, certificate_versions=versions)

    def _set(self, table: sa.Table, which: sa.ColumnElement[bool], **values: Any) -> None:
        self._connection.execute(table.update().where(which).values(values))


class LedgerNote:
    """What happens to a file is a row of the hash-chained ledger."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def __call__(self, act: str, edition: Edition, actor: str = "signing", because: str = "") -> None:
        """Ids, hashes, states, and the reason that a keeper gives."""
        detail = {
            "document": str(edition.document_id),
            "number": edition.document_number,
            "edition": edition.number,
            "level": edition.level,
            "sha256": edition.sha256,
            "state": edition.state,
            "reason": edition.reason,
        }
        if because:
            detail["because"] = because
        self._work.record(act, case_id=edition.case_id, actor=actor, detail=detail)


def edition_of(row: Any) -> Edition:
    """From a row of ``editions``."""
    return Edition(**{field.name: row[field.name] for field in fields(Edition)})
