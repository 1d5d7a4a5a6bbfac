"""Approval on real servers: its database and both sites; each case has an id and a number of its own."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from infra.console.applying import phone_photo
from infra.local.system import System
from services.approval import queries, use_cases
from services.approval.domain.act import Actor, Seen
from services.approval.domain.case import Case
from services.approval.domain.notice import propose
from services.approval.papers import StoredPapers
from services.approval.settings import ApprovalSettings
from services.approval.store import LedgerRegister, SqlCases, SqlNumbers
from services.approval.town import read_town
from services.approval.use_cases import DraftDecision, Ports, TakeStep
from services.approval.web.pages import create_app
from services.approval.worker import ApprovalWorker
from services.chassis.canonical import canonical_json
from services.chassis.clock import now, today
from services.chassis.database import Work, engine, work_on
from services.chassis.objects import Objects, ref_of
from services.messages import ApplicationSubmitted, DocumentRef, DraftChecked, Fact, Finding
from tests.integration.approval.desk import Browse, Desk
from tests.integration.databases import migrated
from tests.web_support import sign_in_as

NAME = "辻\U000e0100 \U00020bb7子"
OFFICER, CLERK, CHIEF, HEAD, ROADS, RESIDENT = "s-kanno", "s-hirata", "s-endo", "s-takeda", "s-konno", "r-tsuji"
PHOTO = phone_photo()
NUMBERS = itertools.count(1)


def form_of(number: str, applicant: str, cost: int, attachments: list[dict[str, Any]]) -> dict[str, Any]:
    """As docs/form.md has it."""
    return {
        "schema": "todoke.form/1",
        "procedure_id": "housing-reform",
        "procedure_version": "2026-04-01",
        "procedure_name": "住宅リフォーム支援事業補助金",
        "reception_number": number,
        "submitted_at": now().isoformat(),
        "applicant": {
            "sub": RESIDENT, "name": applicant, "kana": "つじ よしこ", "birthdate": "1989-01-07", "verified": ["name"],
            "address": "高畠町大字高畠436番地", "telephone": "0238-00-1234", "mail": "yoshiko@example.jp",
        },
        "answers": {"work": {"cost": cost, "builder_town": "in", "kinds": ["roof"]}, "house": {"place": "home"}},
        "shown": [{"id": "work", "name": "工事", "items": [{"id": "cost", "label": "工事費", "text": "1,980,000円"}]}],
        "attachments": attachments,
        "delivery": {"digital": True, "consented_at": now().isoformat()},
    }  # fmt: skip


class House:
    """Approval with its real servers; ``hear`` runs the worker's own handler in one transaction."""

    def __init__(self, settings: ApprovalSettings) -> None:
        self.settings = settings
        self.engine = engine(settings)
        self.objects = Objects.of(settings)
        self.town = read_town(settings.town_dir)

    def hear(self, fact: Fact) -> None:
        worker: Any = ApprovalWorker()
        worker.house = SimpleNamespace(settings=self.settings, objects=self.objects)
        with work_on(self.engine, "approval") as work:
            getattr(ApprovalWorker, f"on_{fact.name}").__wrapped__(worker, fact, work)

    def value(self, query: str, **values: Any) -> Any:
        with self.engine.connect() as connection:
            return connection.scalar(sa.text(query), values)

    def said(self, case_id: UUID) -> list[str]:
        query = sa.text("SELECT routing_key FROM outbox WHERE case_id = :case ORDER BY seq")
        with self.engine.connect() as connection:
            return list(connection.scalars(query, {"case": case_id}))

    def put(self, owner: UUID, data: bytes, media_type: str) -> DocumentRef:
        ref = ref_of(str(owner), data, media_type)
        self.objects.put(ref, data, sites="both")
        return ref

    def ports(self, work: Work) -> Ports:
        return Ports(
            cases=SqlCases(work.connection),
            numbers=SqlNumbers(work.connection),
            papers=StoredPapers(self.objects, work),
            town=self.town,
            register=LedgerRegister(work),
            say=work.say,
        )

    def actor(self, sub: str) -> Actor:
        return Actor(sub, {post.id: post.name for post in self.town.rulebook.organisation.posts_of(sub, today())})

    def file(self, applicant: str = NAME, cost: int = 1_980_000) -> "Filed":
        """One application, heard."""
        return Filed(self, applicant, cost)


class Filed:
    """One case; each method is one act of one person, committed."""

    def __init__(self, house: House, applicant: str, cost: int) -> None:
        self.house, self.id = house, uuid4()
        self.number = f"R8-{next(NUMBERS):06d}"
        photo = house.put(self.id, PHOTO, "image/jpeg")
        listed = {
            "id": "photo-1", "question": "photo", "name": "屋根.jpg", "media_type": "image/jpeg", "size": photo.size,
            "sha256": photo.sha256,
        }  # fmt: skip
        form = canonical_json(form_of(self.number, applicant, cost, [listed]))
        self.fact = ApplicationSubmitted(
            case_id=self.id, reception_number=self.number, procedure_id="housing-reform", applicant=RESIDENT,
            submitted_at=now(), due_on=today() + timedelta(days=20), digital=True, digital_consent_at=now(),
            form=house.put(self.id, form, "application/json"), attachments=(photo,),
        )  # fmt: skip
        house.hear(self.fact)

    @property
    def case(self) -> Case:
        with self.house.engine.connect() as connection:
            found = queries.case(connection, self.number)
        assert found is not None
        return found

    def examine(self, sub: str = OFFICER) -> "Filed":
        with work_on(self.house.engine, "approval") as work:
            use_cases.start_examination(self.id, self.house.actor(sub), self.house.ports(work), now())
        return self

    def draft(self, sub: str = OFFICER) -> "Filed":
        case = self.case
        procedure = self.house.town.procedure(case.procedure_id, case.procedure_version)
        command = DraftDecision(
            case_id=self.id, actor=self.house.actor(sub), seen=case.seen, outcome="granted",
            values=propose(procedure, procedure.outcomes[0], case.application.answers),
        )  # fmt: skip
        with work_on(self.house.engine, "approval") as work:
            use_cases.draft_decision(command, self.house.ports(work), now())
        return self

    def check(self, severity: str = "ok") -> "Filed":
        seen = self.case.seen
        finding = Finding("title", severity, "題名は文書の種類と合っています")
        checked = DraftChecked(
            case_id=self.id, version=seen.version, content_sha256=seen.content_sha256, findings=(finding,),
            checked_at=now(), preview=self.house.put(self.id, b"%PDF-1.7 preview", "application/pdf"),
        )  # fmt: skip
        self.house.hear(checked)
        return self

    def approve(self, sub: str = CHIEF) -> "Filed":
        with work_on(self.house.engine, "approval") as work:
            use_cases.approve(self._step(sub), self.house.ports(work), now())
        return self

    def decide(self, sub: str = HEAD, seen: Seen | None = None) -> "Filed":
        command = replace(self._step(sub), seen=seen or self.case.seen)
        with work_on(self.house.engine, "approval") as work:
            use_cases.decide(command, self.house.ports(work), now())
        return self

    def _step(self, sub: str) -> TakeStep:
        return TakeStep(case_id=self.id, actor=self.house.actor(sub), seen=self.case.seen)


@pytest.fixture(scope="module")
def settings(servers: System) -> Iterator[ApprovalSettings]:
    with migrated(servers, ApprovalSettings) as settings:
        yield settings


@pytest.fixture(scope="module")
def house(settings: ApprovalSettings) -> Iterator[House]:
    found = House(settings)
    yield found
    found.engine.dispose()


@pytest.fixture
def app(house: House) -> Flask:
    found = create_app(house.settings)
    found.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return found


@pytest.fixture
def at(app: Flask, house: House) -> Iterator[Browse]:
    def browse(sub: str) -> Desk:
        member = house.town.rulebook.organisation.member(sub)
        client = app.test_client()
        sign_in_as(app, client, sub, member.name if member else "辻 花子")
        return Desk(client)

    yield browse
    app.extensions["todoke.engine"].dispose()


@pytest.fixture
def drafted(house: House) -> Filed:
    return house.file().examine().draft().check()
