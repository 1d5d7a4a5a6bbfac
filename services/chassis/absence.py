"""Remembers that a server did not answer, so that the next who needs it need not wait to find that out again.

A server that hangs costs each caller a whole time-out; eight of them are all threads of a web process.  So only the
first waits, then one caller in each ``seconds``; all others are told at once what they would have learnt.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class StillAwayError(OSError):
    """The server was away a moment ago and has not been asked again.  Transient."""


class Absence:
    """Of one server, as one process knows it.  ``seconds``: for how long it is not asked again.

    ``is_outage``: whether an error says that the server is away, not that it refuses this very call.
    """

    def __init__(self, seconds: float, is_outage: Callable[[Exception], bool]) -> None:
        self._seconds = seconds
        self._is_outage = is_outage
        self._until = 0.0

    @property
    def lasts(self) -> bool:
        """Whether the server was away a moment ago."""
        return time.monotonic() < self._until

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Ask the server inside.  Raises StillAwayError without asking, and whatever is raised inside."""
        if self.lasts:
            raise StillAwayError
        if self._until:  # this caller finds out whether it is back; the others go on without it meanwhile
            self._until = time.monotonic() + self._seconds
        try:
            yield
        except Exception as error:
            self._until = time.monotonic() + self._seconds if self._is_outage(error) else 0.0
            raise
        self._until = 0.0
