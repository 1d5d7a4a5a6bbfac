"""Delivery on real servers: its database, both sites, a mail server that can be told to refuse."""

import io
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pikepdf
import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from infra.local.system import System
from services.chassis.canonical import canonical_json
from services.chassis.clock import now
from services.chassis.database import engine, work_on
from services.chassis.objects import Objects, ref_of
from services.delivery.settings import DeliverySettings
from services.delivery.worker import DeliveryWorker, mailer_of
from services.messages import (
    ApplicationSubmitted,
    DecisionMade,
    DocumentExtended,
    DocumentRef,
    DocumentSigned,
    Fact,
    NoticeDelivered,
    StoredVersions,
)
from tests.integration.databases import migrated

NOTICE = {
    "schema": "todoke.notice/1",
    "document_type": "subsidy-grant",
    "title": "補助金等交付決定通知書",
    "addressee": {"name": "辻\U000e0100 \U00020bb7子", "address": "高畠町大字高畠436番地", "honorific": "様"},
    "letterhead": {"name": "高畠町", "address": "山形県東置賜郡高畠町大字高畠436番地"},
    "issuer": {"title": "高畠町長", "name": "五十嵐 誠一"},
    "seal": "mayor",
    "seal_legend": "高畠町長之印",
    "preamble": "令和８年１１月２４日付けで申請のあった令和８年度高畠町住宅リフォーム支援事業補助金については、"
    "高畠町補助金等の適正化に関する規則第５条の規定により、下記のとおり交付することに決定したので通知します。",
    "items": [
        {"label": "補助対象経費", "value": "金１，９８０，０００円"},
        {"label": "交付決定額", "value": "金１９８，０００円"},
        {
            "label": "交付決定額の算定",
            "value": "",
            "table": {
                "head": ["補助対象経費", "交付決定額"],
                "rows": [["金１，９８０，０００円", "金１９８，０００円"]],
            },
        },
    ],
    "conditions": ["工事の内容を変更し、又は中止しようとするときは、あらかじめ町長の承認を受けること。"],
    "reasons": None,
    "appeal": {
        "variant": "both",
        "text": "（教示）この決定に不服があるときは、この決定があったことを知った日の翌日から起算して３か月以内に、"
        "高畠町長に対して審査請求をすることができます。",
    },
    "contact": {"section": "建設課 住宅係", "telephone": "0238-00-1234"},
    "legal_basis": "規則",
    "summary": {
        "verdict": "補助金の交付が決まりました",
        "amount": 198000,
        "next_steps": [{"title": "工事を始める", "text": "内容や金額が変わるときは、変わる前に届け出てください。"}],
    },
    "retention": "5y",
    "procedure_id": "housing-reform",
    "procedure_name": "住宅リフォーム支援事業補助金",
    "reception_number": "R8-000412",
    "submitted_on": "2026-11-24",
}


@dataclass
class Post:
    """What the mail server got.  ``refused``: the answer to each recipient, when it is to refuse."""

    mails: list[Any] = field(default_factory=list)
    refused: str = ""

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.refused:
            return self.refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        self.mails.append(envelope)
        return "250 OK"


class House:
    """Delivery with its real servers; ``hear`` runs the worker's own handler in one transaction."""

    def __init__(self, settings: DeliverySettings, post: Post) -> None:
        self.settings, self.post = settings, post
        self.engine = engine(settings)
        self.objects = Objects.of(settings)

    def hear(self, fact: Fact) -> None:
        worker: Any = DeliveryWorker()
        worker.house = SimpleNamespace(settings=self.settings, objects=self.objects)
        worker.mailer = mailer_of(self.settings)
        with work_on(self.engine, "delivery") as work:
            getattr(DeliveryWorker, f"on_{fact.name}").__wrapped__(worker, fact, work)

    def said(self, case_id: UUID) -> list[str]:
        query = sa.text("SELECT routing_key FROM outbox WHERE case_id = :case ORDER BY seq")
        with self.engine.connect() as connection:
            return list(connection.scalars(query, {"case": case_id}))

    def value(self, query: str, **values: Any) -> Any:
        with self.engine.connect() as connection:
            return connection.scalar(sa.text(query), values)

    def put(self, owner: UUID, data: bytes, media_type: str) -> DocumentRef:
        ref = ref_of(str(owner), data, media_type)
        self.objects.put(ref, data, sites="both")
        return ref

    def case(self, applicant: str = "r-tsuji", **notice: Any) -> "Case":
        return Case(self, applicant, NOTICE | notice)


class Case:
    """The facts of one case, with their documents in the store."""

    def __init__(self, house: House, applicant: str, notice: dict[str, Any]) -> None:
        self.house, self.id, self.document_id = house, uuid4(), uuid4()
        signed_at = now()
        form = {"schema": "todoke.form/1", "applicant": {"sub": applicant, "mail": f"{applicant}@example.jp"}}
        data = house.put(self.id, canonical_json(notice), "application/json")
        self.pdf = pdf(pages=2)
        self.application = ApplicationSubmitted(
            case_id=self.id, reception_number=notice["reception_number"], procedure_id="housing-reform",
            applicant=applicant, submitted_at=signed_at - timedelta(days=17), due_on=date(2026, 12, 14),
            form=house.put(self.id, canonical_json(form), "application/json"), attachments=(), digital=True,
            digital_consent_at=signed_at - timedelta(days=17),
        )  # fmt: skip
        self.decision = DecisionMade(
            case_id=self.id, version=1, outcome="granted", document_id=self.document_id, document_type="subsidy-grant",
            document_number="高建第1087号", issued_on=date(2026, 12, 9), notice=data, chain=data,
            decider="construction-head", authority="別表第1", decided_at=signed_at,
        )  # fmt: skip
        self.signed = DocumentSigned(
            case_id=self.id, document_id=self.document_id, document_type="subsidy-grant",
            document_number="高建第1087号", outcome="granted", notice=data, versions=StoredVersions("1", "2"),
            document=house.put(self.document_id, self.pdf, "application/pdf"), level="B-T", signed_at=signed_at,
        )  # fmt: skip
        self.delivered = NoticeDelivered(case_id=self.id, document_id=self.document_id, available_at=signed_at)

    def extended(self, edition: int) -> DocumentExtended:
        """The same notice with a newer archive timestamp."""
        file = self.house.put(self.document_id, self.pdf + f"% edition {edition}".encode(), "application/pdf")
        return DocumentExtended(
            case_id=self.id, document_id=self.document_id, document=file, versions=StoredVersions("3", "4"),
            edition=edition, level="B-LTA", proven_until=now() + timedelta(days=3650), extended_at=now(),
        )  # fmt: skip

    def deliver(self) -> "Case":
        for fact in (self.application, self.decision, self.signed):
            self.house.hear(fact)
        return self


def pdf(pages: int) -> bytes:
    out, document = io.BytesIO(), pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    document.docinfo["/Title"] = str(uuid4())
    document.save(out)
    return out.getvalue()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def settings(servers: System) -> Iterator[DeliverySettings]:
    with migrated(servers, DeliverySettings, smtp_port=free_port(), mail_from="todoke@town.example.jp") as settings:
        yield settings


@pytest.fixture
def post(settings: DeliverySettings) -> Iterator[Post]:
    found = Post()
    controller = Controller(found, hostname="127.0.0.1", port=settings.smtp_port)
    controller.start()
    yield found
    controller.stop()


@pytest.fixture
def house(settings: DeliverySettings) -> Iterator[House]:
    found = House(settings, Post())
    yield found
    found.engine.dispose()
