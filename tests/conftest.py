"""Every suite runs on real servers of its own, beside whatever else runs on this machine."""

import os
from collections.abc import Iterator

import pytest

from infra.local.system import System, running

SERVERS = ("postgres", "rabbitmq", "site-a", "site-b")
STATE = os.environ.get("TODOKE_TEST_STATE", "var/test")
PORT = int(os.environ.get("TODOKE_TEST_PORT", "9080"))
BASE = int(os.environ.get("TODOKE_TEST_BASE", "19080"))


@pytest.fixture(scope="session")
def servers() -> Iterator[System]:
    """PostgreSQL, RabbitMQ and both S3 sites."""
    with running(STATE, PORT, BASE, SERVERS) as system:
        yield system
