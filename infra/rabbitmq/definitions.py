"""The broker's definitions: one vhost, one user per service with rights on its own names, every queue and binding."""

import base64
import hashlib
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VHOST = "todoke"
ADMIN = "todoke-admin"
UNHEARD = "unheard"
UNHEARD_KEPT = 10_000  # facts that nobody hears, kept to look at
RETRY_AFTER_MS = 5_000
DELIVERY_LIMIT = 20

Json = dict[str, Any]


def heard() -> dict[str, dict[str, list[str]]]:
    """Facts by hearing service and sender."""
    facts: dict[str, dict[str, list[str]]] = tomllib.loads((HERE / "heard.toml").read_text())["heard"]
    return facts


def definitions(passwords: Mapping[str, str]) -> Json:
    """The document that ``load_definitions`` and ``rabbitmqctl import_definitions`` read.

    ``passwords``: by user name; ``ADMIN`` and every service must be among them.
    """
    services = list(heard())
    return {
        "users": [_user(name, password) for name, password in passwords.items()],
        "vhosts": [{"name": VHOST}],
        "permissions": [_permission(ADMIN, ".*", ".*", ".*"), *(_own_names(s, services) for s in services)],
        "exchanges": [_exchange(UNHEARD, "fanout"), *(e for s in services for e in _exchanges(s))],
        "queues": [_unheard_queue(), *(q for s in services for q in _queues(s))],
        "bindings": [_binding(UNHEARD, UNHEARD, ""), *(b for s in services for b in _bindings(s))],
    }


def queue_name(service: str, sender: str, fact: str) -> str:
    """Names on the wire: changing one loses what waits in it."""
    return f"{service}.{sender}.{fact}.v1"


def password_hash(password: str) -> str:
    """Salted SHA-256 as RabbitMQ stores it (rabbit_password_hashing_sha256)."""
    salt = os.urandom(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _user(name: str, password: str) -> Json:
    return {
        "name": name,
        "password_hash": password_hash(password),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "administrator" if name == ADMIN else "",
    }


def _own_names(service: str, services: list[str]) -> Json:
    """A service writes to its own names; others' exchanges it may read, so that its queues can be bound."""
    own = rf"^{service}(\..+)?$"
    others = "|".join(other for other in services if other != service)
    return _permission(service, own, own, rf"^({service}(\..+)?|{others})$")


def _permission(user: str, configure: str, write: str, read: str) -> Json:
    return {"user": user, "vhost": VHOST, "configure": configure, "write": write, "read": read}


def _exchanges(service: str) -> Iterator[Json]:
    yield _exchange(service, "topic", {"alternate-exchange": UNHEARD})
    yield _exchange(f"{service}.retry", "topic")


def _exchange(name: str, kind: str, arguments: Json | None = None) -> Json:
    return {
        "name": name,
        "vhost": VHOST,
        "type": kind,
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": arguments or {},
    }


def _queues(service: str) -> Iterator[Json]:
    for name, _, _ in _heard_queues(service):
        yield _queue(name, {**_dead_letter_to(f"{service}.dead"), "x-delivery-limit": DELIVERY_LIMIT})
    yield _queue(f"{service}.retry", {**_dead_letter_to(), "x-message-ttl": RETRY_AFTER_MS})
    yield _queue(f"{service}.dead", {})


def _dead_letter_to(queue: str = "") -> Json:
    """Through the default exchange to ``queue``, or back to the queue that the message's routing key names.

    At least once, which quorum queues do only if they refuse rather than drop when they are full.
    """
    key = {"x-dead-letter-routing-key": queue} if queue else {}
    return {
        "x-dead-letter-exchange": "",
        **key,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def _queue(name: str, arguments: Json) -> Json:
    return {
        "name": name,
        "vhost": VHOST,
        "durable": True,
        "auto_delete": False,
        "arguments": {"x-queue-type": "quorum", **arguments},
    }


def _unheard_queue() -> Json:
    return _queue(UNHEARD, {"x-max-length": UNHEARD_KEPT})


def _bindings(service: str) -> Iterator[Json]:
    for queue, sender, fact in _heard_queues(service):
        yield _binding(sender, queue, f"{fact}.v1")
    yield _binding(f"{service}.retry", f"{service}.retry", "#")


def _binding(source: str, queue: str, key: str) -> Json:
    return {
        "source": source,
        "vhost": VHOST,
        "destination": queue,
        "destination_type": "queue",
        "routing_key": key,
        "arguments": {},
    }


def _heard_queues(service: str) -> Iterator[tuple[str, str, str]]:
    for sender, facts in heard()[service].items():
        for fact in facts:
            yield queue_name(service, sender, fact), sender, fact
