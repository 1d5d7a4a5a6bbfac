"""A bare machine is prepared once; what cannot be had is named with the way to get it."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local import bootstrap


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", tmp_path / "venv")
    return tmp_path / "venv"


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bootstrap, "POLICY", tmp_path / "policy-rc.d")
    return tmp_path / "policy-rc.d"


def test_packages_that_are_there_are_not_asked_for() -> None:
    assert bootstrap.missing_packages({"there": "/bin/sh", "away": "/no/such/*/file"}) == ["away"]


def test_the_environment_is_made_again_when_the_lock_changes(environment: Path, tmp_path: Path) -> None:
    lock = tmp_path / "runtime.txt"
    lock.write_text("one==1")
    assert not bootstrap.is_current([lock])
    (environment / "locks").write_text(bootstrap.digest(lock))
    assert bootstrap.is_current([lock])
    lock.write_text("one==2")
    assert not bootstrap.is_current([lock])


def test_the_command_runs_from_anywhere() -> None:
    bootstrap.write_command()
    command = [Path(sys.prefix) / "bin" / "todoke", "--help"]
    told = subprocess.run(command, capture_output=True, text=True, cwd="/", check=True, timeout=60).stdout
    for name in ("status", "verify", "demo"):
        assert name in told


def test_without_root_the_command_to_run_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(bootstrap.CannotPrepareError, match=r"As root: apt-get install .* softhsm2"):
        bootstrap.install(["softhsm2"])


def test_on_another_system_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(bootstrap.CannotPrepareError, match="no Debian: softhsm2"):
        bootstrap.install(["softhsm2"])


def test_starts_are_denied_only_during_an_installation(policy: Path) -> None:
    with bootstrap.starts_denied():
        assert "exit 101" in policy.read_text()
        assert policy.stat().st_mode & stat.S_IXUSR
    assert not policy.exists()


def test_a_policy_that_was_there_is_given_back(policy: Path) -> None:
    policy.write_text("#!/bin/sh\nexit 0\n")
    policy.chmod(0o750)
    with pytest.raises(bootstrap.CannotPrepareError), bootstrap.starts_denied():
        raise bootstrap.CannotPrepareError
    assert policy.read_text() == "#!/bin/sh\nexit 0\n"
    assert stat.S_IMODE(policy.stat().st_mode) == 0o750
