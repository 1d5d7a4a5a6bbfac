"""Each service has rights on its own names only, and every fact somebody hears has its way."""

import base64
import hashlib
import re

import pytest

from infra.rabbitmq.definitions import ADMIN, UNHEARD, definitions, heard, password_hash
from services.messages import FACTS

SERVICES = list(heard())
DEFINITIONS = definitions({ADMIN: "a", **dict.fromkeys(SERVICES, "b")})


def permission(service: str) -> dict[str, str]:
    (found,) = [one for one in DEFINITIONS["permissions"] if one["user"] == service]
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_writes_and_configures_its_own_names_only(service: str) -> None:
    names = {one["name"] for kind in ("queues", "exchanges") for one in DEFINITIONS[kind]}
    for right in ("configure", "write"):
        allowed = {name for name in names if re.search(permission(service)[right], name)}
        assert {name.split(".")[0] for name in allowed} == {service}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_no_queue_of_another(service: str) -> None:
    queues = {queue["name"] for queue in DEFINITIONS["queues"]}
    readable = {name for name in queues if re.search(permission(service)["read"], name)}
    assert {name.split(".")[0] for name in readable} == {service}


def test_every_fact_heard_is_one_that_its_sender_says() -> None:
    said = {(fact.sender or sender, fact.name) for fact in FACTS for sender in SERVICES}
    for senders in heard().values():
        assert {(sender, fact) for sender, facts in senders.items() for fact in facts} <= said


def test_what_nobody_hears_is_kept() -> None:
    topics = [one for one in DEFINITIONS["exchanges"] if one["name"] in SERVICES]
    assert {one["arguments"]["alternate-exchange"] for one in topics} == {UNHEARD}


def test_a_password_is_stored_salted_as_the_broker_wants_it() -> None:
    raw = base64.b64decode(password_hash("secret"))
    assert raw[4:] == hashlib.sha256(raw[:4] + b"secret").digest()
    assert password_hash("secret") != password_hash("secret")
