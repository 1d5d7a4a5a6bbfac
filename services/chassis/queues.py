"""How many messages lie in which queue: asked of the broker itself, without its management plug-in."""

from collections.abc import Iterable

import amqp
from kombu import Connection

from services.chassis.settings import Settings


def depths(settings: Settings, names: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Messages and consumers of each queue; (-1, 0) for one that is not there.  Raises OSError: the broker is down."""
    found = {}
    with Connection(settings.amqp_uri, connect_timeout=3) as connection:
        connection.connect()
        for name in names:
            found[name] = _depth(connection, name)
    return found


def _depth(connection: Connection, name: str) -> tuple[int, int]:
    channel = connection.channel()
    try:
        answer = channel.queue_declare(name, passive=True)
    except amqp.exceptions.NotFound:
        return -1, 0
    channel.close()
    return answer.message_count, answer.consumer_count
