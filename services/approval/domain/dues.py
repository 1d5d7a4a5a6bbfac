"""What a decision makes due and what it hands out, as the procedure's data say it: fees (手数料), a tag, copies."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from services.approval.domain.wording import full_width, yen

GOOD_OUTCOMES = ("granted", "partly")
# What only the town's data need, and no reader of the notice.
OWN = {"id", "outcomes"}


@dataclass(frozen=True, kw_only=True)
class Fee:
    """``amount``: whole yen for each ``unit``; None: ``about`` says what it depends on.  ``outcomes``: with which."""

    id: str
    name: str
    when: str
    how: str
    amount: int | None = None
    unit: str = ""
    about: str = ""
    outcomes: tuple[str, ...] = GOOD_OUTCOMES

    @property
    def words(self) -> dict[str, str]:
        """What a notice may write: ``{fee_<id>}`` is the amount, if there is one, ``{fee_<id>_how}`` how it is paid."""
        amount = {} if self.amount is None else {f"fee_{self.id}": yen(self.amount)}
        return amount | {f"fee_{self.id}_how": full_width(self.how)}


@dataclass(frozen=True, kw_only=True)
class Handout:
    """What is handed out at a counter.  ``outcomes``: with which decisions."""

    id: str
    what: str
    where: str
    hours: str
    bring: tuple[str, ...] = ()
    about: str = ""
    outcomes: tuple[str, ...] = GOOD_OUTCOMES

    @property
    def words(self) -> dict[str, str]:
        """What a notice may write: ``{collect_<id>_where}`` and ``{collect_<id>_hours}``."""
        told = {"where": self.where, "hours": self.hours}
        return {f"collect_{self.id}_{name}": full_width(text) for name, text in told.items()}


Due = Fee | Handout


def words_of_dues(dues: Iterable[Due]) -> dict[str, str]:
    """The words of all."""
    return {name: text for one in dues for name, text in one.words.items()}


def told(dues: Iterable[Due], outcome: str) -> list[dict[str, Any]]:
    """Those of one outcome as the summary of a notice holds them (docs/notice.md)."""
    return [_told(one) for one in dues if outcome in one.outcomes]


def _told(one: Due) -> dict[str, Any]:
    values = {name: value for name, value in asdict(one).items() if name not in OWN}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
