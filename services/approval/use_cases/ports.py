"""What approval's use cases need of others, and what every act does besides its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from services.approval.domain.act import Act
from services.approval.domain.bylaws import Rulebook
from services.approval.domain.case import Case
from services.approval.domain.contract import ContractKind, Contractor, Party
from services.approval.domain.delay import Delay
from services.approval.domain.handover import Handover
from services.approval.domain.notice import Application, Letterhead, Procedure
from services.approval.domain.paper import Paper
from services.approval.domain.wording import local_date
from services.messages import (
    DocumentRef,
    Fact,
)


@dataclass(frozen=True, kw_only=True)
class Form:
    """What approval copies out of the form document."""

    procedure_version: date
    application: Application


class Cases(Protocol):
    """The cases.  Each is locked from its loading to the commit."""

    def has(self, case_id: UUID) -> bool: ...

    def add(self, case: Case) -> None: ...

    def load(self, case_id: UUID) -> Case:
        """Raises NotYet when the application has not been heard."""
        ...

    def save(self, case: Case) -> None: ...


class Handovers(Protocol):
    """Work of any service that could not be done and waits for a person."""

    def add(self, handover: Handover) -> None:
        """Nothing changes when it is known."""
        ...

    def load(self, parking_id: UUID) -> Handover:
        """Raises NotYet when there is none."""
        ...

    def save(self, handover: Handover) -> None: ...


class Delays(Protocol):
    """Work of any service that waits for an outside server."""

    def add(self, delay: Delay) -> None:
        """Nothing changes when it is known."""
        ...

    def load(self, waiting_id: UUID) -> Delay:
        """Raises NotYet when there is none."""
        ...

    def save(self, delay: Delay) -> None: ...


class Numbers(Protocol):
    """The counter of each 記号 and 年度; a count belongs to the commit that took it, so there are no gaps."""

    def following(self, mark: str, year: int) -> str:
        """The next document number, e.g. 高建第1087号."""
        ...

    def following_contract(self, year: int) -> str:
        """The next contract number, e.g. R8-C000001."""
        ...


class Papers(Protocol):
    """Stored documents.  Reading raises Waiting when the store is down."""

    def form(self, ref: DocumentRef) -> Form: ...

    def keep(self, case_id: UUID, value: Mapping[str, Any], retention: str) -> Paper:
        """Keep a JSON value; the facts of this commit go out once it is stored."""
        ...


class Town(Protocol):
    """The town's dated data."""

    @property
    def rulebook(self) -> Rulebook: ...

    def procedure(self, procedure_id: str, version: date) -> Procedure:
        """Raises UnknownProcedureError."""
        ...

    def kind(self, kind_id: str, version: date) -> ContractKind:
        """Raises UnknownProcedureError."""
        ...

    def kind_on(self, kind_id: str, day: date) -> ContractKind:
        """Raises UnknownProcedureError."""
        ...

    def contractor(self, contractor_id: str) -> Contractor:
        """Raises UnknownContractorError."""
        ...

    def party(self, day: date) -> Party:
        """Raises VacantPostError."""
        ...

    def letterhead(self, document_type: str, appeal_variant: str, day: date) -> Letterhead:
        """Raises UnknownDocumentTypeError, VacantPostError."""
        ...

    def first_open_day(self, day: date) -> date:
        """This day, or the next one on which the office is open."""
        ...


class Say(Protocol):
    """Puts a fact into the outbox."""

    def __call__(self, fact: Fact) -> object: ...


class Register(Protocol):
    """Notes an act in the ledger: ids, posts and states only."""

    def __call__(self, act: Act, case: Case) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Ports:
    """All that an act of a person writes to, within one commit."""

    cases: Cases
    numbers: Numbers
    papers: Papers
    town: Town
    register: Register
    say: Say


def paper_of(ref: DocumentRef) -> Paper:
    """As a case names what a message refers to."""
    return Paper(ref.owner, ref.sha256, ref.media_type, ref.size, ref.retention)


def reference_of(paper: Paper) -> DocumentRef:
    """As a message refers to what a case names."""
    return DocumentRef(paper.owner, paper.sha256, paper.media_type, paper.size, paper.retention)


def keep(case: Case, act: Act, ports: Ports) -> None:
    """The case as the act has left it, and the act in the ledger."""
    ports.cases.save(case)
    ports.register(act, case)


def office(case: Case, town: Town, now: datetime) -> frozenset[str]:
    """Ids of the posts of the section in charge, on the day of ``now``."""
    return town.rulebook.organisation.posts_in(case.section, local_date(now))
