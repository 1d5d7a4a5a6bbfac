"""A service's worker: its house (database, store, relay, inbox) and the class that its handlers live in."""

from typing import Any, ClassVar

import eventlet
import sqlalchemy as sa
from nameko.extensions import DependencyProvider

from services.chassis import delays, health
from services.chassis.clock import now
from services.chassis.database import Work, engine
from services.chassis.inbox.entrypoint import Hearing, hears
from services.chassis.inbox.reception import Inbox
from services.chassis.inbox.watch import Watch
from services.chassis.logging import get_logger
from services.chassis.objects import Objects
from services.chassis.relay import Relay
from services.chassis.settings import Settings
from services.chassis.storekeeper import Storekeeper
from services.messages import RetryRequested

log = get_logger()
KEPT_EVERY_SECONDS, ALIVE_EVERY_SECONDS = 0.5, 5


class House(DependencyProvider):  # type: ignore[misc]
    """What all handlers of one worker share, and the green threads that run beside them."""

    settings: Settings
    engine: sa.Engine
    objects: Objects
    inbox: Inbox

    def setup(self) -> None:
        """Build everything; nothing is connected to yet."""
        self.settings = self.container.config["settings"]
        self.engine = engine(self.settings)
        self.objects = Objects.of(self.settings)
        self.inbox = Inbox(self.engine, self.settings.service)
        self.relay = Relay(self.settings)
        self.storekeeper = Storekeeper(self.settings, self.engine, self.objects)
        self.watch = Watch(self.settings, self.engine, self._states)
        self._stopping = False
        self._threads: list[Any] = []

    def start(self) -> None:
        """Start the relay, the storekeeper, the round of kept messages and the sign of life."""
        for act in (self.relay.run, self.storekeeper.run, self._go_round, self._live):
            self._threads.append(self.container.spawn_managed_thread(act))
        if self.settings.metrics_port:
            self._watch()

    def stop(self) -> None:
        """End each thread after what it has in hand."""
        self._stopping = True
        self.relay.stop()
        self.storekeeper.stop()
        for thread in self._threads:
            thread.wait()
        self.engine.dispose()

    def get_dependency(self, worker_ctx: Any) -> "House":  # noqa: ARG002
        """Every handler sees the same house."""
        return self

    def _watch(self) -> None:
        """The container ends these two when all else has ended: they have nothing in hand."""
        service = self.settings.service
        heard = sorted(one.queue.name for one in self.container.entrypoints if isinstance(one, Hearing))
        self.watch.queue_names = (*heard, f"{service}.retry", f"{service}.dead")
        self.container.spawn_managed_thread(self.watch.look)
        self.container.spawn_managed_thread(self.watch.serve)

    def _states(self) -> dict[str, str]:
        return {"relay": self.relay.state, "store": self.storekeeper.state}

    def _go_round(self) -> None:
        """Try kept messages again when their time has come."""
        while not self._stopping:
            try:
                for envelope in self.inbox.due():
                    self._try_again(envelope)
            except Exception as error:
                log.warning("kept_messages_unread", error=type(error).__name__)
            eventlet.sleep(KEPT_EVERY_SECONDS)

    def _try_again(self, envelope: Any) -> None:
        for entrypoint in self.container.entrypoints:
            if isinstance(entrypoint, Hearing) and envelope.type == entrypoint.fact.type(entrypoint.sender):
                self.container.spawn_worker(entrypoint, (envelope,), {"kept": True}, context_data={})
                return
        log.error("kept_message_unheard", fact=envelope.type, message_id=str(envelope.id))

    def _live(self) -> None:
        """Say every few seconds that this process lives, and what it has long been waiting for."""
        while not self._stopping:
            try:
                with self.engine.begin() as connection:
                    health.sign(connection, "worker", self._states())
                self.watch.alive_at = now().timestamp()
                delays.tell(self.engine, self.settings.service)
            except Exception as error:
                log.warning("no_sign_of_life", error=type(error).__name__)
            for _ in range(ALIVE_EVERY_SECONDS * 2):
                if not self._stopping:
                    eventlet.sleep(0.5)


class Tool(DependencyProvider):  # type: ignore[misc]
    """Something that one service's worker has beside its house: set up, started and stopped with it.

    Handlers find what ``of`` gives.
    """

    def of(self) -> Any:
        """What the handlers use."""
        return self

    def get_dependency(self, worker_ctx: Any) -> Any:  # noqa: ARG002
        """Every handler uses the same."""
        return self.of()


class Worker:
    """Base of each service's worker: parse -> use case, nothing else."""

    name: ClassVar[str] = ""
    longest_seconds: ClassVar[int] = 60
    house = House()

    @property
    def settings(self) -> Any:
        """The settings of this service."""
        return self.house.settings

    @property
    def objects(self) -> Objects:
        """The document store."""
        return self.house.objects

    @hears(RetryRequested)
    def on_retry_requested(self, fact: RetryRequested, work: Work) -> None:
        """A person has asked for a parked message to be handled again."""
        if fact.service == self.name:
            self.house.inbox.release(fact.parking_id, work.connection)
