"""The tables of contracts and the repository over them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.chassis.database import PG_UUID
from services.chassis.handling import NotYet
from services.messages import DocumentRef, decode, encode
from services.signing.domain.contracts import Code, Contract
from services.signing.store import metadata, moment, sealed_files
from services.signing.use_cases import SealedCopy, Sources
from services.signing.use_cases.contracts import Consent, ContractTexts

BATCH = 50
contracts = sa.Table(
    "contracts",
    metadata,
    sa.Column("document_id", PG_UUID, primary_key=True),
    sa.Column("case_id", PG_UUID, nullable=False),
    sa.Column("draft_version", sa.Integer, nullable=False),
    sa.Column("document_type", sa.Text, nullable=False),
    sa.Column("contract_number", sa.Text, nullable=False),
    sa.Column("party", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("decider", sa.Text, nullable=False),
    sa.Column("authority", sa.Text, nullable=False),
    sa.Column("decided_at", moment, nullable=False),
    sa.Column("answer_by", sa.Date, nullable=False),
    sa.Column("offered_sha256", sa.Text, nullable=False),
    sa.Column("offered_size", sa.Integer, nullable=False),
    sa.Column("offered_at", moment, nullable=False),
    sa.Column("certificate_id", PG_UUID, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("given_at", moment),
    sa.Column("consented_at", moment),
    sa.Column("closed_at", moment),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)
contract_papers = sa.Table(
    "contract_papers",
    metadata,
    sa.Column("document_id", PG_UUID, primary_key=True),
    sa.Column("contract", JSONB, nullable=False),
    sa.Column("chain", JSONB, nullable=False),
    sa.Column("contract_text", sa.LargeBinary, nullable=False),
    sa.Column("chain_text", sa.LargeBinary, nullable=False),
    sa.Column("offered", JSONB, nullable=False),
    sa.Column("event", sa.LargeBinary),
    sa.Column("reply", sa.LargeBinary),
    sa.Column("concluded", JSONB),
    sa.Column("concluded_versions", JSONB),
    sa.Column("certificate", JSONB),
    sa.Column("certificate_versions", JSONB),
)
consent_codes = sa.Table(
    "consent_codes",
    metadata,
    sa.Column("code_id", PG_UUID, primary_key=True),
    sa.Column("document_id", PG_UUID, nullable=False),
    sa.Column("requested_at", moment, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("sent_at", moment),
    sa.Column("refused", sa.Boolean, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("used_at", moment),
)


class SqlContracts:
    """Contracts in PostgreSQL, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def has(self, document_id: UUID) -> bool:
        """Whether it has been offered."""
        which = sa.select(sa.exists().where(contracts.c.document_id == document_id))
        return bool(self._connection.scalar(which))

    def add(self, contract: Contract, texts: ContractTexts) -> None:
        """A contract with what it is made from."""
        self._connection.execute(contracts.insert().values(asdict(contract)))
        values = {
            "document_id": contract.document_id,
            "contract": encode(texts.sources.notice),
            "chain": encode(texts.sources.chain),
            "contract_text": texts.sources.notice_text,
            "chain_text": texts.sources.chain_text,
            "offered": encode(texts.offered),
        }
        self._connection.execute(contract_papers.insert().values(values))

    def load(self, document_id: UUID) -> Contract:
        """Locked until the transaction ends.  Raises NotYet."""
        query = sa.select(contracts).where(contracts.c.document_id == document_id).with_for_update()
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotYet
        return contract_of(row)

    def texts(self, document_id: UUID) -> ContractTexts:
        """Raises NotYet."""
        return texts_of(self._papers(document_id))

    def save(self, contract: Contract) -> None:
        """Write a contract that was loaded, and so locked, before."""
        contract.version += 1
        which = contracts.c.document_id == contract.document_id
        self._connection.execute(contracts.update().where(which).values(asdict(contract)))

    def overdue(self, today: date) -> Sequence[UUID]:
        """Offers whose last day has passed."""
        which = sa.and_(contracts.c.state == "offered", contracts.c.answer_by < today)
        query = sa.select(contracts.c.document_id).where(which).order_by(contracts.c.document_id).limit(BATCH)
        return self._connection.scalars(query).all()

    def codes(self, document_id: UUID) -> Sequence[Code]:
        """The newest first."""
        which = consent_codes.c.document_id == document_id
        query = sa.select(consent_codes).where(which).order_by(consent_codes.c.requested_at.desc())
        return [code_of(row) for row in self._connection.execute(query).mappings()]

    def add_code(self, code: Code) -> None:
        """One that was asked for."""
        self._connection.execute(consent_codes.insert().values(asdict(code)))

    def save_code(self, code: Code) -> None:
        """Its contract was loaded, and so locked, before."""
        which = consent_codes.c.code_id == code.code_id
        self._connection.execute(consent_codes.update().where(which).values(asdict(code)))

    def keep_consent(self, document_id: UUID, consent: Consent) -> None:
        """The event, and its timestamp once there is one."""
        self._update(document_id, event=consent.event, reply=consent.reply or None)

    def consent(self, document_id: UUID) -> Consent:
        """Raises NotYet."""
        row = self._papers(document_id)
        return Consent(event=bytes(row["event"] or b""), reply=bytes(row["reply"] or b""))

    def save_concluded(self, contract: Contract, copy: SealedCopy, certificate: SealedCopy) -> None:
        """Both sites have both files: the certificate is needed here no longer."""
        self.save(contract)
        self._update(
            contract.document_id,
            concluded=encode(copy.ref),
            concluded_versions=encode(copy.versions),
            certificate=encode(certificate.ref),
            certificate_versions=encode(certificate.versions),
        )
        kept = sealed_files.c.document_id == contract.certificate_id
        self._connection.execute(sealed_files.delete().where(kept))

    def _update(self, document_id: UUID, **values: Any) -> None:
        which = contract_papers.c.document_id == document_id
        self._connection.execute(contract_papers.update().where(which).values(values))

    def _papers(self, document_id: UUID) -> Mapping[str, Any]:
        query = sa.select(contract_papers).where(contract_papers.c.document_id == document_id)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotYet
        return dict(row)


def contract_of(row: Any) -> Contract:
    """From a row of ``contracts``."""
    return Contract(**{field.name: row[field.name] for field in fields(Contract)})


def code_of(row: Any) -> Code:
    """From a row of ``consent_codes``."""
    return Code(**{field.name: row[field.name] for field in fields(Code)})


def texts_of(row: Mapping[str, Any]) -> ContractTexts:
    """From a row of ``contract_papers``."""
    sources = Sources(
        notice=decode(DocumentRef, row["contract"]),
        chain=decode(DocumentRef, row["chain"]),
        notice_text=bytes(row["contract_text"]),
        chain_text=bytes(row["chain_text"]),
    )
    return ContractTexts(sources=sources, offered=decode(DocumentRef, row["offered"]))
