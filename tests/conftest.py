"""Every suite runs on real servers of its own, beside whatever else runs on this machine."""

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from infra.local.system import System, running

SERVERS = ("postgres", "rabbitmq", "site-a", "site-b")
STATE = Path(os.environ.get("TODOKE_TEST_STATE", "var/test"))
PORT = int(os.environ.get("TODOKE_TEST_PORT", "9080"))
BASE = int(os.environ.get("TODOKE_TEST_BASE", "19080"))

# Instances that may run at the same time, each on ports of its own.
INSTANCES = ("servers", "town", "standins", "signing", "pictures", "small", "gateway", "outages")


def instance(name: str, only: Iterable[str] = (), *, detour: int = 0) -> AbstractContextManager[System]:
    """An instance of its own, for ``name`` of INSTANCES: the whole town, or ``only`` some programs of it."""
    return running(STATE / name if name != "servers" else STATE, *ports(name), only, detour=detour)


def ports(name: str) -> tuple[int, int]:
    """Of the gateway, and where those of the servers begin."""
    place = INSTANCES.index(name)
    return PORT + place, BASE + 100 * place


@pytest.fixture(scope="session")
def servers() -> Iterator[System]:
    """PostgreSQL, RabbitMQ and both S3 sites."""
    with instance("servers", SERVERS) as system:
        yield system


@pytest.fixture(scope="session")
def town() -> Iterator[System]:
    """The whole town: servers, stand-ins, workers, pages and gateway, in an instance of its own."""
    with instance("town") as system:
        yield system
