"""asyncapi.yaml is what the services do: who says what, who hears it in which queue, and how a message looks."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from infra.rabbitmq import asyncapi
from infra.rabbitmq.definitions import definitions, heard
from services.messages import FACTS

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.json"))
DOCUMENT: dict[str, Any] = yaml.safe_load(asyncapi.FILE.read_text("utf-8"))
SENDERS = {fact.routing_key(): asyncapi.senders(fact) for fact in FACTS}

# The parts of AsyncAPI 3.0.0 that the document uses, and nothing else is let through.
REFERENCE = {"type": "object", "required": ["$ref"], "properties": {"$ref": {"pattern": "^#/"}}, "minProperties": 1}


def shape(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    properties = required | optional
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "patternProperties": {"^x-[\\w.-]+$": {}},
        "additionalProperties": False,
    }


TEXT = {"type": "string", "minLength": 1}
MAP = {"type": "object", "minProperties": 1}
STRUCTURE = shape(
    {
        "asyncapi": {"const": "3.0.0"},
        "info": shape({"title": TEXT, "version": TEXT}, description=TEXT, license=shape({"name": TEXT})),
        "channels": MAP
        | {
            "additionalProperties": shape(
                {
                    "address": TEXT,
                    "messages": MAP | {"additionalProperties": REFERENCE},
                    "bindings": shape(
                        {
                            "amqp": shape(
                                {
                                    "is": {"const": "routingKey"},
                                    "exchange": shape(
                                        {"name": TEXT, "type": {"const": "topic"}},
                                        durable={"const": True}, autoDelete={"const": False}, vhost=TEXT,
                                    ),
                                    "bindingVersion": {"const": "0.3.0"},
                                }
                            )
                        }
                    ),
                },
                summary=TEXT,
                servers={"type": "array", "items": REFERENCE},
            )
        },
        "operations": MAP
        | {
            "additionalProperties": shape(
                {
                    "action": {"enum": ["send", "receive"]},
                    "channel": REFERENCE,
                    "messages": {"type": "array", "items": REFERENCE, "minItems": 1, "maxItems": 1},
                },
                summary=TEXT, bindings=MAP,
            )
        },
        "components": shape(
            {
                "schemas": MAP | {"propertyNames": {"pattern": "^[\\w.-]+$"}},
                "messages": MAP
                | {
                    "propertyNames": {"pattern": "^[\\w.-]+$"},
                    "additionalProperties": shape(
                        {"name": TEXT, "contentType": {"const": "application/json"}, "payload": MAP},
                        title=TEXT, summary=TEXT, bindings=MAP,
                        correlationId=shape({"location": {"pattern": "^\\$message\\.(header|payload)#/"}}),
                    ),
                },
            }
        ),
    },
    defaultContentType=TEXT,
    servers={
        "type": "object",
        "additionalProperties": shape(
            {"host": TEXT, "protocol": {"const": "amqp"}},
            pathname=TEXT, protocolVersion=TEXT, description=TEXT, variables=MAP,
        ),
    },
)  # fmt: skip


def test_the_committed_file_is_the_one_that_is_generated() -> None:
    assert asyncapi.FILE.read_text("utf-8") == asyncapi.as_text(), "run: make asyncapi"


def test_it_has_the_structure_of_asyncapi() -> None:
    jsonschema.validate(DOCUMENT, STRUCTURE)


def test_every_reference_leads_somewhere() -> None:
    found = list(references(DOCUMENT))
    assert len(found) > 100
    for reference in found:
        assert at(reference), reference


def test_a_service_sends_exactly_what_is_its_own_to_say() -> None:
    sent = {name for name, one in DOCUMENT["operations"].items() if one["action"] == "send"}
    assert sent == {f"{sender}.says.{key}" for key, senders in SENDERS.items() for sender in senders}


def test_every_queue_of_the_broker_is_received_from_and_no_other() -> None:
    received = [one["x-queue"] for one in DOCUMENT["operations"].values() if one["action"] == "receive"]
    bound = {(one["destination"], one["source"], one["routing_key"]) for one in definitions({})["bindings"]}
    own = {"unheard", *(f"{service}.retry" for service in heard())}
    assert sorted(received) == sorted(queue for queue, _, _ in bound if queue not in own)


def test_a_hearer_receives_from_the_exchange_that_its_queue_is_bound_to() -> None:
    bound = {one["destination"]: (one["source"], one["routing_key"]) for one in definitions({})["bindings"]}
    for one in DOCUMENT["operations"].values():
        if one["action"] == "receive":
            channel = at(one["channel"]["$ref"])
            assert bound[one["x-queue"]] == (channel["bindings"]["amqp"]["exchange"]["name"], channel["address"])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_real_message_is_one_that_the_document_describes(path: Path) -> None:
    message = json.loads(path.read_text())
    (payload,) = [
        one["payload"] for one in DOCUMENT["components"]["messages"].values() if one["name"] == message["type"]
    ]
    validator = jsonschema.Draft7Validator(DOCUMENT | payload)
    validator.validate(message)
    assert not validator.is_valid(message | {"source": "somebody else"})
    assert not validator.is_valid({name: value for name, value in message.items() if name != "ledgerhead"})
    assert not validator.is_valid(message | {"data": {}})


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from references(each)


def at(reference: str) -> Any:
    """What a reference inside the document leads to."""
    found: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found
