"""An instance knows its ports and paths; a path too long for a socket is avoided."""

import json
from pathlib import Path

import pytest

from infra.local import credentials
from infra.local.layout import LONGEST_SOCKET_PATH, OFFSETS, Layout, NotAnInstanceError, remembered_ports
from tests.conftest import ports


def test_no_two_servers_share_a_port() -> None:
    assert len(set(OFFSETS.values())) == len(OFFSETS)


def test_the_ports_of_an_instance_end_before_those_of_the_next_begin() -> None:
    assert max(OFFSETS.values()) < ports("town")[1] - ports("servers")[1]


def test_a_state_directory_remembers_its_ports(layout: Layout) -> None:
    layout.make_directories()
    layout.remember_ports()
    assert remembered_ports(layout.state) == {"port": layout.port, "base": layout.base}


def test_the_environment_chooses_the_instance(layout: Layout, monkeypatch) -> None:
    monkeypatch.setenv("TODOKE_STATE", str(layout.state))
    monkeypatch.setenv("TODOKE_PORT", "9999")
    monkeypatch.setenv("TODOKE_BASE", "39000")
    assert Layout.of_environment() == layout


def test_sockets_of_a_deep_directory_lie_where_the_kernel_can_name_them() -> None:
    deep = Layout(Path("/", *["a-directory-with-a-long-name"] * 5))
    assert len(str(deep.sockets / "supervisor.sock")) <= LONGEST_SOCKET_PATH


def test_two_state_directories_of_one_name_do_not_meet() -> None:
    assert Layout(Path("/a/var")).name != Layout(Path("/b/var")).name


def test_instances_may_lie_in_one_directory_but_beside_nothing_else(tmp_path: Path) -> None:
    Layout(tmp_path / "town").make_directories()
    outer = Layout(tmp_path)
    outer.require_own_state()
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(NotAnInstanceError):
        outer.require_own_state()


def test_secrets_are_private_and_stay_the_same(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    first = credentials.load_or_make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert credentials.load_or_make(path) == first == json.loads(path.read_text())
    assert len(set(first.values())) == len(first)
