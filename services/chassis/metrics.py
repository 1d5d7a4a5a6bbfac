"""What Prometheus may know of a process: counts, times and ages; no person, no case, and few values for each label.

Whoever does the work counts it here; ``serve`` opens the door of a process with threads of its own (a worker opens its
door in ``inbox.watch``).  The names are on dashboards and in alert rules: infra/prometheus.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from prometheus_client import (
    REGISTRY,
    Counter,
    Histogram,
    disable_created_metrics,
    make_wsgi_app,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from services.chassis.logging import get_logger

if TYPE_CHECKING:  # the press counts too, and has no use for a database's library
    from services.chassis.backlog import Backlog, Pile
    from services.chassis.settings import Settings

__all__ = [
    "Backlogs",
    "answered",
    "handled",
    "preserved",
    "published",
    "replaced",
    "serve",
    "stored",
    "took_effect",
    "wsgi_app",
]
disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each counter, which nobody looks at
log = get_logger()
Values = Mapping[tuple[str, ...], float]
AGAIN_SECONDS = 5.0
NO_PAGE = "none"  # an address that is no page of ours
HOP_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 86400)
PAGE_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

_REQUESTS = Counter("todoke_requests", "Answers by page and HTTP status.", ["page", "status"])
_REQUEST_SECONDS = Histogram("todoke_request_seconds", "From request to answer.", ["page"], buckets=PAGE_BUCKETS)
_HANDLED = Counter(
    "todoke_facts_handled",
    "Facts by what became of them: done, known (came again), held, waiting, failing, parked, database_down.",
    ["fact", "outcome"],
)
_HOP = Histogram("todoke_hop_seconds", "From saying a fact to its effect's commit here.", ["fact"], buckets=HOP_BUCKETS)
_PUBLISHED = Counter("todoke_facts_published", "Facts that the broker has confirmed.", ["fact"])
_STORED = Counter("todoke_documents_stored", "Documents carried from the database to the sites.")
_PRESERVED = Counter("todoke_documents_preserved", "Archive timestamps: newest, or refused.", ["state"])
_REPLACED = Counter("todoke_processes_replaced", "Processes beside a worker that died and were replaced.", ["kind"])


def answered(page: str | None, status: int, seconds: float) -> None:
    """A request was answered.  ``page``: Flask's endpoint."""
    _REQUESTS.labels(page or NO_PAGE, status).inc()
    _REQUEST_SECONDS.labels(page or NO_PAGE).observe(seconds)


def handled(fact: str, outcome: str) -> None:
    """A fact came.  ``fact``: its routing key."""
    _HANDLED.labels(fact, outcome).inc()


def took_effect(fact: str, seconds: float) -> None:
    """A fact's effect is committed, ``seconds`` after it was said."""
    _HOP.labels(fact).observe(seconds)


def published(fact: str) -> None:
    """The broker has confirmed a fact."""
    _PUBLISHED.labels(fact).inc()


def stored() -> None:
    """A document has left the database for the sites."""
    _STORED.inc()


def preserved(state: str) -> None:
    """A signed document has a newer archive timestamp, or was refused one."""
    _PRESERVED.labels(state).inc()


def replaced(kind: str) -> None:
    """A process beside the worker died and another takes its place."""
    _REPLACED.labels(kind).inc()


def wsgi_app() -> Callable[..., object]:
    """The page ``/metrics``."""
    return make_wsgi_app(REGISTRY, disable_compression=True)


def serve(settings: "Settings") -> None:
    """Serve in a thread of this process, if it has a port for that; a taken port is waited for."""
    if settings.metrics_port:
        threading.Thread(target=_open_door, args=(settings,), daemon=True).start()


def _open_door(settings: "Settings") -> None:
    while True:
        try:
            start_http_server(settings.metrics_port, settings.metrics_host)
            return
        except OSError as error:
            log.warning("metrics_not_served", error=type(error).__name__)
            time.sleep(AGAIN_SECONDS)


class Backlogs(Collector):
    """What waits in one service, as its worker last saw it.  A scrape asks no server: it is answered whatever is down.

    ``backlog`` and ``alive`` give what was last read; ``states`` the state of each green thread by name.
    """

    def __init__(
        self,
        backlog: "Callable[[], Backlog]",
        alive: Callable[[], float],
        states: Callable[[], dict[str, str]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._backlog, self._alive, self._states, self._clock = backlog, alive, states, clock

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges, with ages as of now."""
        seen = self._backlog()
        yield self._age("todoke_sign_of_life_age_seconds", "Since the worker last said that it lives.", self._alive())
        yield self._age("todoke_backlog_age_seconds", "Since these numbers were read.", seen.read_at)
        yield from self._pile("todoke_outbox_unpublished", "Facts said and not yet published.", seen.unpublished)
        yield from self._pile("todoke_outbox_set_aside", "Facts that the broker refused.", seen.set_aside)
        yield from self._pile("todoke_documents_unstored", "Documents on no site yet.", seen.unstored)
        yield from self._piles("todoke_repair_debts", "Copies that a site lacks.", ("site",), seen.debts)
        yield from self._piles("todoke_inbox_kept", "Facts not yet applied.", ("state", "reason"), seen.kept)
        yield _gauge("todoke_queue_messages", "In the broker.", ("queue",), {(n,): c for n, c in seen.queues.items()})
        states: Values = {each: 1.0 for each in self._states().items()}  # noqa: C420 - fromkeys has a narrower type
        yield _gauge("todoke_thread_state", "1 for the state that the thread is in.", ("thread", "state"), states)

    def _pile(self, name: str, text: str, pile: "Pile") -> Iterator[GaugeMetricFamily]:
        return self._piles(name, text, (), {(): pile})

    def _piles(
        self, name: str, text: str, labels: tuple[str, ...], piles: "Mapping[tuple[str, ...], Pile]"
    ) -> Iterator[GaugeMetricFamily]:
        yield _gauge(name, text, labels, {key: pile.count for key, pile in piles.items()})
        ages = {key: self._since(pile.oldest) if pile.oldest else 0.0 for key, pile in piles.items()}
        yield _gauge(f"{name}_oldest_seconds", f"{text}  Age of the oldest.", labels, ages)

    def _age(self, name: str, text: str, since: float) -> GaugeMetricFamily:
        return _gauge(name, text, (), {(): self._since(since)})

    def _since(self, moment: float) -> float:
        """Seconds."""
        return max(0.0, self._clock() - moment)


def _gauge(name: str, text: str, labels: tuple[str, ...], values: Values) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family
