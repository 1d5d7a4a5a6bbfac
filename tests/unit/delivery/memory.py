"""Ports of delivery's use cases, kept in memory."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from services.chassis.handling import NotYet, Waiting
from services.delivery.domain.inbox import ArrivalRule, InboxItem
from services.delivery.domain.notice import Addressee, Contact, Issuer, Notice, Summary
from services.delivery.domain.recipient import Recipient
from services.delivery.use_cases import AddressRefusedError
from services.messages import (
    ApplicationSubmitted,
    DecisionMade,
    DocumentRef,
    DocumentSigned,
    NoticeDelivered,
    StoredVersions,
)

CASE, DOCUMENT = UUID(int=7), UUID(int=8)
NOW = datetime(2026, 12, 9, 6, 2, tzinfo=UTC)
RULE = ArrivalRule(id="opened-2026", valid_from=date(2026, 4, 1), needs=frozenset({"available", "opened"}))
NOTICE = Notice(
    document_type="subsidy-grant",
    title="補助金等交付決定通知書",
    addressee=Addressee(name="辻\U000e0100 \U00020bb7子", address="高畠町大字高畠436番地", honorific="様"),
    issuer=Issuer(title="高畠町長", name="五十嵐 誠一"),
    preamble="下記のとおり交付することに決定したので通知します。",
    summary=Summary(verdict="補助金の交付が決まりました", amount=198000),
    contact=Contact(section="建設課 住宅係", telephone="0238-00-1234"),
    procedure_name="住宅リフォーム支援事業補助金",
)


def ref(name: str) -> DocumentRef:
    return DocumentRef(owner=name, sha256=name * 8, media_type="application/pdf", size=184_320, retention="5y")


def application(**changes) -> ApplicationSubmitted:
    fact = ApplicationSubmitted(
        case_id=CASE,
        reception_number="R8-000412",
        procedure_id="housing-reform",
        applicant="r-tsuji",
        submitted_at=NOW - timedelta(days=17),
        due_on=date(2026, 12, 14),
        form=ref("form"),
        attachments=(),
        digital=True,
        digital_consent_at=NOW - timedelta(days=17),
    )
    return replace(fact, **changes)


DECISION = DecisionMade(
    case_id=CASE,
    version=1,
    outcome="granted",
    document_id=DOCUMENT,
    document_type="subsidy-grant",
    document_number="高建第1087号",
    issued_on=date(2026, 12, 9),
    notice=ref("data"),
    chain=ref("line"),
    decider="construction-head",
    authority="別表第1",
    decided_at=NOW,
)
SIGNED = DocumentSigned(
    case_id=CASE,
    document_id=DOCUMENT,
    document_type="subsidy-grant",
    document_number="高建第1087号",
    outcome="granted",
    document=ref("file"),
    notice=ref("data"),
    versions=StoredVersions(a="1", b="2"),
    level="B-T",
    signed_at=NOW,
)
class Rules:
    """One arrival rule, and two days for the post."""

    def rule_at(self, time):
        return RULE

    def post_until(self, time):
        return time.date() + timedelta(days=2)


DELIVERED = NoticeDelivered(case_id=CASE, document_id=DOCUMENT, available_at=NOW)


class MemoryDeliveries:
    def __init__(self):
        self.recipients, self.decisions, self.items, self.papers, self.on_paper = {}, {}, {}, {}, {}

    def add_recipient(self, recipient):
        self.recipients.setdefault(recipient.case_id, recipient)

    def recipient(self, case_id) -> Recipient:
        return _found(self.recipients, case_id)

    def recipient_to_change(self, case_id) -> Recipient:
        return self.recipient(case_id)

    def save_recipient(self, recipient):
        self.recipients[recipient.case_id] = recipient

    def is_delivered(self, case_id):
        return any(one.case_id == case_id for one in (*self.items.values(), *self.on_paper.values()))

    def has_paper(self, document_id):
        return document_id in self.on_paper

    def add_paper(self, paper, notice, copy):
        assert paper.document_id not in self.on_paper
        self.on_paper[paper.document_id], self.papers[paper.document_id] = replace(paper), (notice, copy)

    def paper(self, document_id):
        return replace(_found(self.on_paper, document_id))

    def save_paper(self, paper):
        self.on_paper[paper.document_id] = replace(paper)

    def add_decision(self, decision):
        self.decisions.setdefault(decision.document_id, decision)

    def require_decision(self, document_id):
        _found(self.decisions, document_id)

    def has_item(self, document_id):
        return document_id in self.items

    def add_item(self, item, notice, copy):
        assert item.document_id not in self.items
        self.items[item.document_id], self.papers[item.document_id] = replace(item), (notice, copy)

    def item(self, document_id) -> InboxItem:
        return replace(_found(self.items, document_id))

    def item_to_alert(self, document_id) -> InboxItem:
        return self.item(document_id)

    def save_item(self, item):
        self.items[item.document_id] = replace(item)


def _found(rows, key):
    if key not in rows:
        raise NotYet
    return rows[key]


class MemoryPapers:
    def __init__(self, mail="tsuji@example.jp"):
        self.mail = mail

    def mail_of(self, form):
        return self.mail

    def notice(self, notice):
        return NOTICE

    def pages(self, document):
        return 2


@dataclass
class MemoryMailer:
    down: bool = False
    refuses: bool = False
    sent: list = field(default_factory=list)

    def alert(self, address, document_id):
        if self.down:
            raise Waiting("mail")
        if self.refuses:
            raise AddressRefusedError
        self.sent.append(address)

    def ask(self, address, correction_id):
        self.alert(address, correction_id)
