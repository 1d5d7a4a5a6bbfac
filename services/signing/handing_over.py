"""Handing a job's arguments to another process without a pipe.

A pipe holds 64 KiB, and a contract's PDF is larger.  The worker's green threads share one thread: while it writes into
a full pipe it takes no result, and a press that cannot give its result away reads no order.
"""

import io
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def handed_over(arguments: tuple[Any, ...]) -> Iterator[str]:
    """A path of this process' memory (memfd_create(2)): nothing of it outlives the worker."""
    memory = os.memfd_create("todoke-press")
    with io.FileIO(memory, "w") as file:
        file.write(pickle.dumps(arguments))
        yield f"/proc/{os.getpid()}/fd/{memory}"


def taken_over(path: str) -> tuple[Any, ...]:
    """What was handed over, in the other process."""
    arguments: tuple[Any, ...] = pickle.loads(Path(path).read_bytes())  # noqa: S301 - our own worker has written it
    return arguments
