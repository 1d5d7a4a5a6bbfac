"""Who needs a server that was silent a moment ago is told so at once; one caller finds out whether it is back."""

import pytest

from services.chassis import absence
from services.chassis.absence import Absence, StillAwayError


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(absence, "time", found)
    return found


def of_a_server() -> Absence:
    return Absence(5, lambda error: isinstance(error, TimeoutError))


def fail(server: Absence, error: Exception) -> None:
    with pytest.raises(type(error)), server.watch():
        raise error


def test_a_silent_server_is_not_asked_again_at_once(clock: Clock) -> None:
    server = of_a_server()
    fail(server, TimeoutError())
    with pytest.raises(StillAwayError), server.watch():
        raise AssertionError("it was asked")
    clock.now += 4.9
    assert server.lasts


def test_after_a_while_one_caller_asks_and_the_others_go_on_without(clock: Clock) -> None:
    server = of_a_server()
    fail(server, TimeoutError())
    clock.now += 5.1
    with server.watch(), pytest.raises(StillAwayError), server.watch():
        raise AssertionError("it was asked twice")
    with server.watch():
        assert not server.lasts


def test_an_answer_that_refuses_is_an_answer(clock: Clock) -> None:
    server = of_a_server()
    fail(server, TimeoutError())
    clock.now += 5.1
    fail(server, ValueError())
    with server.watch():
        assert not server.lasts
