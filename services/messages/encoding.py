"""Facts to and from JSON values, driven by the dataclasses' own annotations."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

T = TypeVar("T")


class DecodingError(ValueError):
    """The value does not have the shape that the type asks for.  Permanent: trying again does not help."""


def encode(value: Any) -> Any:
    """JSON value of a fact or of one of its fields; ids as text, times as ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def decode(wanted: type[T], value: Any) -> T:
    """A ``wanted`` from a JSON value; fields that the class does not know are ignored.

    Raises DecodingError when a field is missing or of another type.
    """
    found: T = _decode(wanted, value, wanted.__name__)
    return found


def _decode(wanted: Any, value: Any, where: str) -> Any:
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        return None if value is None else _decode(_without_none(wanted), value, where)
    if origin is tuple:
        return _decode_tuple(wanted, value, where)
    if origin is dict:
        return _decode_dict(wanted, value, where)
    if is_dataclass(wanted):
        return _decode_dataclass(wanted, value, where)
    return _decode_scalar(wanted, value, where)


def _without_none(wanted: Any) -> Any:
    (only,) = [choice for choice in get_args(wanted) if choice is not type(None)]
    return only


def _decode_tuple(wanted: Any, value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise DecodingError(f"{where}: a list is wanted")
    item = get_args(wanted)[0]
    return tuple(_decode(item, one, f"{where}[{i}]") for i, one in enumerate(value))


def _decode_dict(wanted: Any, value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DecodingError(f"{where}: an object is wanted")
    item = get_args(wanted)[1]
    return {key: _decode(item, one, f"{where}.{key}") for key, one in value.items()}


def _decode_dataclass(wanted: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise DecodingError(f"{where}: an object is wanted")
    hints = get_type_hints(wanted)
    found = {}
    for field in fields(wanted):
        if field.name in value:
            found[field.name] = _decode(hints[field.name], value[field.name], f"{where}.{field.name}")
        elif field.default is MISSING and field.default_factory is MISSING:
            raise DecodingError(f"{where}.{field.name} is missing")
    return wanted(**found)


def _decode_scalar(wanted: Any, value: Any, where: str) -> Any:
    try:
        if wanted in (UUID,) and isinstance(value, str):
            return UUID(value)
        if wanted in (datetime, date) and isinstance(value, str):
            return wanted.fromisoformat(value)
    except ValueError as error:
        raise DecodingError(f"{where}: not a {wanted.__name__}") from error
    exact = wanted is bool or not isinstance(value, bool)
    if exact and wanted in (str, int, bool, float) and isinstance(value, wanted):
        return value
    raise DecodingError(f"{where}: a {wanted.__name__} is wanted")
