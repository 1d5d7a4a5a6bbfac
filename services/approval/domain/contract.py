"""A contract (契約): what the town's data say of its kind, and the contract data that follow (docs/contract.md)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from services.approval.domain.notice import Letterhead, Outcome, Procedure, Values, words_of
from services.approval.domain.paper import Paper
from services.approval.domain.wording import REIWA_BEFORE, full_width, yen

SCHEMA = "todoke.contract/1"
# The one outcome of a contract's draft: the town concludes it.
OUTCOME = "contract"
SUBJECT, AMOUNT = "subject", "amount"
# What every contract may name in braces, beside the fields of its kind.
ALWAYS = frozenset({"town", "contractor", "tax"})


@dataclass(frozen=True, kw_only=True)
class Contractor:
    """乙.  ``subject``: OpenID Connect ``sub`` of ``person``, who signs; ``mail``: where that person is told."""

    id: str
    name: str
    kana: str
    address: str
    title: str
    person: str
    subject: str
    mail: str


@dataclass(frozen=True, kw_only=True)
class Party:
    """甲: the town and its mayor on one day."""

    name: str
    address: str
    title: str
    person: str


@dataclass(frozen=True)
class Clause:
    """One article (条), without its number."""

    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ContractKind:
    """One kind of contract.  ``procedure``: how it is decided, with one outcome whose fields the drafter fills in.

    ``answer_days``: how long the contractor has for the consent.  ``tax_percent``: of the consumption tax.
    """

    procedure: Procedure
    articles: tuple[Clause, ...]
    closing: str
    answer_days: int
    tax_percent: int

    @property
    def outcome(self) -> Outcome:
        """The only one."""
        return self.procedure.outcomes[0]

    def tax(self, amount: int) -> int:
        """Yen of tax within an amount, rounded down (国税通則法119条の例による端数の切捨て)."""
        return amount * self.tax_percent // (100 + self.tax_percent)


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What a case has beside the rest when it is a contract.  ``contractor``: id.

    ``reason``: why it was not concluded, as the contractor or the seal keeper says; ``certificate``: 合意締結証明書.
    """

    contractor: str
    reason: str = ""
    certificate: Paper | None = None

    def ended(self, reason: str) -> "Agreement":
        """Not concluded."""
        return replace(self, reason=reason)

    def certified(self, certificate: Paper) -> "Agreement":
        """Concluded."""
        return replace(self, certificate=certificate)


def contract_number(fiscal_year: int, count: int) -> str:
    """R8-C000001 of the 年度 that begins in 2026."""
    return f"R{fiscal_year - REIWA_BEFORE}-C{count:06d}"


def compose_contract(
    kind: ContractKind, number: str, values: Values, letterhead: Letterhead, town: Party, contractor: Contractor
) -> dict[str, Any]:
    """The contract data: all texts, without the decision chain."""
    procedure, outcome = kind.procedure, kind.outcome
    words = _words(kind, values, town, contractor)
    party = {name: value for name, value in asdict(contractor).items() if name != "kana"}
    return {
        "schema": SCHEMA,
        "document_type": letterhead.document_type,
        "title": letterhead.title,
        "contract_number": number,
        "kind": procedure.id,
        "subject": values[SUBJECT],
        "town": asdict(town),
        "contractor": party,
        "preamble": outcome.preamble.format_map(words),
        "items": [{"label": one.label, "value": one.value.format_map(words)} for one in outcome.items],
        "amount": _amount(values),
        "articles": [asdict(one) for one in kind.articles],
        "closing": kind.closing,
        "seal": letterhead.seal,
        "seal_legend": letterhead.seal_legend,
        "contact": {"section": procedure.contact.section, "telephone": procedure.contact.telephone},
        "retention": procedure.retention,
        "section": procedure.section,
        "answer_days": kind.answer_days,
    }


def _words(kind: ContractKind, values: Values, town: Party, contractor: Contractor) -> Mapping[str, str]:
    amount = _amount(values)
    tax = {} if amount is None else {"tax": yen(kind.tax(amount))}
    texts = {name: full_width(text) for name, text in words_of(values).items()}
    return texts | tax | {"town": town.name, "contractor": contractor.name}


def _amount(values: Values) -> int | None:
    amount = values.get(AMOUNT)
    return amount if isinstance(amount, int) else None
