"""What the pages of contracts show beside what every case shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from markupsafe import Markup

from services.approval.domain.case import State
from services.approval.domain.contract import SUBJECT
from services.approval.queries import Row
from services.approval.web import contract_words
from services.approval.web.course import Course, Entry
from services.approval.web.people import Names
from services.approval.web.rows import Due, RowView
from services.approval.web.views import CaseView
from services.chassis.web.filters import lines

# The clock that runs is the contractor's.
CLOCK = (State.DECIDED, State.OFFERED)


def left(state: State, last: date | None, today: date) -> Due | None:
    """How long the contractor still has; nothing while it is not the contractor's turn."""
    return Due.of(last, today) if state in CLOCK and last else None


@dataclass(frozen=True)
class ContractCourse(Course):
    """The way of a contract: after the decision the contractor, then the seal."""

    @property
    def later(self) -> Mapping[State, str]:
        """What follows the decision."""
        return contract_words.LATER

    @property
    def events(self) -> Mapping[State, tuple[str, str]]:
        """What the log tells of others."""
        return contract_words.EVENTS

    @property
    def reached(self) -> Mapping[State, datetime]:
        """In the order in which they follow each other: timestamps are in whole seconds, and seem to be earlier."""
        found: dict[State, datetime] = {}
        for state in (one for one in self.events if one in self.case.reached):
            found[state] = max([*found.values(), self.case.reached[state]])
        return found

    def _opening(self) -> Iterator[Entry]:
        """The first act is the draft itself."""
        yield from ()

    def _later(self) -> Iterator[Entry]:
        """Up to the end, which is not always the conclusion."""
        end = contract_words.ENDS.get(self.case.state)
        if end is None:
            yield from super()._later()
            return
        reached = self.case.reached
        for state, title in self.later.items():
            if state in reached:
                yield Entry(title, at=reached[state])
        reason = self.case.agreement.reason if self.case.agreement else ""
        said = Markup("「{}」").format(lines(reason)) if reason else ""
        yield Entry(end[1], "ask", reached[self.case.state], said)


@dataclass(frozen=True)
class ContractView(CaseView):
    """One contract before one member of the staff."""

    @cached_property
    def course(self) -> Course:
        """The route and the log."""
        return ContractCourse(self.case, self.staff.actor, self.names)

    @property
    def due(self) -> Due | None:
        """Until when the contractor can consent."""
        return left(self.case.state, self.case.due_on, self.names.day)

    @property
    def subject(self) -> str:
        """件名 of the newest version."""
        return str(self.draft.values[SUBJECT]) if self.draft else ""

    @property
    def end(self) -> str:
        """Why it is not concluded, in a heading; empty when it may be."""
        return contract_words.ENDS.get(self.case.state, ("", ""))[0]


@dataclass(frozen=True)
class ContractRow:
    """One line of the list of contracts."""

    row: Row
    names: Names

    @property
    def case(self) -> RowView:
        """As the other lists show it."""
        return RowView(self.row, self.names)

    @property
    def due(self) -> Due | None:
        """Until when the contractor can consent."""
        return left(self.row.state, self.row.due_on, self.names.day)
