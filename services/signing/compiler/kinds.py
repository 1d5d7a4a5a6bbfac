"""What may stand at a place of the data: tests, and which place fails its own."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

MOST_YEN = 10**12
Test = Callable[[Any], bool]
Places = Mapping[str, Test]


def wrong_place(data: Mapping[str, Any], places: Places) -> str:
    """The first place, as summary.amount, whose data are not what they must be; a missing key reads as null."""
    return next((place for place, test in places.items() if not test(_at(data, place))), "")


def is_text(value: Any) -> bool:
    """Any text."""
    return isinstance(value, str)


def is_id(value: Any) -> bool:
    """A text that is not empty."""
    return isinstance(value, str) and bool(value.strip())


def is_texts(value: Any) -> bool:
    """Texts by name."""
    return isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values())


def is_mapping(value: Any) -> bool:
    """Anything by name."""
    return isinstance(value, Mapping)


def is_day(value: Any) -> bool:
    """2026-12-09."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_yen(value: Any) -> bool:
    """A whole number of yen; neither a text nor yes or no."""
    return type(value) is int and 0 <= value < MOST_YEN


def is_table(value: Any) -> bool:
    """A head of texts, and at least one row, each as wide as the head."""
    texts = list_of(is_text)
    if not is_mapping(value) or not texts(value.get("head")) or not isinstance(value.get("rows"), list):
        return False
    return bool(value["head"] and value["rows"]) and all(
        texts(row) and len(row) == len(value["head"]) for row in value["rows"]
    )


def is_entry(value: Any) -> bool:
    """A numbered entry: label, text, and perhaps a table."""
    return texts_but("table", or_null(is_table))(value) and {"label", "value"} <= set(value)


def texts_with(*names: str) -> Test:
    """Texts by name, these among them."""
    return lambda value: is_texts(value) and set(names) <= set(value)


def texts_but(name: str, test: Test) -> Test:
    """Texts by name, but for one, which has a test of its own."""
    return lambda value: is_mapping(value) and test(value.get(name)) and is_texts(_without(name, value))


def or_null(test: Test) -> Test:
    """Nothing at all, or what the test asks."""
    return lambda value: value is None or test(value)


def list_of(test: Test) -> Test:
    """A list, each of whose entries passes the test."""
    return lambda value: isinstance(value, list) and all(map(test, value))


def _at(data: Any, place: str) -> Any:
    for name in place.split("."):
        data = data.get(name) if isinstance(data, Mapping) else None
    return data


def _without(name: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: one for key, one in value.items() if key != name}
