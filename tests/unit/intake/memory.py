"""Ports in memory, for use cases without a database."""

import copy
import hashlib
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.intake.domain.application import Application, ReceptionNumber
from services.intake.domain.draft import Draft, UnknownDraftError
from services.intake.use_cases import Ports
from services.messages import DocumentRef, Fact


class Memory:
    """All ports of intake at once."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Draft] = {}
        self.cases: dict[UUID, Application] = {}
        self.last: dict[int, int] = {}
        self.standing: dict[tuple[str, str], datetime] = {}
        self.documents: list[Mapping[str, Any]] = []
        self.said: list[Fact] = []

    def ports(self) -> Ports:
        return Ports(
            drafts=Drafts(self),
            applications=Applications(self),
            numbers=Numbers(self),
            consents=Consents(self),
            documents=Documents(self),
            say=self.said.append,
        )


class Part:
    def __init__(self, memory: Memory) -> None:
        self.memory = memory


class Drafts(Part):
    def load(self, case_id: UUID, sub: str) -> Draft:
        draft = self.memory.kept.get(case_id)
        if draft is None or draft.sub != sub:
            raise UnknownDraftError
        return copy.deepcopy(draft)

    def open(self, sub: str, procedure_id: str, today: date) -> Draft:
        draft = Draft(case_id=uuid.uuid4(), sub=sub, procedure_id=procedure_id, keep_until=today)
        self.memory.kept[draft.case_id] = draft
        return copy.deepcopy(draft)

    def keep(self, draft: Draft) -> None:
        self.memory.kept[draft.case_id] = copy.deepcopy(draft)

    def add_submitted(self, draft: Draft) -> bool:
        if draft.case_id in self.memory.kept:
            return False
        self.memory.kept[draft.case_id] = copy.deepcopy(draft)
        return True

    def save(self, draft: Draft) -> None:
        draft.version += 1
        self.memory.kept[draft.case_id] = copy.deepcopy(draft)

    def discard_expired(self, today: date) -> int:
        gone = [key for key, draft in self.memory.kept.items() if draft.keep_until < today]
        return len([self.memory.kept.pop(key) for key in gone])


class Applications(Part):
    def find(self, case_id: UUID) -> Application | None:
        return copy.deepcopy(self.memory.cases.get(case_id))

    def add(self, application: Application) -> None:
        assert application.case_id not in self.memory.cases
        self.memory.cases[application.case_id] = copy.deepcopy(application)

    def save(self, application: Application) -> None:
        self.memory.cases[application.case_id] = copy.deepcopy(application)


class Numbers(Part):
    def following(self, fiscal_year: int) -> ReceptionNumber:
        self.memory.last[fiscal_year] = self.memory.last.get(fiscal_year, 0) + 1
        return ReceptionNumber(fiscal_year, self.memory.last[fiscal_year])


class Consents(Part):
    def give(self, sub: str, procedure_id: str, at: datetime) -> None:
        self.memory.standing.setdefault((sub, procedure_id), at)

    def revoke(self, sub: str, procedure_id: str, at: datetime) -> None:
        self.memory.standing.pop((sub, procedure_id), None)


class Documents(Part):
    def keep(self, owner: UUID, value: Mapping[str, Any], retention: str) -> DocumentRef:
        self.memory.documents.append(value)
        digest = hashlib.sha256(repr(value).encode()).hexdigest()
        return DocumentRef(str(owner), digest, "application/json", 1, retention)
