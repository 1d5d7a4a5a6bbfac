"""``python -m infra.rabbitmq.asyncapi`` writes asyncapi.yaml: who says what, who hears it, how a message looks.

All of it is read from what the services themselves use: the facts, their frozen schemas, and heard.toml.
"""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from infra.rabbitmq.definitions import VHOST, heard, queue_name
from services.messages import FACTS, Envelope, Fact
from services.messages.envelope import SPECVERSION
from services.messages.schema import FOLDER as SCHEMAS

REPOSITORY = Path(__file__).resolve().parents[2]
FILE = REPOSITORY / "asyncapi.yaml"
HEAD = "# Generated from services/messages and infra/rabbitmq/heard.toml: `make asyncapi` writes it anew.\n"
BINDING = "0.3.0"
DESCRIPTION = (
    "The facts that the services of Todoke say to each other. Each service has a topic exchange of its own "
    "name; a fact is published there under its routing key, and each hearer has a queue of its own for it. A "
    "message is a CloudEvents 1.0 document with the fact as `data`; within a version only fields with a "
    "default are added. A fact comes at least once, and perhaps late: whoever hears it drops what it knows by "
    "`id`, and keeps what precedes its cause."
)
ATTRIBUTES: dict[str, dict[str, Any]] = {
    "id": {"type": "string", "format": "uuid", "description": "The message's; the same when it comes again."},
    "source": {"type": "string", "description": "The service that says it."},
    "type": {"type": "string", "description": "jp.todoke.<service>.<fact>.v<version>"},
    "subject": {"type": "string", "format": "uuid", "description": "The case."},
    "time": {"type": "string", "format": "date-time"},
    "correlationid": {"type": "string", "description": "The case's, the same in every service and in their logs."},
    "sequence": {"type": "integer", "minimum": 1, "description": "Counts up per case and sender."},
    "ledgerhead": {"type": "string", "description": "Hash of the newest row of the sender's ledger."},
    "data": {"type": "object", "description": "The fact."},
}

Json = dict[str, Any]


def document() -> Json:
    """The AsyncAPI 3.0 document."""
    said = [(sender, fact) for fact in FACTS for sender in senders(fact)]
    return {
        "asyncapi": "3.0.0",
        "info": _info(),
        "defaultContentType": "application/json",
        "servers": {"broker": _server()},
        "channels": {channel_id(sender, fact): _channel(sender, fact) for sender, fact in said},
        "operations": {**{f"{sender}.says.{fact.routing_key()}": _send(sender, fact) for sender, fact in said}}
        | dict(_receives()),
        "components": {
            "schemas": {"envelope": _envelope(), **{schema_id(fact): _data(fact) for fact in FACTS}},
            "messages": {channel_id(sender, fact): _message(sender, fact) for sender, fact in said},
        },
    }


def senders(fact: type[Fact]) -> list[str]:
    """Who says it; some facts every service says."""
    return [fact.sender] if fact.sender else list(heard())


def channel_id(sender: str, fact: type[Fact]) -> str:
    """Of a channel and of its one message."""
    return f"{sender}.{fact.routing_key()}"


def schema_id(fact: type[Fact]) -> str:
    """As its frozen copy is called."""
    return f"{fact.sender or 'any'}.{fact.routing_key()}"


def as_text() -> str:
    """The file."""
    return HEAD + yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=120)


def _info() -> Json:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    return {
        "title": "Todoke",
        "version": project["version"],
        "description": DESCRIPTION,
        "license": {"name": project["license"]["text"]},
    }


def _server() -> Json:
    return {
        "host": "{host}:{port}",
        "pathname": f"/{VHOST}",
        "protocol": "amqp",
        "protocolVersion": "0.9.1",
        "description": "RabbitMQ; each service signs in as itself and may write to its own exchanges only.",
        "variables": {"host": {"default": "127.0.0.1"}, "port": {"default": "5672"}},
    }


def _channel(sender: str, fact: type[Fact]) -> Json:
    exchange = {"name": sender, "type": "topic", "durable": True, "autoDelete": False, "vhost": VHOST}
    return {
        "address": fact.routing_key(),
        "summary": _summary(fact),
        "servers": [{"$ref": "#/servers/broker"}],
        "messages": {fact.name: {"$ref": f"#/components/messages/{channel_id(sender, fact)}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": BINDING}},
    }


def _send(sender: str, fact: type[Fact]) -> Json:
    """Persistent: what is confirmed is on disk."""
    return {
        "action": "send",
        "summary": f"{sender} says {fact.name}.",
        **_about(sender, fact),
        "bindings": {"amqp": {"deliveryMode": 2, "bindingVersion": BINDING}},
    }


def _receives() -> Iterator[tuple[str, Json]]:
    facts = {(sender, fact.name): fact for fact in FACTS for sender in senders(fact)}
    for hearer, by_sender in heard().items():
        for sender, names in by_sender.items():
            for name in names:
                yield f"{hearer}.hears.{sender}.{name}.v1", _receive(hearer, sender, facts[sender, name])


def _receive(hearer: str, sender: str, fact: type[Fact]) -> Json:
    """Acknowledged after the commit of its effect."""
    return {
        "action": "receive",
        "summary": f"{hearer} hears {fact.name} of {sender}.",
        **_about(sender, fact),
        "bindings": {"amqp": {"ack": True, "bindingVersion": BINDING}},
        "x-queue": queue_name(hearer, sender, fact.name),
    }


def _about(sender: str, fact: type[Fact]) -> Json:
    channel = f"#/channels/{channel_id(sender, fact)}"
    return {"channel": {"$ref": channel}, "messages": [{"$ref": f"{channel}/messages/{fact.name}"}]}


def _message(sender: str, fact: type[Fact]) -> Json:
    own = {
        "source": {"const": sender},
        "type": {"const": fact.type(sender)},
        "data": {"$ref": f"#/components/schemas/{schema_id(fact)}"},
    }
    return {
        "name": fact.type(sender),
        "title": fact.name,
        "summary": _summary(fact),
        "contentType": "application/json",
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": {"allOf": [{"$ref": "#/components/schemas/envelope"}, {"properties": own}]},
        "bindings": {"amqp": {"contentEncoding": "utf-8", "bindingVersion": BINDING}},
    }


def _envelope() -> Json:
    """CloudEvents 1.0 with the extensions of this house."""
    names = [field.name for field in fields(Envelope)]
    fixed = {"specversion": {"const": SPECVERSION}, "datacontenttype": {"const": "application/json"}}
    return {
        "type": "object",
        "required": [*fixed, *names],
        "properties": fixed | {name: ATTRIBUTES[name] for name in names},
    }


def _data(fact: type[Fact]) -> Json:
    """The frozen schema.  What it uses of JSON Schema is the same in AsyncAPI's dialect, so that needs no name."""
    schema: Json = json.loads((SCHEMAS / f"{schema_id(fact)}.json").read_text())
    return {name: value for name, value in schema.items() if name != "$schema"}


def _summary(fact: type[Fact]) -> str:
    """The first paragraph of what the fact says of itself."""
    return " ".join((fact.__doc__ or "").strip().split("\n\n")[0].split())


def main() -> None:
    """Write the file."""
    FILE.write_text(as_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
