"""The running instance as one object: for the command line, the console and the tests."""

import json
import os
import shutil
import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from infra.local import credentials, leftovers, listeners, postgres, programs, starting
from infra.local.layout import REPOSITORY, Layout, PortsInUseError, remembered_ports
from infra.local.program import Program, Step
from infra.local.starting import Report, StartError
from infra.local.supervising import ProcessState, Supervisor
from infra.local.turns import start_turn, stop_turn

SERVERS_LAST = ("site-a", "site-b", "postgres", "rabbitmq", "epmd")


def silent(name: str, seconds: float) -> None:
    """A report that nobody reads."""


class System:
    """One instance: start it, look at it, break parts of it, stop it."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.supervisor = Supervisor(layout)

    @cached_property
    def secrets(self) -> Mapping[str, str]:
        """All credentials of this instance."""
        return credentials.load_or_make(self.layout.state / "secrets.json")

    @cached_property
    def plan(self) -> starting.Plan:
        """Every program and step, by name."""
        return programs.plan(self.layout, self.secrets)

    def start(self, only: Iterable[str] = (), report: Report = silent) -> dict[str, float]:
        """Start everything, or what ``only`` names with what that needs; harmless when it runs already.

        Returns the seconds each took.  Raises BusyError, PortTakenError, PortsInUseError, StartError, StepFailedError.
        """
        self.layout.make_directories()
        with start_turn(self.layout):
            return self._start(only, report)

    def stop(self) -> int:
        """Stop everything, clients before servers, whatever is left of it; how many processes there were."""
        if not self.layout.state.exists():
            return leftovers.end(self.layout)
        with stop_turn(self.layout):
            return self._stop()

    def remove(self) -> None:
        """Stop, and remove all state, also of instances that live in this one's directory.

        Raises NotAnInstanceError.
        """
        self.layout.require_own_state()
        for secrets in self.layout.state.glob("*/secrets.json"):
            System(Layout(secrets.parent)).remove()
        self.stop()
        postgres.remove(self.layout)
        shutil.rmtree(self.layout.sockets, ignore_errors=True)
        shutil.rmtree(self.layout.state, ignore_errors=True)

    def runs(self, name: str = "") -> bool:
        """Whether the instance runs, or one program of it."""
        if not name:
            return self.supervisor.runs()
        known = self.processes().get(name)
        return known is not None and known.alive

    def processes(self) -> dict[str, ProcessState]:
        """Every program that supervisor knows."""
        return self.supervisor.processes()

    def missing(self) -> list[str]:
        """Programs that should run and do not."""
        known = self.processes()
        return [
            name
            for name, item in self.plan.items()
            if isinstance(item, Program) and (name not in known or not known[name].alive)
        ]

    def pid(self, name: str) -> int:
        """Of a running program, else 0."""
        return self.processes()[name].pid

    def kill(self, name: str, *, with_children: bool = False) -> int:
        """End a program at once (SIGKILL), as a crash does; supervisor starts it again.  The pid it had, else 0."""
        pid = self.pid(name)
        if pid:  # 0 would be ourselves
            (os.killpg if with_children else os.kill)(pid, signal.SIGKILL)
        return pid

    def stop_program(self, name: str) -> None:
        """Stop a program; it stays down until ``start_program``."""
        self.supervisor.stop(name)

    def stop_own_programs(self) -> None:
        """Stop what runs the repository's own code; servers go on."""
        own = {name for name, item in self.plan.items() if isinstance(item, Program) and item.directory != "/"}
        self._stop_together(own.intersection(self._running()))

    def start_program(self, name: str) -> None:
        """Start a program and wait until it is ready."""
        self.supervisor.start(name)
        self.wait_until_ready(name)

    def wait_until_ready(self, name: str) -> None:
        """Until the program does its work.  Raises StartError."""
        starting.wait_until_ready(self._program(name), self.supervisor)

    def exposed(self) -> list[listeners.Listener]:
        """Sockets of this instance that listen beyond this machine; must be empty."""
        return listeners.exposed(leftovers.of(self.layout))

    def environment(self, service: str) -> dict[str, str]:
        """The settings of a service, as its processes read them."""
        return programs.settings(self.layout, self.secrets, service)

    def admin_database_url(self, database: str = "postgres") -> str:
        """The superuser's, in libpq form."""
        return postgres.admin_url(self.layout, self.secrets, database)

    def as_document(self) -> dict[str, Any]:
        """For ``status-json``."""
        known = self.processes()
        return {
            "url": self.layout.url,
            "state_dir": str(self.layout.state),
            "running": bool(known),
            "processes": [vars(one) for one in known.values()],
        }

    def _start(self, only: Iterable[str], report: Report) -> dict[str, float]:
        self._require_own_ports()
        if self.supervisor.runs():
            leftovers.end_strays(self.layout)
        else:
            leftovers.end(self.layout)
        plan = starting.chosen(self.plan, {*only, *self._running()} if only else self.plan)
        listeners.require_free(self._ports_of_stopped(plan))
        self.layout.remember_ports()
        programs.write_settings(self.layout, self.secrets)
        self.supervisor.launch(item for item in self.plan.values() if isinstance(item, Program))
        return starting.Start(plan, self.supervisor, report).run()

    def _stop(self) -> int:
        running = self._running()
        if self.supervisor.runs():
            clients = [name for name in running if name not in SERVERS_LAST]
            self._stop_together(clients)
            self._stop_together(name for name in running if name in SERVERS_LAST)
            self.supervisor.shut_down()
            self._wait_for_the_end()
        return len(running) + leftovers.end(self.layout)

    def _running(self) -> list[str]:
        return [one.name for one in self.processes().values() if not one.gone]

    def _program(self, name: str) -> Program:
        item = self.plan[name]
        if isinstance(item, Step):
            raise StartError(f"{name} is a step, not a program")
        return item

    def _require_own_ports(self) -> None:
        known = remembered_ports(self.layout.state)
        mine = {"port": self.layout.port, "base": self.layout.base}
        if known and known != mine and self.supervisor.runs():
            raise PortsInUseError(f"already running with PORT={known['port']} BASE={known['base']}: make down first")

    def _ports_of_stopped(self, plan: starting.Plan) -> set[int]:
        known = self.processes()
        alive = {name for name, one in known.items() if not one.gone}
        stopped = [item for name, item in plan.items() if isinstance(item, Program) and name not in alive]
        return {port for item in stopped for port in item.ports}

    def _stop_together(self, names: Iterable[str]) -> None:
        with ThreadPoolExecutor(max_workers=32) as pool:
            list(pool.map(self.supervisor.stop, names))

    def _wait_for_the_end(self) -> None:
        deadline = time.monotonic() + leftovers.PATIENCE
        while leftovers.of(self.layout) and time.monotonic() < deadline:
            time.sleep(0.1)


@contextmanager
def running(
    state: Path | str, port: int, base: int, only: Iterable[str] = (), *, detour: int = 0
) -> Iterator[System]:
    """An instance for tests: started, or found running with perhaps older code, and left running only if it was found.

    What a killed test run left behind was not found but is its own.
    """
    system = System(Layout((REPOSITORY / state).resolve(), port, base, detour))
    system.layout.make_directories()
    mark = system.layout.run / "made-for-tests"
    if system.runs():
        system.stop_own_programs()
    else:
        mark.touch()
        for log in system.layout.log.glob("*.log"):
            log.unlink()
    system.start(only)
    try:
        yield system
    finally:
        if mark.exists():
            system.stop()
            mark.unlink()


def dump(system: System) -> str:
    """``as_document`` as text."""
    return json.dumps(system.as_document(), ensure_ascii=False, indent=1)
