"""JSON Schema (2020-12) of a fact: ``python -m services.messages.schema`` writes the frozen copies in schemas/."""

import json
import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from services.messages import FACTS, Fact

FOLDER = Path(__file__).parent / "schemas"
SCALARS: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}


def schema_of(fact: type[Fact]) -> dict[str, Any]:
    """The schema of the fact's ``data``."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": fact.type("<service>")}
    return head | _schema(fact)


def _schema(wanted: Any) -> dict[str, Any]:
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        (only,) = [choice for choice in get_args(wanted) if choice is not type(None)]
        return {"anyOf": [_schema(only), {"type": "null"}]}
    if origin is tuple:
        return {"type": "array", "items": _schema(get_args(wanted)[0])}
    if is_dataclass(wanted):
        return _object(wanted)
    return SCALARS[wanted]


def _object(wanted: Any) -> dict[str, Any]:
    hints = get_type_hints(wanted)
    required = [f.name for f in fields(wanted) if f.default is MISSING and f.default_factory is MISSING]
    properties = {f.name: _schema(hints[f.name]) for f in fields(wanted)}
    return {"type": "object", "required": required, "properties": properties}


def main() -> None:
    """Write the copy of each fact that has none yet; a changed fact is a new version, so none is overwritten."""
    for fact in FACTS:
        path = FOLDER / f"{fact.sender or 'any'}.{fact.routing_key()}.json"
        if not path.exists():
            path.write_text(json.dumps(schema_of(fact), indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
