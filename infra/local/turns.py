"""One launcher at a time: two that start the same instance would undo each other's work."""

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from infra.local.layout import Layout

PATIENCE = 30.0


class BusyError(Exception):
    """Another launcher works on this instance.  Transient."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"pid {pid} is starting or stopping this instance: wait for it, or make down")


@contextmanager
def start_turn(layout: Layout) -> Iterator[None]:
    """Hold the instance; the kernel gives it back when this process ends, however it ends.  Raises BusyError."""
    with _file(layout).open("a+") as file:
        if not _taken(file):
            raise BusyError(_holder(layout))
        with _signed(file):
            yield


@contextmanager
def stop_turn(layout: Layout) -> Iterator[None]:
    """Hold the instance to stop it: a start that is under way is interrupted.  Raises BusyError."""
    with _file(layout).open("a+") as file:
        deadline = time.monotonic() + PATIENCE
        while not _taken(file):
            if time.monotonic() > deadline:
                raise BusyError(_holder(layout))
            _interrupt(_holder(layout))
            time.sleep(0.5)
        with _signed(file):
            yield


def _file(layout: Layout) -> Path:
    layout.run.mkdir(parents=True, exist_ok=True)
    return layout.run / "launcher.pid"


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _signed(file: IO[str]) -> Iterator[None]:
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    try:
        yield
    finally:
        file.truncate(0)


def _holder(layout: Layout) -> int:
    """0 for a moment after the lock was taken."""
    return int(_file(layout).read_text() or 0)


def _interrupt(pid: int) -> None:
    if pid not in (0, os.getpid()):
        try:
            os.kill(pid, signal.SIGINT)
        except ProcessLookupError:
            return
