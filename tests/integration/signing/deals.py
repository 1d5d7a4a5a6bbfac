"""One contract as approval tells it, up to its contractor and on to the seal keeper."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.chassis.canonical import canonical_json
from services.chassis.clock import now, today
from services.chassis.database import work_on
from services.messages import (
    ConsentCodeRequested,
    ConsentGiven,
    ContractApproved,
    ContractConcluded,
    DecisionDrafted,
    DocumentRef,
    SealPermitted,
)
from services.signing import use_cases
from services.signing.codes import CodeMaker
from services.signing.domain.contracts import Shown, SignedIn
from services.signing.store import LedgerRegister, SqlDocuments
from services.signing.store.contracts import SqlContracts, consent_codes, contracts
from services.signing.use_cases import contracts as acts
from tests.integration.signing.cases import CHAIN, KEEPER, House, stored
from tests.integration.signing.letters import Letters
from tests.unit.signing.contracts import goods

CONTRACTOR = "c-okitama"


@dataclass
class Deal:
    """``contract``: its data in the store."""

    house: House
    case_id: UUID
    document_id: UUID
    number: str
    contract: DocumentRef
    chain: DocumentRef

    @classmethod
    def at(cls, house: House) -> "Deal":
        case_id, number = uuid4(), f"R8-C{uuid4().int % 1_000_000:06}"
        contract = stored(house, case_id, goods(contract_number=number))
        return cls(house, case_id, uuid4(), number, contract, stored(house, case_id, CHAIN))

    def drafted(self) -> DecisionDrafted:
        return DecisionDrafted(
            case_id=self.case_id, version=1, document_type="goods-contract", notice=self.contract, drafted_at=now()
        )

    def approved(self, answer_by: date | None = None) -> ContractApproved:
        return ContractApproved(
            case_id=self.case_id,
            version=1,
            document_id=self.document_id,
            document_type="goods-contract",
            contract_number=self.number,
            contract=self.contract,
            chain=self.chain,
            decider="construction-head",
            authority="別表第2の14",
            answer_by=answer_by or today() + timedelta(days=14),
            decided_at=now(),
        )

    def up_to_the_contractor(self, answer_by: date | None = None) -> None:
        self.house.hear(self.drafted())
        self.house.hear(self.approved(answer_by))

    def ask_for_code(self) -> ConsentCodeRequested:
        with work_on(self.house.engine, "signing") as work:
            contracts = SqlContracts(work.connection)
            acts.request_code(self.document_id, CONTRACTOR, uuid4(), contracts, work.say, today(), now())
        return self.said(ConsentCodeRequested)[-1]

    def give(self, code: str, sha256: str = "") -> Any:
        """Enter a code; what it was."""
        person = SignedIn(issuer="https://id.example", subject=CONTRACTOR, sid_sha256="ab" * 32, since=now())
        with work_on(self.house.engine, "signing") as work:
            found = SqlContracts(work.connection)
            shown = Shown(sha256=sha256 or self.offered_sha256, sentence_version="1", sentence="同意します。")
            keys = CodeMaker(self.house.settings.secret_key)
            answer, _ = acts.give_consent(
                self.document_id, person, shown, code, found, keys, canonical_json, work.say, now()
            )
        return answer

    def consent(self, letters: Letters) -> ConsentGiven:
        """Ask for a code, read it in the mail, enter it."""
        self.house.hear(self.ask_for_code())
        assert self.give(letters.code()) == "right"
        return self.said(ConsentGiven)[-1]

    def up_to_the_keeper(self, letters: Letters) -> None:
        self.up_to_the_contractor()
        self.house.hear(self.consent(letters))

    def permit(self) -> SealPermitted:
        with work_on(self.house.engine, "signing") as work:
            documents, register = SqlDocuments(work.connection), LedgerRegister(work)
            use_cases.permit_seal(self.document_id, KEEPER, documents, register, work.say, now())
        return self.said(SealPermitted)[-1]

    def concluded(self, letters: Letters) -> ContractConcluded:
        self.up_to_the_keeper(letters)
        self.house.hear(self.permit())
        return self.said(ContractConcluded)[-1]

    def said(self, kind: type[Any]) -> list[Any]:
        return [fact for fact in self.house.said() if isinstance(fact, kind) and fact.case_id == self.case_id]

    def set(self, **values: Any) -> None:
        """Change the row: time passes."""
        with self.house.engine.begin() as connection:
            mine = contracts.c.document_id == self.document_id
            connection.execute(contracts.update().where(mine).values(values))

    def age_codes(self, by: timedelta) -> None:
        with self.house.engine.begin() as connection:
            mine = consent_codes.c.document_id == self.document_id
            changed = {"requested_at": consent_codes.c.requested_at - by, "sent_at": consent_codes.c.sent_at - by}
            connection.execute(consent_codes.update().where(mine).values(changed))

    @property
    def state(self) -> str:
        return str(self.row.state)

    @property
    def offered_sha256(self) -> str:
        return str(self.row.offered_sha256)

    @property
    def row(self) -> Any:
        with self.house.engine.connect() as connection:
            return connection.execute(sa.select(contracts).where(contracts.c.document_id == self.document_id)).one()
