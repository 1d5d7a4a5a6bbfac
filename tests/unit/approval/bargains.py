"""One contract on the town's desk, with ports kept in memory."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.approval import use_cases
from services.approval.domain.act import Actor
from services.approval.domain.case import Case
from services.approval.domain.wording import local_date
from services.approval.use_cases import DraftDecision, Ports, TakeStep, contracts
from services.approval.use_cases.contracts import DraftContract
from services.messages import (
    ContractConcluded,
    ContractConsented,
    ContractDeclined,
    ContractExpired,
    ContractOffered,
    DraftChecked,
    Finding,
    SealPermitted,
    SealRefused,
    StoredVersions,
)
from tests.unit.approval.memory import NOW, TOWN, MemoryCases, MemoryNumbers, MemoryPapers, form, ref

OFFICER, HEAD, VICE_MAYOR, MAYOR, STRANGER = "s-komatsu", "s-kuroda", "s-niinuma", "s-igarashi", "s-kanno"
CONTRACT = UUID(int=70)
KIND, CONTRACTOR = "school-lunch-ingredients", "okitama-seika"
VALUES: dict[str, int | str] = {
    "subject": "学校給食用食材購入", "goods": "青果　仕様書のとおり", "amount": 1_296_000,
    "term": "令和8年12月1日から令和9年3月31日まで", "place": "高畠町学校給食共同調理場", "deposit": "免除",
    "grounds": "3者から見積りを取り、最も低い価格でした。",
}  # fmt: skip
LATER = NOW + timedelta(hours=3)


class Bargain:
    """Each method is one act of one person at one moment."""

    def __init__(self) -> None:
        self.now, self.said, self.noted = NOW, [], []
        self.cases = MemoryCases()
        self.ports = Ports(
            cases=self.cases, numbers=MemoryNumbers(), papers=MemoryPapers(form()), town=TOWN,
            register=lambda act, case: self.noted.append((act.kind, act.sub)), say=self.said.append,
        )  # fmt: skip

    @property
    def case(self) -> Case:
        return self.cases.load(CONTRACT)

    @property
    def document_id(self) -> UUID:
        return self.case.decisions[-1].document_id

    def actor(self, sub: str) -> Actor:
        held = TOWN.rulebook.organisation.posts_of(sub, local_date(self.now))
        return Actor(sub, {post.id: post.name for post in held})

    def draft(self, sub: str = OFFICER, case_id: UUID = CONTRACT, **values: int | str) -> "Bargain":
        command = DraftContract(
            case_id=case_id, actor=self.actor(sub), kind=KIND, contractor=CONTRACTOR, values=VALUES | values
        )
        contracts.draft_contract(command, self.ports, self.now)
        return self

    def draft_anew(self, **values: int | str) -> "Bargain":
        command = DraftDecision(
            case_id=CONTRACT, actor=self.actor(OFFICER), seen=self.case.seen, outcome="contract",
            values=VALUES | values,
        )  # fmt: skip
        use_cases.draft_decision(command, self.ports, self.now)
        return self

    def check(self) -> "Bargain":
        seen = self.case.seen
        checked = DraftChecked(
            case_id=CONTRACT, version=seen.version, content_sha256=seen.content_sha256,
            findings=(Finding("title", "ok", "題名"),), checked_at=self.now, preview=ref("preview"),
        )  # fmt: skip
        use_cases.receive_check(checked, self.cases)
        return self

    def approve(self, sub: str = HEAD) -> "Bargain":
        use_cases.approve(self.step(sub), self.ports, self.now)
        return self

    def decide(self, sub: str = VICE_MAYOR) -> "Bargain":
        use_cases.decide(self.step(sub), self.ports, self.now)
        return self

    def decided(self) -> "Bargain":
        return self.draft().check().approve().decide()

    def step(self, sub: str, comment: str = "") -> TakeStep:
        return TakeStep(case_id=CONTRACT, actor=self.actor(sub), seen=self.case.seen, comment=comment)

    def send_back(self) -> "Bargain":
        use_cases.send_back(self.step(HEAD, "納入の回数を書いてください。"), self.ports, self.now)
        return self

    def hear(self, *facts: Any) -> "Bargain":
        for fact in facts:
            HEARD[type(fact)](fact, self.cases)
        return self

    def offered(self) -> ContractOffered:
        return ContractOffered(
            case_id=CONTRACT, document_id=self.document_id, contract_number="R8-C000001", document=ref("offered"),
            answer_by=local_date(LATER), offered_at=LATER,
        )  # fmt: skip

    def consented(self) -> ContractConsented:
        return ContractConsented(
            case_id=CONTRACT, document_id=self.document_id, document_sha256="ab" * 32, consented_at=LATER
        )

    def permitted(self) -> SealPermitted:
        return SealPermitted(case_id=CONTRACT, document_id=self.document_id, permitted_by="k", permitted_at=LATER)

    def not_permitted(self) -> SealRefused:
        return SealRefused(
            case_id=CONTRACT, document_id=self.document_id, refused_by="k", reason="金額がちがいます。",
            refused_at=LATER,
        )  # fmt: skip

    def declined(self, document_id: UUID | None = None) -> ContractDeclined:
        return ContractDeclined(
            case_id=CONTRACT, document_id=document_id or self.document_id, reason="量が足りません。", declined_at=LATER
        )

    def expired(self) -> ContractExpired:
        return ContractExpired(case_id=CONTRACT, document_id=self.document_id, expired_at=LATER)

    def concluded(self) -> ContractConcluded:
        return ContractConcluded(
            case_id=CONTRACT, document_id=self.document_id, document_type="goods-contract",
            contract_number="R8-C000001", document=ref("contract"), versions=StoredVersions(a="1", b="2"),
            certificate_id=UUID(int=9), certificate=ref("certificate"),
            certificate_versions=StoredVersions(a="3", b="4"), level="B-T", concluded_at=LATER,
        )  # fmt: skip


HEARD: dict[type, Any] = {
    ContractOffered: contracts.receive_offer,
    ContractConsented: contracts.receive_consent,
    ContractDeclined: contracts.receive_decline,
    ContractExpired: contracts.receive_expiry,
    ContractConcluded: contracts.receive_conclusion,
    SealPermitted: use_cases.receive_permit,
    SealRefused: use_cases.receive_seal_refusal,
}
