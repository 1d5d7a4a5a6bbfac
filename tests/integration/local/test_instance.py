"""Instances do not disturb each other, and what a crash left behind is found and ended."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from infra.local import leftovers
from infra.local.layout import REPOSITORY, Layout, NotAnInstanceError, PortsInUseError
from infra.local.listeners import PortTakenError
from infra.local.system import System, running
from infra.local.turns import BusyError
from tests.conftest import ports

PORTS = ports("small")


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    """The smallest instance that has a server."""
    small = System(Layout(tmp_path / "state", *PORTS))
    yield small
    small.remove()


@contextmanager
def halted(group: int) -> Iterator[None]:
    """A program with all its processes, for as long as this lasts."""
    os.killpg(group, signal.SIGSTOP)
    yield
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGCONT)


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
    orphan = orphaned(system, "epmd")
    assert orphan in leftovers.of(system.layout)
    assert system.stop() > 0
    assert leftovers.of(system.layout) == set()


def test_a_start_after_the_keeper_was_killed_begins_anew(system: System) -> None:
    orphan = orphaned(system, "postgres")
    system.start(["postgres"])
    assert system.pid("postgres") not in (0, orphan)
    system.wait_until_ready("postgres")


@pytest.mark.parametrize("seconds", [0.3, 1.0])
def test_a_launcher_that_is_killed_leaves_nothing_that_stops_the_next(system: System, seconds: float) -> None:
    launcher = launch(system, "up", "--only", "postgres,signer")
    time.sleep(seconds)
    launcher.kill()
    launcher.wait()
    again = launch(system, "up", "--only", "postgres,signer")
    assert again.wait(60) == 0, again.stdout.read() if again.stdout else ""
    assert system.runs("postgres")
    assert system.runs("signer")


def test_while_one_start_is_under_way_another_is_refused_and_a_stop_interrupts_it(system: System) -> None:
    launcher = launch(system, "up", "--only", "rabbitmq")
    eventually(lambda: system.runs("rabbitmq"))
    with halted(system.pid("rabbitmq")):  # so that it is not ready before the rest of this is tried
        with pytest.raises(BusyError, match=f"pid {launcher.pid} "):
            system.start(["epmd"])
        stopper = launch(system, "down")
        with suppress(subprocess.TimeoutExpired):  # a step that asks the halted server ends when it goes on
            launcher.wait(60)
    assert launcher.wait(60) == 130
    assert stopper.wait(60) == 0
    assert not system.runs()


def test_a_port_that_another_holds_is_named_before_anything_starts(system: System) -> None:
    with socket.create_server(("127.0.0.1", system.layout.at("epmd"))):
        with pytest.raises(PortTakenError):
            system.start(["epmd"])
        assert not system.runs()


def test_a_running_instance_keeps_its_ports(system: System) -> None:
    system.start(["epmd"])
    with pytest.raises(PortsInUseError, match="make down first"):
        System(Layout(system.layout.state, PORTS[0] + 1, PORTS[1] + 50)).start(["epmd"])


def test_the_next_start_after_the_state_was_removed_by_hand_finds_the_orphans(system: System) -> None:
    system.start(["epmd"])
    orphan = system.pid("epmd")
    shutil.rmtree(system.layout.state)
    System(system.layout).start(["epmd"])
    assert system.pid("epmd") not in (0, orphan)


def test_a_directory_with_other_things_is_no_instance(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    strange = System(Layout(tmp_path, *PORTS))
    for act in (strange.start, strange.remove):
        with pytest.raises(NotAnInstanceError):
            act()
    assert (tmp_path / "thesis.txt").exists()


def test_what_a_killed_test_run_left_is_stopped_by_the_next(tmp_path: Path) -> None:
    one = (tmp_path / "state", *PORTS, ["epmd"])
    killed = running(*one)
    pid = killed.__enter__().pid("epmd")
    with running(*one) as system:
        assert system.pid("epmd") == pid
    assert not system.runs()


def test_what_ran_before_a_test_run_goes_on(system: System) -> None:
    system.start(["epmd"])
    with running(system.layout.state, *PORTS, ["epmd"]):
        pass
    assert system.runs("epmd")


def test_removing_leaves_nothing(system: System) -> None:
    system.start(["epmd"])
    system.remove()
    assert not system.layout.state.exists()
    assert leftovers.of(system.layout) == set()


def orphaned(system: System, name: str) -> int:
    """Start a program and kill its keeper; the pid that is left alone."""
    system.start([name])
    pid = system.pid(name)
    os.kill(int((system.layout.run / "supervisord.pid").read_text()), signal.SIGKILL)
    return pid


def launch(system: System, *command: str) -> subprocess.Popen[str]:
    """What the Makefile calls, for this instance; from a shell's background, where SIGINT is ignored at first."""
    layout = system.layout
    choice = {"TODOKE_STATE": str(layout.state), "TODOKE_PORT": str(layout.port), "TODOKE_BASE": str(layout.base)}
    return subprocess.Popen(
        [sys.executable, "-m", "infra.local", *command],
        cwd=REPOSITORY,
        env=os.environ | choice,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # noqa: PLW1509 - one call, no lock
    )


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)
