"""One line of the desk's lists."""

from dataclasses import dataclass
from datetime import date

from services.approval.domain.case import AFTER_DECISION, State
from services.approval.queries import Row
from services.approval.web.contract_words import texts_of
from services.approval.web.people import Names
from services.chassis.web.filters import wareki_text


@dataclass(frozen=True)
class Due:
    """How long until the last day (標準処理期間)."""

    text: str
    late: bool

    @classmethod
    def of(cls, due_on: date, today: date) -> "Due":
        """あと10日, 今日まで, 1日過ぎています."""
        days = (due_on - today).days
        if days < 0:
            return cls(f"{-days}日過ぎています", late=True)
        return cls(f"あと{days}日" if days else "今日まで", late=False)


@dataclass(frozen=True)
class RowView:
    """A case in a list."""

    row: Row
    names: Names

    @property
    def due(self) -> Due | None:
        """Nothing once the decision is made; no days are counted while the applicant is waited for."""
        if self.row.waits_until:
            return Due("止まっています", late=False)
        if self.row.due_on is None or self.row.state in (*AFTER_DECISION, State.WITHDRAWN):
            return None
        return Due.of(self.row.due_on, self.names.day)

    @property
    def label(self) -> tuple[str, str]:
        """A word and its colour."""
        if self.row.waits_for:
            return (("専決" if self.row.delegated else "決裁") if self.is_decision else "承認"), "key"
        if self.row.state is State.EXAMINING and self.row.headline:
            return "差戻し", "warn"
        return texts_of(self.row.kind).states[self.row.state]

    @property
    def asked(self) -> str:
        """What is asked for, and of whom."""
        if self.row.waits_for:
            return f"{self.names.post(self.row.waits_for)}が{'決裁' if self.is_decision else '承認'}します"
        until = wareki_text(self.row.waits_until) if self.row.waits_until else ""
        return texts_of(self.row.kind).asked[self.row.state].format(until=until)

    @property
    def is_decision(self) -> bool:
        """Whether the post that is asked decides."""
        return self.row.waits_for == self.row.decider

    @property
    def drafter(self) -> str:
        """Who drafted, or examines."""
        sub = self.row.drafted_by or self.row.officer
        return self.names.with_section(sub) if sub else ""
