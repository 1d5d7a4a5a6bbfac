"""``python -m services.chassis.worker_process SERVICE``: one service's worker, on nameko and eventlet.

The framework is entered here and in ``inbox`` only: eventlet is deprecated, and must be replaceable in a week.
"""

import os

if __name__ == "__main__":
    # Before anything else is imported: psycopg's own wait would block every green thread.
    os.environ["PSYCOPG_WAIT_FUNC"] = "wait_select"
    import eventlet

    eventlet.monkey_patch()

import importlib
import signal
import sys
from pathlib import Path
from typing import Any

# A broker that is silent for two of them is taken for dead.
HEARTBEAT_SECONDS = 5
# What is still in hand then waits for a server that is away.  Whoever started us would kill us two seconds later.
LONGEST_STOP_SECONDS = 8


def main(service: str) -> None:
    """Run one service's worker until SIGTERM or SIGINT."""
    from services.chassis.inbox.worker import Worker

    settings = importlib.import_module(f"services.{service}.settings").load()
    module = importlib.import_module(f"services.{service}.worker")
    (worker,) = [
        found for found in vars(module).values() if isinstance(found, type) and issubclass(found, Worker) and found.name
    ]
    serve(worker, settings, Path(module.__file__ or "").with_name("config.yaml"))


def serve(worker: type, settings: Any, config_file: Path) -> None:
    """Run ``worker`` until SIGTERM or SIGINT; then finish what is in hand, acknowledge it and end."""
    import yaml
    from nameko.runners import ServiceRunner

    from services.chassis import logging

    logging.configure(settings.service, "worker")
    config = (yaml.safe_load(config_file.read_text()) or {}) | {
        "AMQP_URI": settings.amqp_uri,
        "HEARTBEAT": HEARTBEAT_SECONDS,
        "SERVICE_CONTAINER_CLS": "services.chassis.inbox.container.SafeContainer",
        "settings": settings,
    }
    runner = ServiceRunner(config)
    runner.add_service(worker)
    _run(runner)
    logging.get_logger().info("worker_stopped")


def _run(runner: Any) -> None:
    import eventlet

    stopping = eventlet.event.Event()

    def stop(*_: object) -> None:
        # A signal handler may not wait: the main green thread does the stopping.
        if not stopping.ready():
            stopping.send()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    starting = eventlet.spawn(runner.start)
    died = eventlet.spawn(runner.wait)
    died.link(lambda _: stop())
    _wait(stopping)
    eventlet.spawn_after(LONGEST_STOP_SECONDS, _end_at_once)
    starting.cancel()
    runner.stop()
    died.wait()


def _end_at_once() -> None:
    """As a kill would: nothing was committed, so the broker gives it again."""
    from services.chassis import logging

    logging.get_logger().warning("worker_stopped_with_work_in_hand")
    os._exit(0)


def _wait(event: Any) -> None:
    """Wait for an event although a signal interrupts the hub's own waiting."""
    while True:
        try:
            event.wait()
            return
        except OSError:
            continue


if __name__ == "__main__":
    main(sys.argv[1])
