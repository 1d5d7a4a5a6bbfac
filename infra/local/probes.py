"""Whether a server does its work, asked the way its clients will ask."""

import http.client
import smtplib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import amqp
import psycopg

from infra.local.layout import HOST
from infra.local.program import NotReadyError
from infra.minio import provisioning as sites

SECONDS = 3.0
SERVER_FAILED = 500


def takes_sql(url: str) -> Callable[[], None]:
    """A log-in and a query."""

    def probe() -> None:
        try:
            with psycopg.connect(url, connect_timeout=int(SECONDS)) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError as error:
            raise NotReadyError(str(error)) from error

    return probe


@contextmanager
def broker(port: int, user: str, password: str, vhost: str) -> Iterator[Any]:
    """A channel for one question.  Raises NotReadyError when the broker does not answer it."""
    times = {"connect_timeout": SECONDS, "read_timeout": SECONDS, "write_timeout": SECONDS}
    connection = amqp.Connection(f"{HOST}:{port}", userid=user, password=password, virtual_host=vhost, **times)
    try:
        connection.connect()
        yield connection.channel()
    except (OSError, amqp.AMQPError) as error:
        raise NotReadyError(type(error).__name__) from error
    finally:
        connection.collect()


def takes_amqp(port: int, user: str, password: str, vhost: str, queue: str) -> Callable[[], None]:
    """A log-in and a queue that the definitions declare: a broker opens its door before it has read them."""

    def probe() -> None:
        with broker(port, user, password, vhost) as channel:
            channel.queue_declare(queue, passive=True)

    return probe


def takes_signed_calls(site: sites.Site) -> Callable[[], None]:
    """A signed S3 request."""

    def probe() -> None:
        if not sites.answers(site):
            raise NotReadyError("no signed answer")

    return probe


def takes_http(port: int, path: str) -> Callable[[], None]:
    """Any answer below 500."""

    def probe() -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=SECONDS)
        try:
            connection.request("GET", path)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise NotReadyError(type(error).__name__) from error
        finally:
            connection.close()
        if status >= SERVER_FAILED:
            raise NotReadyError(f"HTTP {status}")

    return probe


def takes_mail(port: int) -> Callable[[], None]:
    """An SMTP greeting and an answer."""

    def probe() -> None:
        try:
            with smtplib.SMTP(HOST, port, timeout=SECONDS) as server:
                server.noop()
        except OSError as error:  # what smtplib raises is one, too
            raise NotReadyError(type(error).__name__) from error

    return probe


def both(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    """One server with two doors."""

    def probe() -> None:
        first()
        second()

    return probe


def listens(port: int) -> Callable[[], None]:
    """A connection, for protocols where nothing more can be asked."""

    def probe() -> None:
        try:
            socket.create_connection((HOST, port), timeout=SECONDS).close()
        except OSError as error:
            raise NotReadyError(type(error).__name__) from error

    return probe


def listens_on_socket(path: Path) -> Callable[[], None]:
    """A connection to a Unix socket."""

    def probe() -> None:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(SECONDS)
            try:
                client.connect(str(path))
            except OSError as error:
                raise NotReadyError(type(error).__name__) from error

    return probe


def exists(path: Path) -> Callable[[], None]:
    """A file that the program writes once it works."""

    def probe() -> None:
        if not path.exists():
            raise NotReadyError(f"{path.name} is not there yet")

    return probe
