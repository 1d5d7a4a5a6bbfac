"""What delivery knows of a decision and shows of its notice."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.delivery.domain.appeals import require_appeal_variant


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a page says of a decision beside its notice.  ``issued_on``: the date that the notice bears."""

    document_id: UUID
    case_id: UUID
    document_number: str
    outcome: str
    issued_on: date


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """To whom the notice is addressed, as it is printed."""

    name: str
    address: str
    honorific: str


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """In whose name the notice is issued."""

    title: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """The town at the head of the paper."""

    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """``rows``: each as wide as the ``head``."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line under 記.  ``table``: below its text."""

    label: str
    value: str
    table: Table | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """What the resident does next, in plain words."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Fee:
    """What falls due.  ``amount``: whole yen for each ``unit``; None: ``about`` says what it depends on."""

    name: str
    when: str
    how: str
    amount: int | None = None
    unit: str = ""
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Handout:
    """What the resident fetches at a counter, and what to bring."""

    what: str
    where: str
    hours: str
    bring: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The result in plain words.  ``amount``: whole yen."""

    verdict: str
    amount: int | None = None
    next_steps: tuple[Step, ...] = ()
    fees: tuple[Fee, ...] = ()
    collect: tuple[Handout, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """Why not (行政手続法8条): the fact, the rule, and how the rule applies to the fact."""

    fact: str
    rule: str
    application: str


@dataclass(frozen=True, kw_only=True)
class Appeal:
    """教示.  ``variant``: which ways are open; ``text``: as it is printed."""

    variant: str
    text: str

    def __post_init__(self) -> None:
        require_appeal_variant(self.variant)


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom to ask."""

    section: str
    telephone: str


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What the inbox shows of the notice data (docs/notice.md): delivery reads these fields and no other."""

    document_type: str
    title: str
    addressee: Addressee
    issuer: Issuer
    preamble: str
    summary: Summary
    contact: Contact
    procedure_name: str
    letterhead: Letterhead | None = None
    seal: str | None = None
    seal_legend: str | None = None
    items: tuple[Line, ...] = ()
    conditions: tuple[str, ...] = ()
    reasons: Reasons | None = None
    appeal: Appeal | None = None
