"""Instances do not disturb each other, and what a crash left behind is found and ended."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import leftovers
from infra.local.layout import Layout, PortsInUseError
from infra.local.listeners import PortTakenError
from infra.local.system import System


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    """The smallest instance that has a server."""
    small = System(Layout(tmp_path / "state", 9777, 39777))
    yield small
    small.remove()


def test_a_start_is_repeated_without_harm(system: System) -> None:
    system.start(["epmd"])
    pid = system.pid("epmd")
    system.start(["epmd"])
    assert system.pid("epmd") == pid


def test_a_killed_program_comes_back_by_itself(system: System) -> None:
    system.start(["epmd"])
    before = system.kill("epmd")
    deadline = time.monotonic() + 10
    while system.pid("epmd") in (0, before) and time.monotonic() < deadline:
        time.sleep(0.1)
    system.wait_until_ready("epmd")
    assert system.pid("epmd") not in (0, before)


def test_a_stopped_program_stays_down_until_it_is_started(system: System) -> None:
    system.start(["epmd"])
    system.stop_program("epmd")
    assert not system.runs("epmd")
    system.start_program("epmd")
    assert system.runs("epmd")


def test_what_outlives_its_keeper_is_ended(system: System) -> None:
    system.start(["epmd"])
    orphan = system.pid("epmd")
    os.kill(int((system.layout.run / "supervisord.pid").read_text()), signal.SIGKILL)
    assert orphan in leftovers.of(system.layout)
    assert system.stop() > 0
    assert leftovers.of(system.layout) == set()


def test_a_port_that_another_holds_is_named_before_anything_starts(system: System) -> None:
    with socket.create_server(("127.0.0.1", system.layout.at("epmd"))):
        with pytest.raises(PortTakenError):
            system.start(["epmd"])
        assert not system.runs()


def test_a_running_instance_keeps_its_ports(system: System) -> None:
    system.start(["epmd"])
    with pytest.raises(PortsInUseError, match="make down first"):
        System(Layout(system.layout.state, 9778, 39900)).start(["epmd"])


def test_removing_leaves_nothing(system: System) -> None:
    system.start(["epmd"])
    system.remove()
    assert not system.layout.state.exists()
    assert leftovers.of(system.layout) == set()
