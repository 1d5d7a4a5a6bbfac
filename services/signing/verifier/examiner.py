"""The examiner's program: it loads everything before the first file comes, and examines each in a child of its own.

A child begins with what is loaded, may use CHILD_CPU_SECONDS of processor time and CHILD_BYTES of memory beyond it, and
ends after one file.  It writes nothing but its verdict (JSON), knows no secret, and holds nobody else's file.

    python -m services.signing.verifier.examiner CONTROL

CONTROL: number of an inherited socket (SOCK_SEQPACKET), over which each request is a stream's end (SCM_RIGHTS).
"""

import gc
import json
import os
import pickle
import resource
import selectors
import signal
import socket
import struct
import sys
from contextlib import suppress

CHILD_CPU_SECONDS, CHILD_CPU_LIMIT = 1.9, 2
CHILD_WALL_SECONDS = 12
# Of memory, measured, and of addresses, limited: beside new memory stand pages of files that the program has loaded.
CHILD_BYTES, CHILD_ADDRESSES = 200_000_000, 170 << 20
NICENESS = 10
HEAD = struct.Struct("!QQ")
PAGE = resource.getpagesize()


class Examiner:
    """Takes requests and starts children.  ``control``: where requests come from; its end is this program's end."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._answers: dict[int, socket.socket] = {}
        self._ready = selectors.DefaultSelector()
        self._ready.register(control, selectors.EVENT_READ)

    def serve(self) -> None:
        """Until the other side is gone."""
        while True:
            for key, _ in self._ready.select():
                if key.fileobj is not self._control:
                    self._bury(key.fd)
                elif not self._take():
                    return

    def _take(self) -> bool:
        _, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
        if not descriptors:
            return False
        answer = socket.socket(fileno=descriptors[0])
        child = os.fork()
        if not child:
            _become_child(answer)
        self._answers[end := os.pidfd_open(child)] = answer
        self._ready.register(end, selectors.EVENT_READ, child)
        return True

    def _bury(self, end: int) -> None:
        """Tell what the child has cost, after its verdict if it has given one."""
        child = self._ready.unregister(end).data
        os.close(end)
        _, status, usage = os.wait4(child, 0)
        cost = {
            "exit": os.waitstatus_to_exitcode(status),
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
            "bytes": (usage.ru_maxrss << 10) - _loaded(),
        }
        with self._answers.pop(end) as answer, suppress(OSError):
            answer.setblocking(False)
            answer.sendall(json.dumps(cost).encode() + b"\n")


def _loaded() -> int:
    """Bytes that a child begins with: what is in memory here, without the files that are mapped."""
    return _statm(1) - _statm(2)


def _statm(column: int) -> int:
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - read anew each time, in one system call
        return int(file.read().split()[column]) * PAGE


def _become_child(answer: socket.socket) -> None:
    """One file, one verdict, and the end."""
    try:
        _silence()
        os.closerange(3, answer.fileno())
        os.closerange(answer.fileno() + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        _limit()
        _answer(answer)
    except BaseException:  # Any: what is not answered is "too complex", and nothing may go on in this process.
        os._exit(1)
    os._exit(0)


def _silence() -> None:
    """Libraries warn of what stands in a file, and whatever stands there is somebody's."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


def _limit() -> None:
    signal.setitimer(signal.ITIMER_REAL, CHILD_WALL_SECONDS)
    signal.setitimer(signal.ITIMER_PROF, CHILD_CPU_SECONDS)
    most = _statm(0) + CHILD_ADDRESSES
    limits = {
        resource.RLIMIT_CPU: CHILD_CPU_LIMIT,
        resource.RLIMIT_AS: most,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def _answer(answer: socket.socket) -> None:
    from services.signing.pades import trust_in
    from services.signing.verification import verify

    known_size, size = HEAD.unpack(_received(answer, HEAD.size))
    known = pickle.loads(_received(answer, known_size))  # noqa: S301 - from our own web process, never from a file
    verdict = verify(_received(answer, size), trust_in(known))
    answer.sendall(json.dumps(verdict.as_json()).encode() + b"\n")


def _received(answer: socket.socket, size: int) -> bytes:
    """All of it in one piece of memory.  Raises EOFError."""
    data = answer.recv(size, socket.MSG_WAITALL) if size else b""
    if len(data) != size:
        raise EOFError
    return data


def _load() -> None:
    """Whatever an examination imports or builds once."""
    from services.signing.pades import Trust
    from services.signing.verification import verify

    verify(b"%PDF-1.7", Trust(()))
    gc.collect()
    gc.freeze()


def main() -> None:
    """Runs until CONTROL's other end is closed."""
    control = socket.socket(fileno=int(sys.argv[1]))
    os.nice(NICENESS)
    _load()
    Examiner(control).serve()


if __name__ == "__main__":
    main()
