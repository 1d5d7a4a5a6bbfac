"""The outbox relay: publishes committed facts with pipelined publisher confirms, one active relay per database.

At least once: a message is marked only after the broker confirmed it, so a crash in between publishes it again and the
consumer's inbox drops it.  Publishing has a connection of its own, because a blocked broker (memory alarm, hung
socket) blocks a publisher for ever whatever time-outs are given: here the socket is dropped.
"""

import json

import amqp
import eventlet
import psycopg
from kombu import Connection

from services.chassis import metrics
from services.chassis.clock import now
from services.chassis.listening import listener, wait_for_notice
from services.chassis.logging import get_logger, of_case
from services.chassis.outbox import CHANNEL
from services.chassis.settings import Settings

log = get_logger()
BATCH, POLL_SECONDS, PUBLISH_SECONDS, BACK_OFF_SECONDS = 200, 1.0, 6, 1.0
ONE_RELAY = 7_263_003
TRIES = 5
PENDING = """
SELECT seq, id, routing_key, body FROM outbox o
 WHERE published_at IS NULL AND set_aside IS NULL
   AND NOT EXISTS (SELECT 1 FROM unstored_documents u WHERE u.work_id = o.work_id)
 ORDER BY seq LIMIT %s"""
Row = tuple[int, object, str, str]


class BrokerRefusedError(Exception):
    """The broker answered, and did not take the message."""


class Publisher:
    """One AMQP connection in confirm mode, for one exchange."""

    def __init__(self, settings: Settings, exchange: str) -> None:
        self._exchange = exchange
        self._connection = Connection(settings.amqp_uri, heartbeat=10, connect_timeout=3)
        self._connection.connect()
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._sent, self._first = 0, 1
        self._confirmed: set[int] = set()
        self._refused = False
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)

    def publish(self, rows: list[Row]) -> None:
        """Send all, then wait for all confirms.  Raises BrokerRefusedError and amqp's errors."""
        self._first = self._sent + 1
        for _, message_id, routing_key, body in rows:
            self._send(str(message_id), routing_key, body)
        wanted = set(range(self._first, self._sent + 1))
        while not wanted <= self._confirmed:
            self._connection.drain_events(timeout=PUBLISH_SECONDS / 2)
            if self._refused:
                raise BrokerRefusedError
        self._confirmed.clear()

    def _send(self, message_id: str, routing_key: str, body: str) -> None:
        properties = {"content_type": "application/json", "content_encoding": "utf-8", "delivery_mode": 2}
        message = amqp.Message(body, message_id=message_id, **properties)
        self._channel.basic_publish(message, exchange=self._exchange, routing_key=routing_key)
        self._sent += 1

    def beat(self) -> None:
        """Keep the heartbeat going while there is nothing to say."""
        self._connection.heartbeat_check()
        try:
            self._connection.drain_events(timeout=0.001)
        except TimeoutError:
            return

    def drop(self) -> None:
        """End the connection at once."""
        cut(self._connection)

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._confirmed.update(range(self._first, tag + 1) if multiple else [tag])

    def _on_nack(self, *_: object) -> None:
        self._refused = True


def cut(connection: Connection) -> None:
    """Close the socket at once: a polite close would wait for the broker, and a hung one never answers it."""
    connection.collect(socket_timeout=0.1)


def publish_later(settings: Settings, queue: str, message_id: str, body: str) -> None:
    """Put a message into the service's retry queue, which gives it back to ``queue`` after some seconds."""
    with eventlet.Timeout(PUBLISH_SECONDS, TimeoutError("the broker does not confirm")):
        publisher = Publisher(settings, f"{settings.service}.retry")
        try:
            publisher.publish([(0, message_id, queue, body)])
        finally:
            publisher.drop()


class Relay:
    """Runs in a green thread of the worker until ``stop``.  ``state`` is shown by the health page."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._publisher: Publisher | None = None
        self._stopping = False
        self.state = "starting"

    def stop(self) -> None:
        """Finish the batch in hand, then end."""
        self._stopping = True

    def run(self) -> None:
        """Relay for ever; whatever breaks, drop the connections, wait a second, begin again."""
        while not self._stopping:
            try:
                with listener(self._settings, CHANNEL) as database:
                    self._relay(database)
            except (Exception, eventlet.Timeout) as error:
                self.state = "waiting for broker or database"
                log.warning("relay_interrupted", error=type(error).__name__)
                self._drop()
                eventlet.sleep(BACK_OFF_SECONDS)
        self._drop()

    def _relay(self, database: "psycopg.Connection[tuple[object, ...]]") -> None:
        while not self._stopping and not _alone(database):
            self.state = "standing by"
            eventlet.sleep(BACK_OFF_SECONDS)
        while not self._stopping:
            rows = database.execute(PENDING, (BATCH,)).fetchall()
            if rows:
                self._send(database, rows)  # type: ignore[arg-type]
            if len(rows) < BATCH:
                self.state = "running"
                wait_for_notice(database, POLL_SECONDS)
            if self._publisher is not None:
                self._publisher.beat()

    def _send(self, database: "psycopg.Connection[tuple[object, ...]]", rows: list[Row]) -> None:
        """A batch, or one by one when the broker refuses something in it."""
        try:
            self._publish(database, rows)
        except (amqp.exceptions.PreconditionFailed, BrokerRefusedError):
            self._drop()
            for row in rows:
                self._send_alone(database, row)

    def _send_alone(self, database: "psycopg.Connection[tuple[object, ...]]", row: Row) -> None:
        """One bad row is set aside after its tries and never blocks the others."""
        try:
            self._publish(database, [row])
        except (amqp.exceptions.PreconditionFailed, BrokerRefusedError) as error:
            self._drop()
            database.execute(
                "UPDATE outbox SET tries = tries + 1, set_aside = CASE WHEN tries + 1 >= %s THEN %s END WHERE seq = %s",
                (TRIES, type(error).__name__, row[0]),
            )
            with of_case(json.loads(row[3])["correlationid"]):
                log.error("outbox_row_refused", message_id=str(row[1]), routing_key=row[2])

    def _publish(self, database: "psycopg.Connection[tuple[object, ...]]", rows: list[Row]) -> None:
        with eventlet.Timeout(PUBLISH_SECONDS, TimeoutError("the broker does not confirm")):
            if self._publisher is None:
                self._publisher = Publisher(self._settings, self._settings.service)
            self._publisher.publish(rows)
        database.execute("UPDATE outbox SET published_at = %s WHERE seq = ANY(%s)", (now(), [row[0] for row in rows]))
        for row in rows:
            _tell(row)

    def _drop(self) -> None:
        publisher, self._publisher = self._publisher, None
        if publisher is None:
            return
        try:
            publisher.drop()
        except Exception as error:
            log.info("relay_drop_failed", error=type(error).__name__)


def _tell(row: Row) -> None:
    _, message_id, routing_key, body = row
    metrics.published(routing_key)
    with of_case(json.loads(body)["correlationid"]):
        log.info("fact_published", message_id=str(message_id), routing_key=routing_key)


def _alone(database: "psycopg.Connection[tuple[object, ...]]") -> bool:
    found = database.execute("SELECT pg_try_advisory_lock(%s)", (ONE_RELAY,)).fetchone()
    return bool(found and found[0])
