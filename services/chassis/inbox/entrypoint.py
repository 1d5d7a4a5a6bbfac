"""nameko's side of hearing.  Stock nameko 2.14.1 loses or repeats messages; each method says what it cures."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import eventlet
from amqp.exceptions import AMQPError
from kombu import Queue
from kombu.exceptions import KombuError
from nameko.exceptions import ContainerBeingKilled
from nameko.messaging import Consumer, QueueConsumer

from services.chassis import metrics
from services.chassis.inbox.reception import envelope_of
from services.chassis.logging import get_logger
from services.chassis.relay import publish_later
from services.messages import DecodingError, Fact

log = get_logger()
Method = Callable[..., None]


class SafeQueueConsumer(QueueConsumer):  # type: ignore[misc]
    """Consumes until every message in hand is settled."""

    def __init__(self) -> None:
        super().__init__()
        self._in_hand = 0

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """Undecodable: to the dead letters.  Stock: acknowledged and gone."""
        log.error("message_undecodable", error=type(exc).__name__)
        message.reject(requeue=False)

    def handle_message(self, provider: Any, body: Any, message: Any) -> None:
        """Count what is in hand, so that the connection stays open until it is settled."""
        self._in_hand += 1
        super().handle_message(provider, body, message)

    def settle(self, settling: Callable[[], None]) -> None:
        """Acknowledge or reject.  On a dead connection the broker gives the message again; stock: the process dies."""
        try:
            settling()
        except (AMQPError, KombuError, OSError, AttributeError) as error:
            log.warning("message_not_settled", error=type(error).__name__)
        finally:
            self._in_hand -= 1

    def on_iteration(self) -> None:
        """End only when nothing is in hand.  Stock: handlers finish after SIGTERM but are never acknowledged."""
        self._cancel_consumers_if_requested()
        if not self._consumers and self._in_hand <= 0:
            self.should_stop = True


class Hearing(Consumer):  # type: ignore[misc]
    """One queue of one fact.  The queue is declared by infra/rabbitmq before the service starts."""

    queue_consumer = SafeQueueConsumer()

    def __init__(self, fact: type[Fact], sender: str, **options: Any) -> None:
        self.fact, self.sender = fact, sender
        super().__init__(queue=None, **options)

    def setup(self) -> None:
        """The queue's name is wire: ``<service>.<sender>.<fact>.v<n>``."""
        name = queue_name(self.container.service_name, self.sender, self.fact)
        self.queue = Queue(name, no_declare=True)
        super().setup()

    def handle_message(self, body: Any, message: Any) -> None:
        """Run the handler in a worker.  What is no message of ours is dead at once."""
        try:
            envelope = envelope_of(body)
        except DecodingError as error:
            log.error("message_undecodable", error=str(error))
            self.queue_consumer.settle(partial(message.reject, requeue=False))
            return
        try:
            self.container.spawn_worker(
                self, (envelope,), {}, context_data={}, handle_result=partial(self.handle_result, message)
            )
        except ContainerBeingKilled:
            self.queue_consumer.settle(message.requeue)

    def handle_message_processed(self, message: Any, result: Any = None, exc_info: Any = None) -> None:  # noqa: ARG002
        """Acknowledge after the commit.  Only an outage of our own database ends here with an error: then the message
        goes round by the retry queue, uncounted.
        """
        if exc_info is None:
            self.queue_consumer.settle(message.ack)
        else:
            metrics.handled(self.fact.routing_key(), "database_down")
            log.warning("waiting_for_database", error=exc_info[0].__name__)
            self.queue_consumer.settle(partial(self._later, message))

    def _later(self, message: Any) -> None:
        body = message.body if isinstance(message.body, str) else bytes(message.body).decode()
        message_id = str(message.properties.get("message_id", ""))
        publish_later(self.container.config["settings"], self.queue.name, message_id, body)
        message.ack()


def queue_name(service: str, sender: str, fact: type[Fact]) -> str:
    """The queue in which ``service`` finds ``fact`` as ``sender`` said it."""
    return f"{service}.{sender}.{fact.routing_key()}"


def hears(fact: type[Fact], *senders: str) -> Callable[[Method], Method]:
    """Make a method of a Worker hear ``fact``.  ``senders``: only for facts that every service says.

    The method gets (fact, work); its work is committed with the message's id, then the message is acknowledged.
    """

    def register(method: Method) -> Method:
        @wraps(method)
        def handle(self: Any, envelope: Any, kept: bool = False) -> None:
            inbox = self.house.inbox
            with eventlet.Timeout(self.longest_seconds, TimeoutError()):
                (inbox.retry if kept else inbox.receive)(envelope, fact, partial(method, self))

        handle.heard = [(fact, sender) for sender in senders or (fact.sender,)]  # type: ignore[attr-defined]
        for sender in senders or (fact.sender,):
            Hearing.decorator(fact, sender)(handle)
        return handle

    return register
