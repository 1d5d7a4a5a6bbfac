"""Whose file is examined next: nobody takes two turns at once, and who brings many files waits behind himself."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from services.chassis.handling import Waiting


class Turns:
    """``places``: examinations at a time.  ``waiting``: how many may wait for one, of them one of each visitor."""

    def __init__(self, places: int, waiting: int) -> None:
        self._places, self._most = places, waiting
        self._changed = threading.Condition()
        self._inside: list[str] = []
        self.queue: list[str] = []

    @contextmanager
    def taken_by(self, visitor: str, seconds: float) -> Iterator[None]:
        """One turn, in the order of coming.  Raises Waiting("examiner") when there is none within the seconds, or when
        too many wait already.
        """
        with self._changed:
            self._enter(visitor, monotonic() + seconds)
        try:
            yield
        finally:
            with self._changed:
                self._inside.remove(visitor)
                self._changed.notify_all()

    def _enter(self, visitor: str, until: float) -> None:
        if visitor in self.queue or len(self.queue) >= self._most:
            raise Waiting("examiner")
        self.queue.append(visitor)
        try:
            if not self._changed.wait_for(lambda: self._is_next(visitor), max(0, until - monotonic())):
                raise Waiting("examiner")
            self._inside.append(visitor)
        finally:
            self.queue.remove(visitor)
            self._changed.notify_all()

    def _is_next(self, visitor: str) -> bool:
        able = [one for one in self.queue if one not in self._inside]
        return len(self._inside) < self._places and able[:1] == [visitor]
