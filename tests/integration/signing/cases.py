"""What a worker has around it, and one case as approval tells it: up to the seal keeper and on."""

from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.chassis.canonical import canonical_json
from services.chassis.clock import now, today
from services.chassis.database import work_on
from services.chassis.inbox.reception import Inbox
from services.chassis.objects import Objects, ref_of
from services.chassis.storekeeper import Storekeeper
from services.chassis.tables import outbox
from services.messages import (
    FACTS,
    DecisionDrafted,
    DecisionMade,
    DocumentRef,
    Envelope,
    Fact,
    SealPermitted,
    SealRefused,
    encode,
)
from services.signing import use_cases
from services.signing.domain import Keeper
from services.signing.mailer import SmtpContractMailer
from services.signing.press import Press
from services.signing.settings import SigningSettings
from services.signing.store import LedgerRegister, SqlDocuments
from services.signing.worker import SigningWorker
from tests.unit.signing import notices
from tests.unit.signing.drafts import heading

KEEPER = Keeper(subject="s-satake", posts=frozenset({"seal-keeper"}))


CHAIN = {
    "schema": "todoke.decision-chain/1",
    "bylaws": {"name": "高畠町事務決裁規程", "valid_from": "2026-04-01", "row": "別表第2の14"},
    "acts": [
        {
            "act": act, "post": post, "post_name": name, "article": article, "content_sha256": "", "at": at,
        }
        for act, post, name, article, at in (
            ("draft", "housing-officer", "住宅係 主任", "", "2026-12-08T01:02:03+00:00"),
            ("approve", "housing-chief", "住宅係長", "第10条", "2026-12-08T04:30:00+00:00"),
            ("decide", "construction-head", "建設課長", "別表第2の14", "2026-12-09T02:20:00+00:00"),
        )
    ],
}  # fmt: skip


@dataclass
class House:
    """What a worker has around it, without a broker."""

    settings: SigningSettings
    engine: sa.Engine
    objects: Objects

    def __post_init__(self) -> None:
        self.press = Press(self.settings)

    def hear(self, fact: Fact) -> None:
        """Hand a fact to the worker's own handler, in one unit of work."""
        handler = getattr(SigningWorker, f"on_{fact.name}").__wrapped__
        worker = self._worker()
        with work_on(self.engine, "signing") as work:
            handler(worker, fact, work)

    def receive(self, fact: SealPermitted) -> None:
        """The same through the inbox, as from the broker: an error is kept, with its reason."""
        (envelope,) = [found for found in self._outbox() if found.data == encode(fact)]
        act = partial(SigningWorker.on_seal_permitted.__wrapped__, self._worker())
        inbox = Inbox(self.engine, "signing")
        inbox.receive(envelope, SealPermitted, act)

    def _worker(self) -> SimpleNamespace:
        mailer = SmtpContractMailer.of(self.settings)
        return SimpleNamespace(
            settings=self.settings, objects=self.objects, house=self, press=self.press, mailer=mailer
        )

    def store_attached(self) -> None:
        """Carry what the works have attached to the sites, as the worker does in the background."""
        keeper = Storekeeper(self.settings, self.engine, self.objects)
        while keeper.store_pending():
            pass

    def said(self) -> list[Fact]:
        """Every fact in the outbox, the oldest first."""
        return [next(e.fact(kind) for kind in FACTS if kind.type("signing") == e.type) for e in self._outbox()]

    def _outbox(self) -> list[Envelope]:
        with self.engine.connect() as connection:
            bodies = connection.scalars(sa.select(outbox.c.body).order_by(outbox.c.seq)).all()
        return [Envelope.from_json(body) for body in bodies]


@dataclass
class Case:
    """One case as approval tells it."""

    house: House
    case_id: UUID
    document_id: UUID
    notice: DocumentRef
    chain: DocumentRef
    number: str = "高建第1号"
    document_type: str = "subsidy-grant"

    @classmethod
    def at(cls, house: House, number: str = "高建第1号", document_type: str = "subsidy-grant") -> "Case":
        """A new case, with its documents in the store."""
        case_id = uuid4()
        addressed = notices.addressed_to(f"{notices.TSUJI_E0100} {notices.YOSHI}子")
        notice = stored(house, case_id, addressed | heading(document_type))
        return cls(house, case_id, uuid4(), notice, stored(house, case_id, CHAIN), number, document_type)

    def drafted(self, version: int = 1) -> DecisionDrafted:
        return DecisionDrafted(
            case_id=self.case_id,
            version=version,
            document_type=self.document_type,
            notice=self.notice,
            drafted_at=now(),
        )

    def made(self, version: int = 1, **changes: Any) -> DecisionMade:
        values = {
            "case_id": self.case_id,
            "version": version,
            "outcome": "granted",
            "document_id": self.document_id,
            "document_type": self.document_type,
            "document_number": self.number,
            "issued_on": today(),
            "notice": self.notice,
            "chain": self.chain,
            "decider": "construction-head",
            "authority": "別表第2の14",
            "decided_at": now(),
        }
        return DecisionMade(**values | changes)

    def permit(self, keeper: Keeper = KEEPER) -> SealPermitted:
        with work_on(self.house.engine, "signing") as work:
            documents, register = SqlDocuments(work.connection), LedgerRegister(work)
            use_cases.permit_seal(self.document_id, keeper, documents, register, work.say, now())
        return self.said(SealPermitted)[-1]

    def refuse(self, reason: str) -> SealRefused:
        with work_on(self.house.engine, "signing") as work:
            documents, register = SqlDocuments(work.connection), LedgerRegister(work)
            use_cases.refuse_seal(self.document_id, KEEPER, reason, documents, register, work.say, now())
        return self.said(SealRefused)[-1]

    def said(self, kind: type[Any]) -> list[Any]:
        return [fact for fact in self.house.said() if isinstance(fact, kind) and fact.case_id == self.case_id]

    def up_to_the_keeper(self) -> None:
        self.house.hear(self.drafted())
        self.house.hear(self.made())


def stored(house: House, owner: UUID, value: Any) -> DocumentRef:
    """A canonical JSON document on both sites."""
    data = canonical_json(value)
    ref = ref_of(str(owner), data, "application/json")
    house.objects.put(ref, data)
    return ref
