"""The page of the daily sum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template

from services.approval import tallies
from services.approval.domain.tally import Count, Day, Gap, Sum, days, sum_of
from services.approval.web.house import house, pages, staff
from services.chassis.clock import now, today
from services.chassis.web import engine, signed_in

SHOWN_DAYS = 14
NO_CASE = "案件になっていない申請"


@dataclass(frozen=True)
class TallyView:
    """The sum as the page shows it.  ``names``: of procedures by id."""

    counts: Sequence[Count]
    open_now: Mapping[str, int]
    gaps: Sequence[Gap]
    names: Mapping[str, str]
    today: date

    @property
    def total(self) -> Sum:
        """Over all procedures."""
        return sum_of(self.counts, sum(self.open_now.values()))

    @property
    def rows(self) -> Sequence[tuple[str, Sum]]:
        """The sum of each procedure, in the order of the names; what is no case comes last."""
        found = {one.procedure for one in self.counts} | set(self.open_now)
        ordered = sorted(found, key=lambda one: (not one, self.name(one)))
        return [(self.name(one), self._sum(one)) for one in ordered]

    @property
    def days(self) -> Sequence[Day]:
        """The last days, today first."""
        return days(self.counts, self.today, SHOWN_DAYS)

    @property
    def holds(self) -> bool:
        """Whether the sum holds for every procedure and no reception number is missing."""
        return not self.gaps and all(one.holds for _, one in self.rows)

    def name(self, procedure: str) -> str:
        """What the town calls it; its id, when it is gone."""
        return self.names.get(procedure, procedure) or NO_CASE

    def _sum(self, procedure: str) -> Sum:
        return sum_of((one for one in self.counts if one.procedure == procedure), self.open_now.get(procedure, 0))


@pages.get("/desk/sum")
@signed_in
def get_sum() -> str:
    """Whether every application that was heard is decided, withdrawn or in process."""
    staff()
    with engine().connect() as connection:
        view = TallyView(
            tallies.counts(connection),
            tallies.open_now(connection),
            tallies.gaps(connection, now()),
            {one.id: one.name for one in house().town.procedures.values()},
            today(),
        )
    return render_template("approval/sum.html", view=view, counted_at=now())
