"""A resident's number never waits for the broker: it comes at once, and the rest follows when the broker is back."""

import time
from collections.abc import Iterator

import pytest

from infra.console import applying
from infra.console.houses import reading
from infra.console.status import count
from infra.local.system import System
from services.chassis.tables import outbox
from tests.chaos.crowd import Crowd, fill_in
from tests.chaos.tally import Tally, quiet

APPLICATIONS = 3
AT_ONCE = 1.0


@pytest.fixture
def broker_away(town: System) -> Iterator[None]:
    town.stop_program("rabbitmq")
    yield
    if not town.runs("rabbitmq"):
        town.start_program("rabbitmq")


def unpublished(town: System) -> int:
    with reading("intake", town.layout) as connection:
        return count(connection, outbox, outbox.c.published_at.is_(None))


@pytest.mark.usefixtures("broker_away")
def test_without_a_broker_the_number_comes_at_once_and_the_rest_follows_when_it_returns(town: System) -> None:
    with Crowd(town) as crowd:
        resident = crowd.resident("r-tsuji")
        numbers = []
        for _ in range(APPLICATIONS):
            fill_in(resident)
            begun = time.monotonic()
            numbers.append(applying.send(resident))
            assert time.monotonic() - begun < AT_ONCE
        assert unpublished(town) == APPLICATIONS
        town.start_program("rabbitmq")
        tally = Tally(town, numbers)
        crowd.wait_for_the_end(tally, APPLICATIONS, 120)
    assert quiet(town) == {}
    assert tally.strays() == {}
