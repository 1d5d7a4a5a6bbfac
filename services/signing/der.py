"""DER (ITU-T X.690 clauses 8, 10 and 11), one byte sequence for one value: checked in one pass over the bytes.

Knows no types: what a signature does not bind in a CMS object has none of the DEFAULT values that DER leaves out.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

DEPTH = 40
CONTINUES, LONG_FORM, HIGH_TAG = 0x80, 0x80, 0x1F
CONSTRUCTED, UNIVERSAL = 0x20, 0
SEQUENCE, SET, END_OF_CONTENTS = 16, 17, 0


class NotDerError(ValueError):
    """The bytes are not in the one form that DER allows.  ``at``: offset in bytes."""

    def __init__(self, at: int) -> None:
        super().__init__(f"not DER at byte {at}")
        self.at = at


class _Header(NamedTuple):
    """Identifier and length.  ``tag``: number; ``start`` and ``end`` of the contents."""

    universal: bool
    constructed: bool
    tag: int
    start: int
    end: int


def require_der(data: bytes) -> None:
    """The whole of ``data`` is one value in DER.  Raises NotDerError."""
    if _check(data, 0, len(data), 0) != len(data):
        raise NotDerError(len(data))


def parts(data: bytes) -> tuple[bytes, ...]:
    """The values inside one constructed value.  Raises NotDerError."""
    outer = _header(data, 0, len(data))
    found, at = [], outer.start
    while at < outer.end:
        after = _header(data, at, outer.end).end
        found.append(data[at:after])
        at = after
    return tuple(found)


def _check(data: bytes, at: int, end: int, depth: int) -> int:
    """Check one value; where it ends."""
    header = _header(data, at, end)
    if depth > DEPTH or (header.universal and header.constructed != (header.tag in (SEQUENCE, SET))):
        raise NotDerError(at)
    if header.universal and header.tag == END_OF_CONTENTS:
        raise NotDerError(at)
    if header.constructed:
        _check_parts(data, header, depth)
    elif header.universal and not PRIMITIVE.get(header.tag, _anything)(data[header.start : header.end]):
        raise NotDerError(header.start)
    return header.end


def _check_parts(data: bytes, header: _Header, depth: int) -> None:
    parts, at = [], header.start
    while at < header.end:
        after = _check(data, at, header.end, depth + 1)
        parts.append(data[at:after])
        at = after
    if header.universal and header.tag == SET and any(one > other for one, other in pairwise(parts)):
        raise NotDerError(header.start)


def _header(data: bytes, at: int, end: int) -> _Header:
    try:
        first = data[at]
        tag, after = _tag(data, at)
        length, start = _length(data, after)
    except IndexError as error:
        raise NotDerError(at) from error
    if start + length > end:
        raise NotDerError(at)
    return _Header(first >> 6 == UNIVERSAL, bool(first & CONSTRUCTED), tag, start, start + length)


def _tag(data: bytes, at: int) -> tuple[int, int]:
    """8.1.2: the short form up to 30, else as few bytes as possible."""
    tag = data[at] & HIGH_TAG
    if tag != HIGH_TAG:
        return tag, at + 1
    tag, at = 0, at + 1
    if data[at] == CONTINUES:
        raise NotDerError(at)
    while True:
        tag = tag << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & CONTINUES:
            break
    if tag < HIGH_TAG:
        raise NotDerError(at)
    return tag, at


def _length(data: bytes, at: int) -> tuple[int, int]:
    """10.1: definite, in as few bytes as possible."""
    first = data[at]
    if first < LONG_FORM:
        return first, at + 1
    count = first & 0x7F
    length = int.from_bytes(data[at + 1 : at + 1 + count], "big")
    if not count or data[at + 1] == 0 or length < LONG_FORM:
        raise NotDerError(at)
    return length, at + 1 + count


def _anything(_contents: bytes) -> bool:
    return True


def _is_boolean(contents: bytes) -> bool:
    """11.1."""
    return contents in (b"\x00", b"\xff")


def _is_integer(contents: bytes) -> bool:
    """8.3.2: no leading byte that says nothing."""
    if not contents:
        return False
    second = contents[1:2]
    return not second or (contents[0], second[0] >> 7) not in ((0x00, 0), (0xFF, 1))


def _is_bit_string(contents: bytes) -> bool:
    """11.2: unused bits are zero."""
    if not contents or contents[0] not in range(8):
        return False
    return contents[0] == 0 or (len(contents) > 1 and contents[-1] & ((1 << contents[0]) - 1) == 0)


def _is_null(contents: bytes) -> bool:
    """8.8."""
    return not contents


def _is_object_identifier(contents: bytes) -> bool:
    """8.19.2: each number in as few bytes as possible, the last one ended."""
    if not contents or contents[-1] & CONTINUES:
        return False
    starts = [0, *(place + 1 for place, byte in enumerate(contents[:-1]) if not byte & CONTINUES)]
    return all(contents[place] != CONTINUES for place in starts)


# By universal tag: 1 BOOLEAN, 2 INTEGER, 3 BIT STRING, 5 NULL, 6 OBJECT IDENTIFIER, 10 ENUMERATED.
PRIMITIVE: dict[int, Callable[[bytes], bool]] = {
    1: _is_boolean,
    2: _is_integer,
    3: _is_bit_string,
    5: _is_null,
    6: _is_object_identifier,
    10: _is_integer,
}
