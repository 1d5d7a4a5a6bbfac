"""受付 = 決定 + 取下げ + 処理中."""

from datetime import date

from services.approval.domain.tally import Count, Gap, Sum, days, sum_of
from services.approval.web.sums import TallyView

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 11, day) for day in (23, 24, 25))
COUNTS = [
    Count(day=MONDAY, procedure="housing-reform", received=5),
    Count(day=TUESDAY, procedure="housing-reform", received=2),
    Count(day=TUESDAY, procedure="housing-reform", decided=3),
    Count(day=WEDNESDAY, procedure="road-occupancy", received=1),
    Count(day=WEDNESDAY, procedure="housing-reform", withdrawn=1),
]
NAMES = {"housing-reform": "住宅リフォーム", "road-occupancy": "道路占用許可"}


def view(open_now: dict[str, int], gaps: tuple[Gap, ...] = (), counts: list[Count] = COUNTS) -> TallyView:
    return TallyView(counts, open_now, gaps, NAMES, WEDNESDAY)


def test_each_day_tells_what_was_open_at_its_end() -> None:
    found = days(COUNTS, WEDNESDAY, 3)
    assert [(one.day, one.received, one.decided, one.withdrawn, one.open) for one in found] == [
        (WEDNESDAY, 1, 0, 1, 4),
        (TUESDAY, 2, 3, 0, 4),
        (MONDAY, 5, 0, 0, 5),
    ]


def test_what_came_before_the_days_that_are_shown_is_open_in_them() -> None:
    assert days(COUNTS, WEDNESDAY, 1)[0].open == 4


def test_the_sum_holds_when_every_application_is_somewhere() -> None:
    assert sum_of(COUNTS, 4) == Sum(received=8, decided=3, withdrawn=1, open=4)
    assert view({"housing-reform": 3, "road-occupancy": 1}).holds


def test_one_that_is_missing_in_one_procedure_is_not_made_good_by_another() -> None:
    found = view({"housing-reform": 4})
    assert found.total.holds
    assert not found.holds
    assert [(name, one.holds) for name, one in found.rows] == [("住宅リフォーム", False), ("道路占用許可", False)]


def test_a_missing_reception_number_is_an_incident_too() -> None:
    assert not view({"housing-reform": 3, "road-occupancy": 1}, (Gap(first="R8-000003", last="R8-000003"),)).holds


def test_an_application_that_is_kept_counts_as_in_process_and_comes_last() -> None:
    kept = [*COUNTS, Count(day=WEDNESDAY, procedure="", received=1)]
    found = view({"housing-reform": 3, "road-occupancy": 1, "": 1}, counts=kept)
    assert found.holds
    assert found.rows[-1][0] == "案件になっていない申請"
    assert not view({"housing-reform": 3, "road-occupancy": 1}, counts=kept).holds


def test_a_procedure_that_the_town_has_given_up_keeps_its_id() -> None:
    assert view({}).name("old-procedure") == "old-procedure"
