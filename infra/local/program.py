"""What the launcher starts, in which order, and how it knows that a thing is ready."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


class NotReadyError(Exception):
    """A probe's answer: not yet.  Transient."""


class StepFailedError(Exception):
    """A step did not do its work; the message says where to look."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something done once per start.  ``after``: names of what must be ready before.

    ``attached_to``: this step runs whenever that program is started.
    """

    name: str
    act: Callable[[], None]
    after: tuple[str, ...] = ()
    attached_to: str = ""


@dataclass(frozen=True, kw_only=True)
class Program:
    """A process that supervisor watches.

    ``ready``: returns when the program does its work, raises NotReadyError until then.  ``prepare``: run before the
    start.  ``user``: the system user it runs as, if not ours.  ``whole_group``: its children are stopped with it.
    """

    name: str
    command: tuple[str, ...]
    ready: Callable[[], None]
    prepare: Callable[[], None] = lambda: None
    environment: Mapping[str, str] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    user: str = ""
    directory: str = "/"
    stop_signal: str = "TERM"
    stop_seconds: int = 8
    whole_group: bool = False
    ports: tuple[int, ...] = ()
