"""nameko's side of hearing.  Stock nameko 2.14.1 loses or repeats messages; each method says what it cures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from services.chassis.relay import cut, publish_later
from services.messages import DecodingError, Fact

log = get_logger()
LONGEST_PAUSE_SECONDS, CANCEL_SECONDS, PUT_AWAY_AGAIN_SECONDS = 5, 2, 2
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

    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        """Stock: pauses between tries grow to half a minute; and a connection whose broker hangs is closed politely,
        which waits for an answer for ever, so that the worker never connects again.
        """
        connection = self.create_connection()
        try:
            connection.ensure_connection(
                self.on_connection_error,
                interval_start=1,
                interval_step=1,
                interval_max=LONGEST_PAUSE_SECONDS,
                reraise_as_library_errors=False,  # ours of ``on_connection_error`` must stay what kombu's mixin knows
            )
            yield connection
            with eventlet.Timeout(CANCEL_SECONDS, TimeoutError("the broker does not confirm")):
                connection.release()
        finally:
            cut(connection)

    def on_connection_error(self, exc: Exception, interval: float) -> None:  # noqa: ARG002 - kombu gives it
        """Wait for the broker, unless the worker is to stop.  Stock: it then waits for the broker for ever."""
        log.warning("waiting_for_broker", error=type(exc).__name__)
        if self._pending_remove_providers:
            self._forget_consumers(list(self._pending_remove_providers))
            self.should_stop = True
            raise ConnectionAbortedError from exc

    def _cancel_consumers_if_requested(self) -> None:
        """Stock: a broker that hangs never confirms, and the worker never stops."""
        leaving = list(self._pending_remove_providers)
        try:
            with eventlet.Timeout(CANCEL_SECONDS, TimeoutError("the broker does not confirm")):
                for provider in leaving:
                    self._consumers[provider].cancel()
        except (AMQPError, KombuError, OSError):
            self.should_stop = True
            raise
        finally:
            self._forget_consumers(leaving)

    def _forget_consumers(self, leaving: list[Any]) -> None:
        for provider in leaving:
            self._consumers.pop(provider, None)
            self._pending_remove_providers.pop(provider).send()

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
        """Put the message away.  While the broker does not take it, keep it in hand: given back, it would be counted
        and come again at once; let go, nobody would handle it as long as the connection lives.
        """
        body = message.body if isinstance(message.body, str) else bytes(message.body).decode()
        message_id = str(message.properties.get("message_id", ""))
        while message.channel.connection is not None:
            try:
                publish_later(self.container.config["settings"], self.queue.name, message_id, body)
                break
            except (AMQPError, KombuError, OSError) as error:
                log.warning("message_not_put_away", error=type(error).__name__)
                eventlet.sleep(PUT_AWAY_AGAIN_SECONDS)
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
