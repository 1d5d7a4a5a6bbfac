"""Work that waits for an outside server, as the desk hears of it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.approval import use_cases
from services.approval.domain.delay import Delay
from services.chassis.handling import NotYet
from services.messages import HandlingDelayed, HandlingResumed
from tests.unit.approval.memory import NOW

WAITING, CASE = UUID(int=5), UUID(int=6)
TOLD = HandlingDelayed(
    case_id=CASE, service="signing", waiting_id=WAITING, fact="jp.todoke.signing.seal_permitted.v1", server="tsa",
    since=NOW,
)  # fmt: skip


class MemoryDelays:
    def __init__(self) -> None:
        self.rows: dict[UUID, Delay] = {}

    def add(self, delay: Delay) -> None:
        self.rows.setdefault(delay.waiting_id, delay)

    def load(self, waiting_id: UUID) -> Delay:
        if waiting_id not in self.rows:
            raise NotYet
        return replace(self.rows[waiting_id])

    def save(self, delay: Delay) -> None:
        self.rows[delay.waiting_id] = delay


def resumed(after: int) -> HandlingResumed:
    return HandlingResumed(case_id=CASE, waiting_id=WAITING, resumed_at=NOW + timedelta(minutes=after))


def test_what_waits_is_known_until_it_goes_on() -> None:
    delays = MemoryDelays()
    use_cases.receive_delay(TOLD, delays)
    assert (delays.rows[WAITING].server, delays.rows[WAITING].since) == ("tsa", NOW)
    assert delays.rows[WAITING].resumed_at is None
    use_cases.receive_resumption(resumed(3), delays)
    assert delays.rows[WAITING].resumed_at == NOW + timedelta(minutes=3)


def test_hearing_it_twice_changes_nothing() -> None:
    delays = MemoryDelays()
    use_cases.receive_delay(TOLD, delays)
    for after in (3, 4):
        use_cases.receive_resumption(resumed(after), delays)
    use_cases.receive_delay(TOLD, delays)
    assert delays.rows[WAITING].resumed_at == NOW + timedelta(minutes=3)


def test_an_end_that_comes_before_its_beginning_is_kept() -> None:
    with pytest.raises(NotYet):
        use_cases.receive_resumption(resumed(3), MemoryDelays())
