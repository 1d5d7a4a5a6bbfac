"""A taken port is named with who holds it; what the world can reach is found."""

import os
import socket
from collections.abc import Iterator

import pytest

from infra.local import listeners


@pytest.fixture
def held() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_reported_with_its_holder_and_another_choice(held: int) -> None:
    with pytest.raises(listeners.PortTakenError) as caught:
        listeners.require_free([held])
    assert f"port {held} is taken by pid {os.getpid()} (" in str(caught.value)
    assert "make up PORT=" in str(caught.value)


def test_a_holder_that_cannot_be_read_is_named_by_its_user() -> None:
    assert listeners.Listener(8080, True, 0, 0).holder == "a process of the user root"


def test_a_free_port_is_no_trouble(held: int) -> None:
    listeners.require_free([])
    assert held


def test_a_socket_on_loopback_is_not_exposed(held: int) -> None:
    assert held not in {one.port for one in listeners.exposed([os.getpid()])}


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("0100007F", True),
        ("00000000", False),
        ("00000000000000000000000001000000", True),
        ("00000000000000000000000000000000", False),
        ("0000000000000000FFFF00000100007F", True),
    ],
)
def test_loopback_is_told_from_the_world(address: str, loopback: bool) -> None:
    assert bool(listeners.LOOPBACK.match(address)) is loopback
