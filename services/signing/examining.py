"""Strangers' files are examined in processes of their own: bounded in memory and time, and never in the web process.

A process that takes too long, or dies, is replaced; its file is answered all the same.
"""

import hashlib
import queue
import resource
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from services.chassis.handling import Waiting
from services.chassis.logging import get_logger
from services.signing.verdict import TOO_COMPLEX, Verdict

log = get_logger()
PROCESSES = 2
SECONDS = 15
QUEUE_SECONDS = 10
MEMORY_BYTES = 3 << 29


class Examiners:
    """A few processes, started when they are first needed."""

    def __init__(self, processes: int = PROCESSES, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._free: queue.Queue[_Examiner | None] = queue.Queue()
        for _ in range(processes):
            self._free.put(None)

    def verify(self, pdf: bytes, roots: Path, crls: tuple[bytes, ...]) -> Verdict:
        """One verdict.  ``roots``: PEM file; ``crls``: DER.  Raises Waiting("examiner") when all are busy for long."""
        examiner = self._take()
        try:
            examiner = examiner or _Examiner()
            return examiner.verify(pdf, roots, crls, self._seconds)
        except (TimeoutError, EOFError, OSError) as error:
            log.warning("examination_ended", error=type(error).__name__, size=len(pdf))
            if examiner:
                examiner.end()
            examiner = None
            return Verdict("indeterminate", (TOO_COMPLEX,), hashlib.sha256(pdf).hexdigest())
        finally:
            self._free.put(examiner)

    def close(self) -> None:
        """End all that are idle."""
        while not self._free.empty():
            if examiner := self._free.get():
                examiner.end()

    def _take(self) -> "_Examiner | None":
        try:
            return self._free.get(timeout=QUEUE_SECONDS)
        except queue.Empty:
            raise Waiting("examiner") from None


class _Examiner:
    """One process and the pipe to it; it ends by itself when this side is gone."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_work, args=(other,), daemon=True)
        self._process.start()
        other.close()

    def verify(self, pdf: bytes, roots: Path, crls: tuple[bytes, ...], seconds: float) -> Verdict:
        """Raises TimeoutError, EOFError, OSError."""
        self._pipe.send((pdf, roots, crls))
        if not self._pipe.poll(seconds):
            raise TimeoutError
        verdict: Verdict = self._pipe.recv()
        return verdict

    def end(self) -> None:
        """At once: what it holds is a stranger's."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _work(pipe: Connection) -> None:
    """Runs in the process: one file after the other, until the other side is gone."""
    from services.signing.pades import load_trust
    from services.signing.verification import verify

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            pdf, roots, crls = pipe.recv()
        except EOFError:
            return
        pipe.send(verify(pdf, load_trust(roots, crls)))
