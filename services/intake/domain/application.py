"""An application (申請): recorded means arrived (行政手続法7条).  What happens to it afterwards is heard and shown."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

REIWA_BEFORE = 2018
PATTERN = re.compile(r"R([1-9]\d?)-(\d{6})")


@dataclass(frozen=True, order=True)
class ReceptionNumber:
    """受付番号: 年度 and a count without gaps, from 1; written R8-000412."""

    fiscal_year: int
    count: int

    def __str__(self) -> str:
        return f"R{self.fiscal_year - REIWA_BEFORE}-{self.count:06}"

    @classmethod
    def parse(cls, text: str) -> "ReceptionNumber | None":
        """The number that a URL names, if it is one."""
        match = PATTERN.fullmatch(text)
        return cls(int(match[1]) + REIWA_BEFORE, int(match[2])) if match else None


class State(StrEnum):
    """How far a case is, in the order of the main path.

    A decision stands also when a withdrawal crossed it on the way, whichever is heard first.
    """

    ACCEPTED = "accepted"
    EXAMINING = "examining"
    DRAFTED = "drafted"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"
    PERMITTED = "permitted"
    SIGNED = "signed"
    FALLBACK = "fallback"
    POSTED = "posted"
    AVAILABLE = "available"
    OPENED = "opened"

    @property
    def place(self) -> int:
        """How far along this is, from 0."""
        return tuple(State).index(self)


@dataclass(kw_only=True)
class Application:
    """``reached``: when each state was first reached.  Facts come in any order; the furthest state is shown."""

    case_id: UUID
    sub: str
    number: ReceptionNumber
    procedure_id: str
    procedure_version: date
    submitted_at: datetime
    due_on: date
    digital: bool
    reached: dict[State, datetime] = field(default_factory=dict)
    version: int = 0

    @property
    def state(self) -> State:
        """The furthest state that was reached."""
        return max(self.reached, key=lambda state: state.place, default=State.ACCEPTED)

    def reach(self, state: State, at: datetime) -> bool:
        """Note that a state was reached; False when that was known (the first time counts)."""
        if state in self.reached:
            return False
        self.reached[state] = at
        return True

    def withdraw(self, at: datetime) -> bool:
        """Take it back; False when that was done before.  Raises NotWithdrawableError."""
        if self.is_past(State.DECIDED):
            raise NotWithdrawableError
        return self.reach(State.WITHDRAWN, at)

    def choose_delivery(self, digital: bool) -> bool:
        """Receive the result in another way; False when that is the way already."""
        changed = self.digital != digital
        self.digital = digital
        return changed

    @property
    def goes_on_paper(self) -> bool:
        """Whether the result comes by post: it was so chosen, or it could not be delivered otherwise."""
        return State.FALLBACK in self.reached or not (self.digital or State.AVAILABLE in self.reached)

    def is_past(self, state: State) -> bool:
        """Whether the case is at this state or further."""
        return self.state.place >= state.place


class NotWithdrawableError(Exception):
    """The result was decided before."""


class Progress(StrEnum):
    """Where a step of the timeline stands."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True)
class Step:
    """One step of the resident's timeline.  ``at``: when it ended, or began if it is not over; None: not yet known."""

    id: State
    progress: Progress
    at: datetime | None


# Each step with the states that begin and end it.
STEPS = (
    (State.ACCEPTED, State.ACCEPTED, State.ACCEPTED),
    (State.EXAMINING, State.EXAMINING, State.EXAMINING),
    (State.DRAFTED, State.DRAFTED, State.DECIDED),
    (State.DECIDED, State.DECIDED, State.SIGNED),
    (State.AVAILABLE, State.AVAILABLE, State.OPENED),
)
ON_PAPER = (*STEPS[:-1], (State.POSTED, State.POSTED, State.POSTED))


def steps(application: Application) -> list[Step]:
    """The resident's timeline: what is done, the one thing that goes on now, and what comes."""
    if application.state is State.WITHDRAWN:
        return _withdrawn_steps(application)
    way = ON_PAPER if application.goes_on_paper else STEPS
    begun = sum(application.is_past(begins) for _, begins, _ in way)
    # What is accepted waits for the examination; what has been read or posted waits for nothing.
    over = application.is_past(way[-1][-1])
    now = len(way) if over else max(begun - 1, 1)
    return [_step(application, parts, place, now) for place, parts in enumerate(way)]


def _withdrawn_steps(application: Application) -> list[Step]:
    past = [state for state in (State.ACCEPTED, State.EXAMINING, State.WITHDRAWN) if state in application.reached]
    return [Step(state, Progress.DONE, application.reached[state]) for state in past]


def _step(application: Application, parts: tuple[State, State, State], place: int, now: int) -> Step:
    state, begins, ends = parts
    if place < now:
        return Step(state, Progress.DONE, application.reached.get(ends))
    return Step(state, Progress.NOW if place == now else Progress.NEXT, application.reached.get(begins))
