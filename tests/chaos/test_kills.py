"""Nothing accepted is lost, nothing takes effect twice, whatever is killed and whenever; and no operator is needed."""

import random
import time

import pytest

from infra.local import leftovers
from infra.local.layout import SERVICES
from infra.local.system import System
from tests.chaos.crowd import Crowd
from tests.chaos.tally import Tally, mails, quiet

OURS = ["signer", *(f"{service}-{part}" for service in SERVICES for part in ("worker", "web"))]
SERVERS = ["postgres", "rabbitmq", "site-a", "site-b", "pki"]


def test_each_of_our_processes_killed_in_turn_loses_and_doubles_nothing(town: System) -> None:
    chaos(town, 18, OURS, every=1.5, seconds=240)


@pytest.mark.all
@pytest.mark.timeout(3600)
def test_kills_during_200_applications_lose_and_double_nothing(town: System) -> None:
    chaos(town, 200, shuffled(OURS * 3), every=6, seconds=3000)


@pytest.mark.all
@pytest.mark.timeout(1200)
def test_killed_servers_lose_and_double_nothing(town: System) -> None:
    chaos(town, 30, shuffled(SERVERS * 2), every=6, seconds=900)


def chaos(town: System, count: int, victims: list[str], *, every: float, seconds: float) -> None:
    """Let people apply and decide while processes die; then count."""
    before = mails(town)
    with Crowd(town) as crowd:
        sent = crowd.apply(count)
        for name in victims:
            time.sleep(every)
            kill(town, name)
        numbers = [number for one in sent for number in one.result(seconds)]
        assert len(set(numbers)) == count, "a number was given twice"
        tally = Tally(town, numbers)
        assert tally.lost == []
        crowd.wait_for_the_end(tally, count, seconds)
    assert quiet(town) == {}
    assert tally.strays() == {}
    # A worker that dies between the mail server's answer and its own commit sends again (docs/decisions/0021).
    assert count <= mails(town) - before <= count + sum(name in ("delivery-worker", "postgres") for name in victims)
    assert leftovers.strays(town.layout) == set()


def kill(town: System, name: str) -> None:
    """Once it lives: it may be on its way back from the last time.

    What serves pages is a child of what supervisor knows; the children of others must notice that they are alone.
    """
    while not town.pid(name):
        time.sleep(0.1)
    town.kill(name, with_children=name.endswith("-web"))


def shuffled(names: list[str]) -> list[str]:
    return random.Random(7).sample(names, len(names))
