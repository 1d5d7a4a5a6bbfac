"""Strangers' files are examined in a process of their own each: bounded in time and memory, never in the web process.

A program that has loaded everything (verifier/examiner.py) starts one child for each file.  A child that takes too
long, or dies, costs its own file's answer and nothing else; a program that dies is started anew.
"""

import hashlib
import json
import pickle
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass

from services.chassis.logging import get_logger
from services.chassis.settings import REPOSITORY
from services.signing.verdict import TOO_COMPLEX, Verdict
from services.signing.verifier.examiner import CHILD_WALL_SECONDS, HEAD
from services.signing.verifier.known import Known
from services.signing.verifier.turns import Turns

log = get_logger()
PLACES, WAITING = 2, 3
QUEUE_SECONDS = 10
# The child ends itself after CHILD_WALL_SECONDS; beside that stands the start of the program.
ANSWER_SECONDS = CHILD_WALL_SECONDS + 8
END_SECONDS = 1  # for a program that was killed to be gone
MOST_ANSWER = 4 << 20
PROGRAM = "services.signing.verifier.examiner"


@dataclass(frozen=True)
class Examined:
    """``cpu_seconds`` and ``bytes``: what the file has cost beyond the loaded program; None when nobody can tell."""

    verdict: Verdict
    cpu_seconds: float | None = None
    bytes: int | None = None


class Examiners:
    """The program, started when somebody first asks, and who may use it."""

    def __init__(self, places: int = PLACES, waiting: int = WAITING, seconds: float = ANSWER_SECONDS) -> None:
        self.turns = Turns(places, waiting)
        self._seconds = seconds
        self._lock = threading.Lock()
        self._program: _Program | None = None

    def verify(self, pdf: bytes, known: Known, visitor: str = "") -> Verdict:
        """One verdict.  ``visitor``: who asks, by whatever tells visitors apart.  Raises Waiting("examiner")."""
        return self.examine(pdf, known, visitor).verdict

    def examine(self, pdf: bytes, known: Known, visitor: str = "") -> Examined:
        """The verdict and its cost.  Raises Waiting("examiner")."""
        with self.turns.taken_by(visitor, QUEUE_SECONDS):
            answer = self._answer(pdf, known)
            if not answer and self._is_gone():
                answer = self._answer(pdf, known)
            return _read(answer, pdf)

    def prepare(self) -> None:
        """Start the program, without waiting for it: it loads while a visitor still chooses a file."""
        with self._lock:
            if self._program is None or self._program.has_ended:
                self._program = _Program()

    def close(self) -> None:
        """End the program."""
        with self._lock:
            if self._program:
                self._program.end()
            self._program = None

    def _answer(self, pdf: bytes, known: Known) -> bytes:
        """Nothing when the program died, or took too long."""
        try:
            return self._asked(pdf, known)
        except OSError as error:
            log.warning("examination_ended", error=type(error).__name__, size=len(pdf))
            return b""

    def _is_gone(self) -> bool:
        """Whether the program has died: then its answers say nothing of their files, and the next is asked."""
        with self._lock:
            return self._program is None or self._program.ends_within(END_SECONDS)

    def _asked(self, pdf: bytes, known: Known) -> bytes:
        """Whatever comes back, until the other end is closed.  Raises OSError, also when it takes too long."""
        ours, theirs = socket.socketpair()
        with ours:
            ours.settimeout(self._seconds)
            with theirs:
                self._hand_over(theirs)
            request = pickle.dumps(known)
            with suppress(BrokenPipeError, ConnectionResetError):
                ours.sendall(HEAD.pack(len(request), len(pdf)) + request)
                ours.sendall(pdf)
            return _whole(ours)

    def _hand_over(self, stream: socket.socket) -> None:
        self.prepare()
        with self._lock:
            program = self._program
        if program:
            program.hand_over(stream)


class _Program:
    """It ends by itself when this process is gone.  It gets no environment: settings hold secrets."""

    def __init__(self) -> None:
        self._control, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            self._process = subprocess.Popen(
                [sys.executable, "-m", PROGRAM, str(other.fileno())],
                pass_fds=[other.fileno()],
                cwd=REPOSITORY,
                env={},
                stdin=subprocess.DEVNULL,
            )

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def ends_within(self, seconds: float) -> bool:
        """Whether it is about to end."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self.has_ended

    @property
    def pid(self) -> int:
        return self._process.pid

    def hand_over(self, stream: socket.socket) -> None:
        """Raises OSError when the program is gone."""
        socket.send_fds(self._control, [b"1"], [stream.fileno()])

    def end(self) -> None:
        """At once: what it holds is a stranger's."""
        self._process.kill()
        self._process.wait()
        self._control.close()


def _whole(stream: socket.socket) -> bytes:
    parts, size = [], 0
    while part := _next(stream):
        parts.append(part)
        size += len(part)
        if size > MOST_ANSWER:
            raise OSError("a longer answer than there is")
    return b"".join(parts)


def _next(stream: socket.socket) -> bytes:
    """A child that died before it has read everything ends its answer so."""
    try:
        return stream.recv(1 << 16)
    except ConnectionResetError:
        return b""


def _read(answer: bytes, pdf: bytes) -> Examined:
    """The verdict's line and the cost's; a child that died has left the second only."""
    lines = answer.splitlines()
    cost = json.loads(lines[-1]) if lines and answer.endswith(b"\n") else {}
    if len(lines) != 2:  # noqa: PLR2004 - verdict and cost
        log.warning("examination_ended", exit_code=cost.get("exit"), size=len(pdf))
    verdict = Verdict.from_json(json.loads(lines[0])) if len(lines) == 2 else _unanswered(pdf)  # noqa: PLR2004
    return Examined(verdict, cost.get("cpu_seconds"), cost.get("bytes"))


def _unanswered(pdf: bytes) -> Verdict:
    return Verdict("indeterminate", (TOO_COMPLEX,), hashlib.sha256(pdf).hexdigest())
