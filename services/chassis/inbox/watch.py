"""The worker's door for Prometheus, and the green thread that reads what its numbers tell."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import eventlet
import sqlalchemy as sa
from eventlet import wsgi
from prometheus_client import REGISTRY

from services.chassis import backlog, metrics
from services.chassis.clock import now
from services.chassis.logging import get_logger
from services.chassis.queues import depths
from services.chassis.settings import Settings

log = get_logger()
LOOK_EVERY_SECONDS, COUNT_EVERY = 5, 12  # every twelfth look counts what needs a whole table or the broker
BROKER_SECONDS = 10
AGAIN_SECONDS = 5


class Watch:
    """What the worker knows of its service's backlog.  ``alive_at``: of the last sign of life, seconds since 1970.

    Until the first reading and the first sign of life, ages count from the process's start: what was never read must
    not look fresh.
    """

    def __init__(self, settings: Settings, source: sa.Engine, states: Callable[[], dict[str, str]]) -> None:
        self._settings, self._engine, self._states = settings, source, states
        self.alive_at = now().timestamp()
        self._seen = backlog.Backlog(read_at=self.alive_at)
        self._apart: tuple[backlog.Pile, backlog.Piles] = (backlog.Pile(), {})
        self._queues: dict[str, int] = {}
        self.queue_names: tuple[str, ...] = ()

    def serve(self) -> None:
        """Answer scrapes until the process ends; a taken port is waited for."""
        REGISTRY.register(metrics.Backlogs(lambda: self._seen, lambda: self.alive_at, self._states))
        while True:
            try:
                door = eventlet.listen((self._settings.metrics_host, self._settings.metrics_port))
                wsgi.server(door, metrics.wsgi_app(), log_output=False)
            except OSError as error:
                log.warning("metrics_not_served", error=type(error).__name__)
            eventlet.sleep(AGAIN_SECONDS)

    def look(self) -> None:
        """Read for ever.  What cannot be read keeps its last number, and the age of the numbers grows."""
        looks = 0
        while True:
            self._try(self._read_backlog)
            if looks % COUNT_EVERY == 0:
                self._try(self._read_apart)
                self._try(self._ask_broker)
            looks += 1
            eventlet.sleep(LOOK_EVERY_SECONDS)

    def _try(self, act: Callable[[], Any]) -> None:
        try:
            act()
        except Exception as error:
            log.info("backlog_unread", error=type(error).__name__)

    def _read_backlog(self) -> None:
        with self._engine.connect() as connection:
            found = backlog.Backlog(**backlog.under_way(connection))
        set_aside, parked = self._apart
        self._seen = replace(found, set_aside=set_aside, kept=found.kept | parked, queues=self._queues)

    def _read_apart(self) -> None:
        with self._engine.connect() as connection:
            self._apart = backlog.apart(connection)

    def _ask_broker(self) -> None:
        with eventlet.Timeout(BROKER_SECONDS, TimeoutError()):
            self._queues = {name: count for name, (count, _) in depths(self._settings, self.queue_names).items()}
