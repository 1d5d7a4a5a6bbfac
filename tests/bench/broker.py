"""What plain kombu takes from publish to consume, on the same broker: the reference for our hops."""

import threading
import time
import uuid
from collections.abc import Callable

from kombu import Connection, Consumer, Exchange, Producer, Queue

from infra.local.layout import HOST
from infra.local.system import System
from infra.rabbitmq.definitions import ADMIN, VHOST

BODY = "x" * 900  # about what an envelope weighs
DRAIN_SECONDS, LONGEST_SECONDS = 0.5, 30


class Reference:
    """One queue with a consumer of its own; messages are persistent and acknowledged.

    ``kind``: quorum, as all of ours are, or classic.
    """

    def __init__(self, system: System, kind: str) -> None:
        secret = system.secrets["rabbitmq/admin"]
        self._url = f"amqp://{ADMIN}:{secret}@{HOST}:{system.layout.at('amqp')}/{VHOST}"
        name = f"bench.{kind}.{uuid.uuid4().hex[:8]}"
        exchange = Exchange(name, type="direct", durable=True)
        self._queue = Queue(name, exchange, name, durable=True, queue_arguments={"x-queue-type": kind})
        self._came, self._over = threading.Event(), threading.Event()
        self._came_at = 0.0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._consume, daemon=True)

    def __enter__(self) -> "Reference":
        self._thread.start()
        self._ready.wait(LONGEST_SECONDS)
        self._connection = Connection(self._url)
        self._producer = Producer(self._connection.channel(), self._queue.exchange, self._queue.routing_key)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._connection.close()

    def measure(self, count: int) -> list[float]:
        """Seconds from the publish of each of ``count`` messages to its consumer's callback, one after the other."""
        return [self._once() for _ in range(count)]

    def _once(self) -> float:
        self._came.clear()
        begun = time.perf_counter()
        self._producer.publish(BODY, delivery_mode=2)
        if not self._came.wait(LONGEST_SECONDS):
            raise AssertionError("the broker lost a message")
        return self._came_at - begun

    def _consume(self) -> None:
        with Connection(self._url) as connection:
            channel = connection.channel()
            with Consumer(channel, [self._queue], callbacks=[self._on_message], prefetch_count=10):
                self._ready.set()
                while not self._over.is_set():
                    drain(connection)
            self._queue(channel).delete()
            self._queue.exchange(channel).delete()

    def _on_message(self, _body: object, message: object) -> None:
        self._came_at = time.perf_counter()
        settle: Callable[[], None] = message.ack  # type: ignore[attr-defined]
        settle()
        self._came.set()


def drain(connection: Connection) -> None:
    """Hand over what has come; nothing is fine too."""
    try:
        connection.drain_events(timeout=DRAIN_SECONDS)
    except TimeoutError:
        return
