"""The stand-ins with the web parts that sign in at them."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from infra.local.layout import SERVICES
from infra.local.system import System
from tests.conftest import instance

PATIENCE = 30
PROGRAMS = ("signin", "mail", "gateway", *(f"{service}-web" for service in SERVICES))


@pytest.fixture(scope="session")
def standins() -> Iterator[System]:
    """An instance of its own, for its programs are killed."""
    with instance("standins", PROGRAMS) as system:
        yield system


def crash(system: System, program: str) -> None:
    """Kill it with its children, and wait until it is back by itself."""
    before = system.pid(program)
    os.killpg(before, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while system.pid(program) in (0, before) and time.monotonic() < deadline:
        time.sleep(0.1)
    system.wait_until_ready(program)
