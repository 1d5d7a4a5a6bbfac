"""Processes of an instance that outlived their keeper: found by the mark in their environment."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from infra.local import postgres
from infra.local.layout import Layout

PATIENCE = 8.0


def of(layout: Layout) -> set[int]:
    """Pids of every process that bears this instance's mark, supervisord and postmaster among them."""
    ((name, value),) = layout.mark.items()
    marked = {pid for pid in _pids() if f"{name}={value}".encode() in _environment(pid)}
    return (marked | _postmaster(layout) | _supervisord(layout)) - {os.getpid()}


def strays(layout: Layout) -> set[int]:
    """Those that no living supervisord keeps: it, or the launcher that began their step, was killed."""
    keepers = _supervisord(layout)
    return {pid for pid in of(layout) if not keepers & _forebears(pid)}


def end(layout: Layout) -> int:
    """Ask all of them to stop, then make them; how many there were."""
    return _end(layout, of)


def end_strays(layout: Layout) -> int:
    """The same for the strays."""
    return _end(layout, strays)


def _end(layout: Layout, meant: Callable[[Layout], set[int]]) -> int:
    found = meant(layout)
    _signal(found - _postmaster(layout), signal.SIGTERM)
    _signal(found & _postmaster(layout), signal.SIGINT)
    deadline = time.monotonic() + PATIENCE
    while meant(layout) and time.monotonic() < deadline:
        time.sleep(0.1)
    _signal(meant(layout), signal.SIGKILL)
    return len(found)


def _forebears(pid: int) -> set[int]:
    """The process, its parent and so on."""
    found = set()
    while pid > 1 and pid not in found:
        found.add(pid)
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            break
    return found


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _postmaster(layout: Layout) -> set[int]:
    return _from_pid_file(postgres.data_directory(layout) / "postmaster.pid", "postgres")


def _supervisord(layout: Layout) -> set[int]:
    return _from_pid_file(layout.run / "supervisord.pid", "supervisord")


def _from_pid_file(path: Path, program: str) -> set[int]:
    """The pid in the file if it still is that program: pids are used again."""
    try:
        pid = int(path.read_text().split()[0])
        return {pid} if program.encode() in Path(f"/proc/{pid}/cmdline").read_bytes() else set()
    except (OSError, ValueError, IndexError):
        return set()


def _signal(pids: set[int], what: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, what)
        except ProcessLookupError:
            continue
