"""Starts what is wanted, each thing as soon as what it needs is ready, and measures it."""

import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from infra.local.program import NotReadyError, Program, Step, StepFailedError
from infra.local.supervising import Supervisor

READY_SECONDS = 90
ASK_AGAIN_SECONDS = 0.1
LOG_LINES = 15

Report = Callable[[str, float], None]
Plan = Mapping[str, Program | Step]


class StartError(Exception):
    """Something did not become ready; the message says what and shows the end of its log."""


@dataclass
class Start:
    """One start of a plan.  ``seconds``: how long each thing took, from its own beginning."""

    plan: Plan
    supervisor: Supervisor
    report: Report
    seconds: dict[str, float] = field(default_factory=dict)
    over: Event = field(default_factory=Event)

    def run(self) -> dict[str, float]:
        """Start everything in the plan.  Raises StartError or StepFailedError at the first failure."""
        futures: dict[str, Future[None]] = {}
        with ThreadPoolExecutor(max_workers=max(len(self.plan), 1)) as pool, self._ended():
            for name in in_order(self.plan):
                before = [futures[other] for other in self.plan[name].after if other in futures]
                futures[name] = pool.submit(self._one, name, before)
            done, _ = wait(futures.values(), return_when=FIRST_EXCEPTION)
        for future in done:
            future.result()
        return self.seconds

    @contextmanager
    def _ended(self) -> Iterator[None]:
        """At a failure or an interruption the others stop waiting."""
        try:
            yield
        finally:
            self.over.set()

    def _one(self, name: str, before: Iterable[Future[None]]) -> None:
        for future in before:
            future.result()
        if self.over.is_set():
            return
        begun = time.monotonic()
        self._bring_up(self.plan[name])
        self.seconds[name] = time.monotonic() - begun
        self.report(name, self.seconds[name])

    def _bring_up(self, item: Program | Step) -> None:
        if isinstance(item, Step):
            self._act(item)
            return
        if self.supervisor.processes()[item.name].gone:
            item.prepare()
            self.supervisor.start(item.name)
        wait_until_ready(item, self.supervisor, self.over)


    def _act(self, step: Step) -> None:
        """Raises StepFailedError for whatever goes wrong: the whole trace is for the log."""
        try:
            step.act()
        except StepFailedError:
            raise
        except Exception as error:
            log = self.supervisor.layout.log / f"{step.name}.log"
            log.write_text(traceback.format_exc())
            raise StepFailedError(f"{step.name} failed ({type(error).__name__}); see {log}") from error


def wait_until_ready(program: Program, supervisor: Supervisor, over: Event | None = None) -> None:
    """Ask the program until it is ready, or until ``over``.  Raises StartError when it ends or takes too long."""
    deadline = time.monotonic() + READY_SECONDS
    over = over or Event()
    while not over.is_set():
        try:
            program.ready()
            return
        except NotReadyError as not_ready:
            reason = str(not_ready)
        known = supervisor.processes().get(program.name)
        if known is None or known.gone or time.monotonic() > deadline:
            state = known.state if known else "unknown"
            log = supervisor.layout.log / f"{program.name}.log"
            raise StartError(f"{program.name} is not ready ({state}; {reason}). {log} ends with:\n{_tail(log)}")
        over.wait(ASK_AGAIN_SECONDS)


def in_order(plan: Plan) -> list[str]:
    """Names of the plan, each after what it needs."""
    ordered: dict[str, None] = {}

    def add(name: str) -> None:
        for other in plan[name].after:
            if other in plan and other not in ordered:
                add(other)
        ordered[name] = None

    for name in plan:
        add(name)
    return list(ordered)


def chosen(everything: Plan, names: Iterable[str]) -> Plan:
    """The part of the plan that these names need, with the steps attached to their programs."""
    wanted: dict[str, None] = {}

    def want(name: str) -> None:
        if name in wanted:
            return
        wanted[name] = None
        for other in everything[name].after:
            if other in everything:
                want(other)
        for item in everything.values():
            if isinstance(item, Step) and item.attached_to == name:
                want(item.name)

    for name in names:
        want(name)
    return {name: everything[name] for name in everything if name in wanted}


def _tail(path: Path) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-LOG_LINES:])
    except OSError:
        return "(no log)"
