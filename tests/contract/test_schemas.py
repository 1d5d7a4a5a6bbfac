"""A message is a frozen promise: old messages load in today's class, today's messages satisfy the stored schema."""

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import jsonschema
import pytest

from services.messages import FACTS, DecodingError, Envelope, Fact, decode, encode
from services.messages.schema import schema_of

SCHEMAS = Path(__file__).parents[2] / "services" / "messages" / "schemas"
EXAMPLES = Path(__file__).parent / "examples"
MOMENT = datetime(2026, 11, 24, 9, 5, tzinfo=UTC)
SCALARS: dict[Any, Any] = {
    str: "words", int: 3, bool: True, UUID: UUID(int=7), datetime: MOMENT, date: date(2026, 11, 24),
}  # fmt: skip


def name_of(fact: type[Fact]) -> str:
    return f"{fact.sender or 'any'}.{fact.routing_key()}"


def example(wanted: Any) -> Any:
    if get_origin(wanted) is tuple:
        return (example(get_args(wanted)[0]),)
    if get_args(wanted):
        return example(get_args(wanted)[0])
    if is_dataclass(wanted):
        hints = get_type_hints(wanted)
        return wanted(**{field.name: example(hints[field.name]) for field in fields(wanted)})
    return SCALARS[wanted]


@pytest.mark.parametrize("fact", FACTS, ids=name_of)
def test_the_stored_schema_is_the_one_of_today(fact: type[Fact]) -> None:
    assert json.loads((SCHEMAS / f"{name_of(fact)}.json").read_text()) == schema_of(fact)


@pytest.mark.parametrize("fact", FACTS, ids=name_of)
def test_todays_message_satisfies_the_stored_schema(fact: type[Fact]) -> None:
    stored = json.loads((SCHEMAS / f"{name_of(fact)}.json").read_text())
    jsonschema.validate(encode(example(fact)), stored)


@pytest.mark.parametrize("fact", FACTS, ids=name_of)
def test_an_old_message_still_loads(fact: type[Fact]) -> None:
    old = json.loads((EXAMPLES / f"{name_of(fact)}.json").read_text())
    assert Envelope.from_document(old).fact(fact) == example(fact)


@pytest.mark.parametrize("fact", FACTS, ids=name_of)
def test_a_fact_comes_back_from_its_message_unchanged(fact: type[Fact]) -> None:
    said = example(fact)
    assert decode(fact, json.loads(json.dumps(encode(said)))) == said


@pytest.mark.parametrize("fact", FACTS, ids=name_of)
def test_a_field_that_a_later_sender_adds_is_ignored(fact: type[Fact]) -> None:
    assert decode(fact, encode(example(fact)) | {"added_later": 1}) == example(fact)


@pytest.mark.parametrize("fact", FACTS, ids=name_of)
def test_a_missing_field_is_named(fact: type[Fact]) -> None:
    document = encode(example(fact))
    del document["case_id"]
    with pytest.raises(DecodingError, match="case_id is missing"):
        decode(fact, document)
