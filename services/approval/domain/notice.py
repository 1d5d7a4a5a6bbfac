"""What a procedure's decision can be, and the notice data that follow (shape: docs/notice.md)."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from string import Formatter
from typing import Any, Literal

from services.approval.domain.dues import Fee, Handout, told, words_of_dues
from services.approval.domain.wording import fiscal_year_name, wareki, yen

SCHEMA = "todoke.notice/1"
# What every notice may name in braces, beside the outcome's fields and the words of fees and of what is handed out.
ALWAYS = frozenset({"submitted_on", "fiscal_year", "procedure", "applicant"})
Values = Mapping[str, int | str]
Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class AnswerIs:
    """Holds when the application's answer ("topic.question") is this value."""

    answer: str
    value: str

    def holds(self, answers: Answers) -> bool:
        """Whether these answers make it so."""
        return bool(answer_of(answers, self.answer) == self.value)


@dataclass(frozen=True)
class Limit:
    """The highest amount, when ``when`` holds (always, if it is None)."""

    most: int
    when: AnswerIs | None = None


@dataclass(frozen=True)
class AmountRule:
    """A share of an amount, rounded down, up to a limit that depends on the answers."""

    divided_by: int
    rounded_to: int
    limits: tuple[Limit, ...]

    def amount(self, base: int, answers: Answers) -> int:
        """What the rule gives, in yen."""
        share = base // self.divided_by // self.rounded_to * self.rounded_to
        most = [limit.most for limit in self.limits if limit.when is None or limit.when.holds(answers)]
        return min([share, *most[:1]])


@dataclass(frozen=True)
class Proposal:
    """What a field of the draft's form offers: an answer, the rule's share of another field, or a text."""

    answer: str = ""
    share_of: str = ""
    text: str = ""


@dataclass(frozen=True)
class Field:
    """One thing the officer enters.  ``kind``: whole yen or text."""

    id: str
    label: str
    kind: Literal["amount", "text"]
    support: str = ""
    proposal: Proposal | None = None


@dataclass(frozen=True)
class Table:
    """``rows``: as wide as the ``head``."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def is_even(self) -> bool:
        """Something is in it, and no row has more or fewer cells than the head."""
        return bool(self.head and self.rows) and all(len(row) == len(self.head) for row in self.rows)


@dataclass(frozen=True)
class Labelled:
    """One numbered entry of the notice.  ``table``: below its text."""

    label: str
    value: str = ""
    table: Table | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """All that may name what is filled in."""
        cells = [cell for row in self.table.rows for cell in row] if self.table else ()
        return (self.value, *cells)

    def told(self, words: Mapping[str, str]) -> dict[str, Any]:
        """As the notice data have it."""
        found: dict[str, Any] = {"label": self.label, "value": self.value.format_map(words)}
        if self.table:
            rows = [[cell.format_map(words) for cell in row] for row in self.table.rows]
            found["table"] = {"head": list(self.table.head), "rows": rows}
        return found


@dataclass(frozen=True)
class NextStep:
    """What the resident does next, in plain words."""

    title: str
    text: str


@dataclass(frozen=True)
class Reasons:
    """Fact, rule and application (行政手続法8条)."""

    fact: str
    rule: str
    application: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One way to decide, with every word of its notice."""

    id: Literal["granted", "partly", "refused", "dismissed", "contract"]
    label: str
    headline: str
    matter: str
    document_type: str
    legal_basis: str
    preamble: str
    verdict: str
    fields: tuple[Field, ...]
    items: tuple[Labelled, ...] = ()
    conditions: tuple[str, ...] = ()
    reasons: Reasons | None = None
    next_steps: tuple[NextStep, ...] = ()

    def unknown_words(self, known: Set[str]) -> Set[str]:
        """Names in braces that nothing fills in.  ``known``: what a notice may name; the headline has only fields."""
        fields = {one.id for one in self.fields}
        reasons = (self.reasons.fact, self.reasons.rule, self.reasons.application) if self.reasons else ()
        texts = (self.preamble, *(text for one in self.items for text in one.texts), *reasons)
        return (_names_in(*texts) - known - fields) | (_names_in(self.headline) - fields)


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom a resident can ask."""

    section: str
    telephone: str


@dataclass(frozen=True, kw_only=True)
class Appeal:
    """教示: which ways are open, and its words."""

    variant: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """What approval reads of one version of a procedure.  ``appeal``: None when the decision is no 処分.

    ``delivery``: the questions, as topic.question, of how the result is received.
    """

    id: str
    name: str
    valid_from: date
    section: str
    retention: str
    appeal_variant: str
    contact: Contact
    outcomes: tuple[Outcome, ...]
    amount_rule: AmountRule | None = None
    fees: tuple[Fee, ...] = ()
    collect: tuple[Handout, ...] = ()
    delivery: tuple[str, ...] = ()

    @property
    def words(self) -> dict[str, str]:
        """What every notice of the procedure may write of its fees and of what is handed out."""
        return words_of_dues((*self.fees, *self.collect))

    def outcome(self, outcome_id: str) -> Outcome | None:
        """The outcome of this id, if the procedure has it."""
        return next((one for one in self.outcomes if one.id == outcome_id), None)


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """In whose name the paper goes out."""

    title: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What the town's data say about one type of document on one day.  ``seal``: None means （公印省略）.

    ``town`` and ``address``: of the office, at the head of the paper.
    """

    town: str
    address: str
    document_type: str
    title: str
    issuer: Issuer
    seal: str | None
    seal_legend: str | None
    appeal: Appeal | None


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """The one who applied, exactly as typed: variation selectors and rare characters are kept."""

    sub: str
    name: str
    kana: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Application:
    """What approval copies out of the form document.  ``shown``: topics with the answers in the resident's words."""

    applicant: Applicant
    answers: Answers
    shown: tuple[Mapping[str, Any], ...] = ()
    attachments: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)


def propose(procedure: Procedure, outcome: Outcome, answers: Answers) -> dict[str, int | str]:
    """What the draft's form offers before the officer has entered anything."""
    values: dict[str, int | str] = {}
    for one in outcome.fields:
        values[one.id] = _proposed(one.proposal or Proposal(), procedure, answers, values)
    return values


def _proposed(proposal: Proposal, procedure: Procedure, answers: Answers, before: Values) -> int | str:
    if proposal.answer:
        found: int | str = answer_of(answers, proposal.answer) or ""
        return found
    base = before.get(proposal.share_of)
    if procedure.amount_rule and isinstance(base, int):
        return procedure.amount_rule.amount(base, answers)
    return proposal.text


def answer_of(answers: Answers, path: str) -> Any:
    """The answer to "topic.question", or None."""
    topic, _, question = path.partition(".")
    return answers.get(topic, {}).get(question)


def words_of(values: Values) -> dict[str, str]:
    """The fields as the notice writes them."""
    return {name: yen(value) if isinstance(value, int) else value for name, value in values.items()}


def headline(outcome: Outcome, values: Values) -> str:
    """The draft in one line, for staff: half-width digits."""
    plain = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
    return outcome.headline.format_map(plain)


def compose(
    procedure: Procedure,
    outcome: Outcome,
    values: Values,
    letterhead: Letterhead,
    applicant: Applicant,
    reception_number: str,
    submitted_on: date,
) -> dict[str, Any]:
    """The notice data: all texts, without number, date and decision chain."""
    words = procedure.words | words_of(values) | {
        "submitted_on": wareki(submitted_on),
        "fiscal_year": fiscal_year_name(submitted_on),
        "procedure": procedure.name,
        "applicant": applicant.name,
    }
    return {
        "schema": SCHEMA,
        "document_type": letterhead.document_type,
        "title": letterhead.title,
        "addressee": {"name": applicant.name, "address": applicant.address, "honorific": "様"},
        "letterhead": {"name": letterhead.town, "address": letterhead.address},
        "issuer": {"title": letterhead.issuer.title, "name": letterhead.issuer.name},
        "seal": letterhead.seal,
        "seal_legend": letterhead.seal_legend,
        "preamble": outcome.preamble.format_map(words),
        "items": [one.told(words) for one in outcome.items],
        "conditions": list(outcome.conditions),
        "reasons": _reasons(outcome.reasons, words),
        "appeal": _appeal(letterhead.appeal),
        "contact": {"section": procedure.contact.section, "telephone": procedure.contact.telephone},
        "legal_basis": outcome.legal_basis,
        "summary": _summary(procedure, outcome, values),
        "retention": procedure.retention,
        "procedure_id": procedure.id,
        "procedure_name": procedure.name,
        "reception_number": reception_number,
        "submitted_on": submitted_on.isoformat(),
    }


def _summary(procedure: Procedure, outcome: Outcome, values: Values) -> dict[str, Any]:
    """What the inbox page says in plain words."""
    return {
        "verdict": outcome.verdict,
        "amount": values.get("amount"),
        "next_steps": [{"title": one.title, "text": one.text} for one in outcome.next_steps],
        "fees": told(procedure.fees, outcome.id),
        "collect": told(procedure.collect, outcome.id),
    }


def _names_in(*texts: str) -> set[str]:
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def _reasons(reasons: Reasons | None, words: Mapping[str, str]) -> dict[str, str] | None:
    if reasons is None:
        return None
    return {
        "fact": reasons.fact.format_map(words),
        "rule": reasons.rule.format_map(words),
        "application": reasons.application.format_map(words),
    }


def _appeal(appeal: Appeal | None) -> dict[str, str] | None:
    return {"variant": appeal.variant, "text": appeal.text} if appeal else None
