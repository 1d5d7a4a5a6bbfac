"""Everything is told to stop while people apply and decide: it ends by itself, and goes on where it was."""

import os
import re
import signal
import time
from collections.abc import Callable
from datetime import datetime

import pytest

from infra.local import leftovers
from infra.local.layout import SERVICES
from infra.local.system import System
from tests.chaos.crowd import RESIDENTS, Crowd
from tests.chaos.results import note
from tests.chaos.tally import Tally, quiet

STAND_INS = {"signin", "mail", "pki"}
OURS = {"signer", "gateway", *STAND_INS, *(f"{name}-{part}" for name in SERVICES for part in ("worker", "web"))}
LONGEST_STOP, LONGEST_END = 10.0, 180.0
WAVES = 2


@pytest.mark.all
@pytest.mark.timeout(900)
def test_make_down_during_load_ends_in_time_and_everything_goes_on(town: System) -> None:
    def stop() -> float:
        known = len(lines(town))
        town.stop()
        ended, killed = stops(lines(town)[known:])
        assert not OURS & killed
        assert set(ended) >= OURS
        note("make down: servers", {name: s for name, s in ended.items() if name not in OURS})
        return max(seconds for name, seconds in ended.items() if name in OURS)

    note("make down", live_through(town, stop))


@pytest.mark.timeout(900)
def test_sigterm_of_all_processes_at_once_ends_in_time_and_everything_goes_on(town: System) -> None:
    note("SIGTERM of all at once", live_through(town, lambda: terminate_all(town)))


def live_through(town: System, stop: Callable[[], float]) -> dict[str, float]:
    """Applications on their way when everything stops, and others after the next start; the figures."""
    with Crowd(town) as crowd:
        sent = crowd.apply(WAVES * len(RESIDENTS))
        time.sleep(3)
        try:
            stopped = stop()
            left = leftovers.of(town.layout)
        finally:
            begun = time.monotonic()
            town.start()
        started = time.monotonic()
        assert left == set()
        numbers = [number for one in sent for number in one.result(LONGEST_END)]
        tally = Tally(town, numbers)
        crowd.wait_for_the_end(tally, len(numbers), LONGEST_END)
        ended = time.monotonic()
    assert stopped < LONGEST_STOP
    assert quiet(town) == {}
    assert tally.lost == []
    assert tally.strays() == {}
    return {"services_stop_seconds": stopped, "start_seconds": started - begun, "recovery_seconds": ended - started}


def terminate_all(town: System) -> float:
    """As when a machine is shut down: the keeper first, so that nothing is started again; seconds of the services."""
    pids = {one.pid for name, one in town.processes().items() if one.pid and name in OURS}
    keeper = int((town.layout.run / "supervisord.pid").read_text())
    begun = time.monotonic()
    for pid in (keeper, *sorted(leftovers.of(town.layout) - {keeper})):
        os.kill(pid, signal.SIGTERM)
    wait_until_gone(lambda: pids & leftovers.of(town.layout))
    seconds = time.monotonic() - begun
    wait_until_gone(lambda: leftovers.of(town.layout))
    note("SIGTERM of all at once: servers and their keeper", {"seconds": time.monotonic() - begun})
    return seconds


def wait_until_gone(left: Callable[[], set[int]]) -> None:
    deadline = time.monotonic() + LONGEST_END
    while left():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def lines(town: System) -> list[str]:
    """What supervisord has noted."""
    return (town.layout.log / "supervisord.log").read_text().splitlines()


def stops(noted: list[str]) -> tuple[dict[str, float], set[str]]:
    """Seconds that each program took to stop; and which had to be killed."""
    asked: dict[str, datetime] = {}
    ended, killed = {}, set()
    for day, clock, _, text in (line.split(" ", 3) for line in noted if line.count(" ") > 2):
        at = datetime.fromisoformat(f"{day} {clock.replace(',', '.')}")
        if found := re.match(r"waiting for (\S+) to stop", text):
            asked.setdefault(found[1], at)
        elif (found := re.match(r"stopped: (\S+) ", text)) and found[1] in asked:
            ended[found[1]] = (at - asked[found[1]]).total_seconds()
        elif found := re.match(r"killing '(\S+)' .*SIGKILL", text):
            killed.add(found[1])
    return ended, killed
