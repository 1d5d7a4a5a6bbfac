"""What the contractor's pages show, read-only: to the person who signs, their own contracts only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.chassis.tables import inbox
from services.messages import ConsentCodeRequested, ConsentGiven, DocumentRef, decode
from services.signing.domain.contracts import Code, Contract
from services.signing.queries import UNDONE
from services.signing.store import documents
from services.signing.store.contracts import code_of, consent_codes, contract_of, contract_papers, contracts, texts_of
from services.signing.use_cases.contracts import ContractTexts

MOST = 500


@dataclass(frozen=True, kw_only=True)
class ContractSheet:
    """All that the pages of one contract show.

    ``refused``: the town's seal keeper has not permitted the seal; ``code``: the last that was asked for;
    ``waits_for``: an outside server that holds up the consent's timestamp or the code's mail.
    """

    contract: Contract
    texts: ContractTexts
    refused: bool
    concluded: DocumentRef | None
    certificate: DocumentRef | None
    code: Code | None = None
    waits_for: str = ""

    @property
    def state(self) -> str:
        """The contract's, or refused."""
        return "refused" if self.refused and self.contract.state == "consented" else self.contract.state


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The consent, the time of its timestamp, and the document that it is to."""

    event: bytes
    at: datetime
    offered: DocumentRef


def contracts_of(connection: sa.Connection, subject: str) -> Sequence[ContractSheet]:
    """Of one person, the newest first."""
    query = _sheets().where(contracts.c.subject == subject).order_by(contracts.c.offered_at.desc()).limit(MOST)
    return [_sheet(row) for row in connection.execute(query).mappings()]


def contract_of_person(connection: sa.Connection, document_id: UUID, subject: str) -> ContractSheet | None:
    """One contract, for the person who signs for the contractor only."""
    query = _sheets().where(contracts.c.document_id == document_id, contracts.c.subject == subject)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    case_id = row[contracts.c.case_id]
    return _sheet(row, code=_last_code(connection, document_id), waits_for=_waits_for(connection, case_id))


def evidence(connection: sa.Connection, document_id: UUID) -> Evidence | None:
    """The witnessed consent to a document, if it is a contract; for its seal keeper."""
    query = (
        sa.select(contract_papers.c.event, contract_papers.c.offered, contracts.c.consented_at)
        .join(contracts, contracts.c.document_id == contract_papers.c.document_id)
        .where(contracts.c.document_id == document_id, contract_papers.c.reply.is_not(None))
    )
    row: Any = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Evidence(event=bytes(row.event), at=row.consented_at, offered=decode(DocumentRef, row.offered))


def _sheets() -> sa.Select[Any]:
    return (
        sa.select(contracts, contract_papers, documents.c.state.label("seal_state"))
        .join(contract_papers, contract_papers.c.document_id == contracts.c.document_id)
        .outerjoin(documents, documents.c.document_id == contracts.c.document_id)
    )


def _sheet(row: Mapping[Any, Any], code: Code | None = None, waits_for: str = "") -> ContractSheet:
    own = {column.name: row[column] for column in contracts.c}
    return ContractSheet(
        contract=contract_of(own),
        texts=texts_of({column.name: row[column] for column in contract_papers.c}),
        refused=row["seal_state"] == "refused",
        concluded=decode(DocumentRef, row["concluded"]) if row["concluded"] else None,
        certificate=decode(DocumentRef, row["certificate"]) if row["certificate"] else None,
        code=code,
        waits_for=waits_for,
    )


def _last_code(connection: sa.Connection, document_id: UUID) -> Code | None:
    which = consent_codes.c.document_id == document_id
    query = sa.select(consent_codes).where(which).order_by(consent_codes.c.requested_at.desc()).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else code_of(row)


def _waits_for(connection: sa.Connection, case_id: UUID) -> str:
    facts = (ConsentCodeRequested.type(), ConsentGiven.type())
    kept = sa.and_(inbox.c.case_id == case_id, inbox.c.fact.in_(facts), inbox.c.state.in_(UNDONE))
    query = sa.select(inbox.c.reason).where(kept).order_by(inbox.c.received_at.desc()).limit(1)
    return connection.scalar(query) or ""
