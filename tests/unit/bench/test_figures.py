"""What the bench computes from its times."""

import subprocess
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from infra.local.layout import REPOSITORY
from tests.bench import machine, report
from tests.bench.figures import percentile, rate, ratio, summary
from tests.bench.hops import Hop, decision_to_inbox
from tests.bench.residents import Pressed

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [([7.0], 0.99, 7.0), ([3.0, 1.0, 2.0], 0.5, 2.0), ([1.0, 2.0], 0.5, 1.5), (range(101), 0.99, 99.0), ([5, 9], 1, 9)],
)
def test_a_percentile_lies_between_its_neighbours(values: list[float], share: float, found: float) -> None:
    assert percentile(values, share) == pytest.approx(found)


def test_nothing_measured_is_no_figure() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 0.5)


def test_times_are_told_in_milliseconds_with_their_number() -> None:
    assert summary([0.010, 0.020, 0.030]) == {"p50_ms": 20.0, "p99_ms": 29.8, "n": 3}
    assert (rate(80, 4.0), ratio(55.0, 2.2)) == (20.0, 25.0)


def hop(case: UUID, fact: str, hearer: str, at: float, took: float) -> Hop:
    committed = NOON + timedelta(seconds=at)
    return Hop(fact, hearer, case, committed, committed + timedelta(seconds=took))


def test_from_the_decision_to_the_inbox_counts_from_commit_to_commit() -> None:
    done, underway = uuid4(), uuid4()
    hops = [
        hop(done, "decision_made", "intake", 0, 0.02),
        hop(done, "decision_made", "delivery", 0, 0.05),
        hop(done, "document_signed", "intake", 0.4, 0.01),
        hop(done, "document_signed", "delivery", 0.4, 0.1),
        hop(underway, "decision_made", "delivery", 1, 0.05),
    ]
    assert decision_to_inbox(hops) == [pytest.approx(0.5)]


def test_the_results_have_the_promised_keys_and_hops_of_lonely_cases_only() -> None:
    alone, crowded = uuid4(), uuid4()
    hops = [
        hop(alone, "decision_made", "delivery", 0, 0.02),
        hop(alone, "document_signed", "delivery", 0.4, 0.02),
        hop(crowded, "decision_made", "delivery", 0, 9.0),
    ]

    pressed = {1: [Pressed(["R8-1"], [0.04], 0.05)], 8: [Pressed(["R8-2", "R8-3"], [0.2, 0.2], 0.1)]}
    measured = report.Measured(pressed, {"quorum": [0.002], "classic": [0.001]}, ["R8-1"])
    found = report.results(measured, hops, {alone}, {crowded})
    assert found["pipeline"] == {
        "submit_p50_ms": 40.0,
        "submit_p99_ms": 40.0,
        "submit_per_second": 20.0,
        "hop_p50_ms": 20.0,
        "hop_p99_ms": 20.0,
        "hop_of_kombu": 10.0,
        "decision_to_inbox_p99_ms": 420.0,
    }
    assert found["hops"]["under_load"] == {"decision_made → delivery": {"p50_ms": 9000.0, "p99_ms": 9000.0, "n": 1}}


def test_a_program_is_its_process_with_all_below_it() -> None:
    assert machine.descendants(2, {1: 0, 2: 1, 3: 2, 4: 3, 5: 1}) == {2, 3, 4}


def test_make_help_lists_it() -> None:
    shown = subprocess.run(["make", "help"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    assert "make bench" in shown
