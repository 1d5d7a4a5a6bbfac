"""Showing the journey's steps as they happen: who, what, when, how long."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from rich.console import Console

from services.chassis.clock import TOKYO, now

T = TypeVar("T")


@dataclass
class Steps:
    """Prints each step when it ends and keeps its seconds."""

    console: Console
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, key: str, who: str, what: str) -> Iterator[None]:
        """One act of one person, or of the system."""
        began = time.monotonic()
        yield
        took = self.seconds[key] = round(time.monotonic() - began, 3)
        at = now().astimezone(TOKYO).strftime("%H:%M:%S")
        self.console.print(f"  {at}  [bold]{who}[/bold]  {what}  [dim]{took:.2f} s[/dim]", highlight=False)


class TooLateError(Exception):
    """Something that must come did not come in time."""


def until(found: Callable[[], T | None], what: str, seconds: float = 60) -> T:
    """Look again and again, as a person reloads a page.  Raises TooLateError naming ``what``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = found()
        if answer is not None:
            return answer
        time.sleep(0.2)
    raise TooLateError(f"{what}: not within {seconds:.0f} s")
