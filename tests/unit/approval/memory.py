"""Ports of approval's use cases, kept in memory, over the town's own data."""

import copy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from services.approval import use_cases
from services.approval.domain.act import Actor, Seen
from services.approval.domain.case import Case
from services.approval.domain.contract import contract_number
from services.approval.domain.notice import Applicant, Application, propose
from services.approval.domain.paper import Paper
from services.approval.domain.wording import local_date
from services.approval.town import read_town
from services.approval.use_cases import DraftDecision, Form, Ports, TakeStep
from services.chassis.canonical import canonical_json, sha256
from services.chassis.handling import NotYet
from services.messages import ApplicationSubmitted, DocumentRef, DraftChecked, Finding

TOWN = read_town(Path(__file__).parents[3] / "infra" / "town")
CASE = UUID(int=7)
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
NAME = "辻\U000e0100 \U00020bb7子"
OFFICER, CLERK, CHIEF, DEPUTY, HEAD, ROADS = "s-kanno", "s-hirata", "s-endo", "s-suzuki", "s-takeda", "s-konno"


def ref(name: str) -> DocumentRef:
    return DocumentRef(owner=str(CASE), sha256=sha256(name.encode()), media_type="application/json", size=1)


def form(cost: int = 1_980_000) -> Form:
    answers = {"work": {"cost": cost, "builder_town": "in"}, "house": {"place": "home"}}
    applicant = Applicant(sub="r-tsuji", name=NAME, kana="つじ よしこ", address="高畠町大字高畠436番地")
    return Form(procedure_version=date(2026, 4, 1), application=Application(applicant=applicant, answers=answers))


SUBMITTED = ApplicationSubmitted(
    case_id=CASE,
    reception_number="R8-000412",
    procedure_id="housing-reform",
    applicant="r-tsuji",
    submitted_at=NOW - timedelta(hours=10),
    due_on=date(2026, 12, 14),
    form=ref("form"),
    attachments=(),
    digital=True,
    digital_consent_at=NOW - timedelta(hours=10),
)


class MemoryCases:
    def __init__(self):
        self.rows = {}

    def has(self, case_id):
        return case_id in self.rows

    def add(self, case):
        assert case.case_id not in self.rows
        self.rows[case.case_id] = copy.deepcopy(case)

    def load(self, case_id) -> Case:
        if case_id not in self.rows:
            raise NotYet
        return copy.deepcopy(self.rows[case_id])

    def save(self, case):
        self.rows[case.case_id] = copy.deepcopy(case)


class MemoryNumbers:
    def __init__(self):
        self.last = {}

    def following(self, mark, year):
        count = self.last[mark, year] = self.last.get((mark, year), 0) + 1
        return f"{mark}第{count}号"

    def following_contract(self, year):
        count = self.last["contract", year] = self.last.get(("contract", year), 0) + 1
        return contract_number(year, count)


class MemoryPapers:
    def __init__(self, form):
        self._form, self.kept = form, {}

    def form(self, ref):
        return self._form

    def keep(self, case_id, value, retention):
        data = canonical_json(value)
        self.kept[sha256(data)] = value
        return Paper(str(case_id), sha256(data), "application/json", len(data), retention)


class Desk:
    """One case on the town's desk; each method is one act of one person at one moment."""

    def __init__(self, cost: int = 1_980_000, now: datetime = NOW):
        self.now, self.said, self.noted = now, [], []
        self.cases, self.papers = MemoryCases(), MemoryPapers(form(cost))
        self.ports = Ports(
            cases=self.cases,
            numbers=MemoryNumbers(),
            papers=self.papers,
            town=TOWN,
            register=lambda act, case: self.noted.append((act.kind, act.sub)),
            say=self.said.append,
        )
        use_cases.open_case(SUBMITTED, self.cases, self.papers, TOWN)

    @property
    def case(self) -> Case:
        return self.cases.load(CASE)

    def actor(self, sub: str) -> Actor:
        held = TOWN.rulebook.organisation.posts_of(sub, local_date(self.now))
        return Actor(sub, {post.id: post.name for post in held})

    def examine(self, sub: str = OFFICER) -> "Desk":
        use_cases.start_examination(CASE, self.actor(sub), self.ports, self.now)
        return self

    def draft(self, sub: str = OFFICER, outcome: str = "granted", seen: Seen | None = None, **values) -> "Desk":
        command = DraftDecision(
            case_id=CASE, actor=self.actor(sub), seen=seen or self.case.seen, outcome=outcome,
            values=self.proposed(outcome) | values,
        )  # fmt: skip
        use_cases.draft_decision(command, self.ports, self.now)
        return self

    def proposed(self, outcome: str) -> dict[str, int | str]:
        """What the draft's form offers."""
        procedure = TOWN.procedure("housing-reform", date(2026, 4, 1))
        found = procedure.outcome(outcome)
        return propose(procedure, found, self.case.application.answers) if found else {}

    def check(self, severity: str = "ok", version: int | None = None) -> "Desk":
        draft = next(one for one in self.case.drafts if one.version == (version or self.case.seen.version))
        fact = DraftChecked(
            case_id=CASE, version=draft.version, content_sha256=draft.content_sha256,
            findings=(Finding("title", severity, "題名"),), checked_at=self.now, preview=ref("preview"),
        )  # fmt: skip
        use_cases.receive_check(fact, self.cases)
        return self

    def approve(self, sub: str = CHIEF, seen: Seen | None = None) -> "Desk":
        use_cases.approve(self.step(sub, seen), self.ports, self.now)
        return self

    def decide(self, sub: str = HEAD, seen: Seen | None = None) -> "Desk":
        use_cases.decide(self.step(sub, seen), self.ports, self.now)
        return self

    def send_back(self, sub: str = CHIEF, comment: str = "見積書を確かめてください。") -> "Desk":
        use_cases.send_back(self.step(sub, None, comment), self.ports, self.now)
        return self

    def step(self, sub: str, seen: Seen | None, comment: str = "") -> TakeStep:
        return TakeStep(case_id=CASE, actor=self.actor(sub), seen=seen or self.case.seen, comment=comment)

