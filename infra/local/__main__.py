"""``python -m infra.local up|down|clean|status-json|provision``: what the Makefile calls."""

import argparse
import signal
import sys
import time

from infra.local import rabbitmq
from infra.local.layout import Layout, NotAnInstanceError, PortsInUseError
from infra.local.listeners import PortTakenError
from infra.local.postgres import NoPostgresError
from infra.local.program import StepFailedError
from infra.local.rabbitmq import NoRabbitError
from infra.local.sites import NoSiteServerError
from infra.local.starting import StartError
from infra.local.supervising import SupervisorError
from infra.local.system import System, dump
from infra.local.turns import BusyError

EXPECTED = (
    PortTakenError,
    PortsInUseError,
    StartError,
    StepFailedError,
    SupervisorError,
    BusyError,
    NotAnInstanceError,
    NoPostgresError,
    NoRabbitError,
    NoSiteServerError,
)
INTERRUPTED = 130


def main() -> int:
    """Run one command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.local")
    parser.add_argument("command", choices=["up", "down", "clean", "status-json", "provision"])
    parser.add_argument("--only", default="", help="comma separated names of programs; with what they need")
    arguments = parser.parse_args()
    # A shell starts what runs in its background with this signal ignored, and a stop must end a start all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    system = System(Layout.of_environment())
    try:
        return _run(arguments.command, system, [name for name in arguments.only.split(",") if name])
    except EXPECTED as error:
        print(f"todoke: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("todoke: interrupted; make down stops what was started", file=sys.stderr)
        return INTERRUPTED


def _run(command: str, system: System, only: list[str]) -> int:
    if command == "up":
        return _up(system, only)
    if command == "down":
        return _down(system)
    if command == "clean":
        system.remove()
        print(f"removed {system.layout.state}")
        return 0
    if command == "provision":
        rabbitmq.import_definitions(system.layout, system.secrets)
        return 0
    print(dump(system))
    return 0


def _up(system: System, only: list[str]) -> int:
    if not only and system.runs() and not system.missing():
        print(f"already running at {system.layout.url} (make down stops it)")
        return 0
    begun = time.monotonic()
    print(f"starting in {system.layout.state}")
    system.start(only, report=lambda name, seconds: print(f"  {name:<18} {seconds:5.1f} s", flush=True))
    exposed = system.exposed()
    if exposed:
        raise StartError(f"listening beyond this machine: {', '.join(f'{one.port} {one.holder}' for one in exposed)}")
    print(f"ready in {time.monotonic() - begun:.1f} s: {system.layout.url}")
    return 0


def _down(system: System) -> int:
    begun = time.monotonic()
    stopped = system.stop()
    print(f"stopped {stopped} processes in {time.monotonic() - begun:.1f} s" if stopped else "nothing was running")
    return 0


if __name__ == "__main__":
    sys.exit(main())
