"""Every suite runs on real servers of its own, beside whatever else runs on this machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.system import System, running

SERVERS = ("postgres", "rabbitmq", "site-a", "site-b")
STATE = Path(os.environ.get("TODOKE_TEST_STATE", "var/test"))
PORT = int(os.environ.get("TODOKE_TEST_PORT", "9080"))
BASE = int(os.environ.get("TODOKE_TEST_BASE", "19080"))


@pytest.fixture(scope="session")
def servers() -> Iterator[System]:
    """PostgreSQL, RabbitMQ and both S3 sites."""
    with running(STATE, PORT, BASE, SERVERS) as system:
        yield system


@pytest.fixture(scope="session")
def town() -> Iterator[System]:
    """The whole town: servers, stand-ins, workers, pages and gateway, in an instance of its own."""
    with running(STATE / "town", PORT + 1, BASE + 100) as system:
        yield system
