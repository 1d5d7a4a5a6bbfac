"""PDF values (ISO 32000-2 7.2, 7.3) read from bytes, lazily and within bounds: our own reader, beside pyHanko's."""

import re
import zlib
from dataclasses import dataclass
from typing import NamedTuple

DEPTH = 100
COLUMNS = 64
TOKENS = 500_000
MOST_INFLATED = 32 << 20
SPACE = rb"(?:[\x00\t\n\x0c\r ]++|%[^\r\n]*+)*+"
TOKEN = re.compile(
    SPACE
    + rb"(?:(?P<ref>[0-9]{1,10} [0-9]{1,5} R(?![^\x00\t\n\x0c\r ()<>\[\]{}/%]))"
    + rb"|(?P<number>[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?![^\x00\t\n\x0c\r ()<>\[\]{}/%]))"
    + rb"|/(?P<name>[^\x00\t\n\x0c\r ()<>\[\]{}/%]{0,4096})|(?P<open><<|\[)|(?P<close>>>|\])"
    + rb"|<(?P<hex>[0-9A-Fa-f\x00\t\n\x0c\r ]*+)>|(?P<string>\()|(?P<word>true|false|null)(?![A-Za-z0-9]))"
)
STREAM = re.compile(SPACE + rb"stream(?:\r\n|\n)")
HEADER = re.compile(rb"([0-9]{1,10}) ([0-9]{1,5}) obj(?![A-Za-z0-9])")
END_OF_STREAM = re.compile(rb"[\r\n ]{0,4}endstream(?![A-Za-z0-9])")
END = re.compile(SPACE + rb"endobj(?![A-Za-z0-9])")
IN_STRING = re.compile(rb"[()\\]")
IN_LITERAL = re.compile(rb"\\(?:(?P<octal>[0-7]{1,3})|\r\n|.|\n)|\r\n|\r", re.DOTALL)
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
WORDS = {b"true": True, b"false": False, b"null": None}


class OddFileError(Exception):
    """The bytes cannot be read as a file of revisions.  ``code``: what was met."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TooComplexError(Exception):
    """More of something than an honest file has."""


class Name(str):
    """/Name, without the slash, with its escapes undone."""

    __slots__ = ()


class Ref(NamedTuple):
    """12 0 R."""

    number: int
    generation: int


@dataclass(frozen=True)
class Text:
    """A string, with its escapes undone: compared, never shown."""

    data: bytes


@dataclass(frozen=True)
class Stream:
    """``data``: as it stands in the file."""

    entries: "dict[Name, Value]"
    data: bytes


Value = None | bool | int | float | Name | Ref | Text | Stream | list["Value"] | dict[Name, "Value"]
Container = list["Value"] | dict[Name, "Value"]


@dataclass
class Budget:
    """Shared by everything that is read of one file."""

    tokens: int = TOKENS
    inflated: int = MOST_INFLATED

    def take(self, count: int = 1) -> None:
        """Raises TooComplexError."""
        self.tokens -= count
        if self.tokens < 0:
            raise TooComplexError


class _Open:
    """An array or dictionary being read.  ``key``: what the next value belongs to."""

    def __init__(self, closes_with: bytes) -> None:
        self.closes_with = closes_with
        self.container: Container = [] if closes_with == b"]" else {}
        self.key: Name | None = None

    def add(self, value: Value) -> None:
        if isinstance(self.container, list):
            self.container.append(value)
        elif self.key is not None:
            if self.key in self.container:
                raise OddFileError("DOUBLE_KEY")
            self.container[self.key] = value
            self.key = None
        elif isinstance(value, Name):
            self.key = value
        else:
            raise OddFileError("DICTIONARY")

    def closed(self, by: bytes) -> Container:
        if by != self.closes_with or self.key is not None:
            raise OddFileError("NESTING")
        return self.container


def read_value(data: bytes, at: int, budget: Budget) -> tuple[Value, int]:
    """One direct value from ``at`` on, and where it ends.  Raises OddFileError, TooComplexError."""
    stack: list[_Open] = []
    while True:
        budget.take()
        found = TOKEN.match(data, at)
        if not found:
            raise OddFileError("TOKEN")
        at, kind = found.end(), found.lastgroup or ""
        if kind == "open":
            stack.append(_Open(b"]" if found["open"] == b"[" else b">>"))
            if len(stack) > DEPTH:
                raise TooComplexError
            continue
        if kind == "close":
            if not stack:
                raise OddFileError("NESTING")
            value: Value = stack.pop().closed(found["close"])
        elif kind == "string":
            end = _end_of_string(data, at, budget)
            value, at = Text(_unescaped(data[at : end - 1])), end
        else:
            value = _scalar(found, kind)
        if not stack:
            return value, at
        stack[-1].add(value)


def _scalar(found: re.Match[bytes], kind: str) -> Value:
    text = found[kind]
    if kind == "ref":
        number, generation, _ = text.split()
        return Ref(int(number), int(generation))
    if kind == "number":
        return float(text) if b"." in text else int(text)
    if kind == "name":
        return Name(ESCAPE.sub(lambda one: bytes([int(one[1], 16)]), text).decode("latin-1"))
    return Text(_from_hex(text)) if kind == "hex" else WORDS[text]


def _from_hex(text: bytes) -> bytes:
    """7.3.4.3: white space does not count, and a missing last digit is 0."""
    digits = text.translate(None, b"\x00\t\n\x0c\r ")
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def _unescaped(text: bytes) -> bytes:
    """7.3.4.2."""
    return IN_LITERAL.sub(_character, text) if b"\\" in text or b"\r" in text else text


def _character(found: re.Match[bytes]) -> bytes:
    text = found[0]
    if text[:1] != b"\\":
        return b"\n"
    if digits := found["octal"]:
        return bytes([int(digits, 8) & 0xFF])
    return ESCAPED.get(text[1:], text[1:])


def _end_of_string(data: bytes, at: int, budget: Budget) -> int:
    depth = 1
    while depth:
        budget.take()
        found = IN_STRING.search(data, at)
        if not found:
            raise OddFileError("STRING")
        at = found.end()
        if found[0] == b"\\":
            at += 1
        else:
            depth += 1 if found[0] == b"(" else -1
    return at


def inflate(stream: Stream, budget: Budget) -> bytes:
    """Of the filters only FlateDecode with a PNG predictor, as cross-reference and object streams have.

    Raises OddFileError, TooComplexError.
    """
    wanted = stream.entries.get(Name("Filter"))
    if wanted in (None, []):
        return stream.data
    if wanted not in (Name("FlateDecode"), [Name("FlateDecode")]):
        raise OddFileError("FILTER")
    data = _inflated(stream.data, budget)
    parameters = stream.entries.get(Name("DecodeParms"))
    if isinstance(parameters, list):
        parameters = parameters[0] if len(parameters) == 1 else None
    return _unpredicted(data, parameters) if isinstance(parameters, dict) else data


def _inflated(data: bytes, budget: Budget) -> bytes:
    engine = zlib.decompressobj()
    try:
        found = engine.decompress(data, budget.inflated + 1)
    except zlib.error as error:
        raise OddFileError("DEFLATE") from error
    budget.inflated -= len(found)
    if budget.inflated < 0:
        raise TooComplexError
    return found


def _unpredicted(data: bytes, parameters: dict[Name, Value]) -> bytes:
    """ISO 32000-2 7.4.4.4: predictors 10 to 15; every row begins with its own kind, of which 0 and 2 are known here."""
    predictor, columns = parameters.get(Name("Predictor"), 1), parameters.get(Name("Columns"), 1)
    if predictor == 1:
        return data
    if not isinstance(columns, int) or not 1 <= columns <= COLUMNS or len(data) % (columns + 1):
        raise OddFileError("PREDICTOR")
    rows, above = bytearray(), bytes(columns)
    for at in range(0, len(data), columns + 1):
        kind, row = data[at], data[at + 1 : at + 1 + columns]
        if kind == 2:  # noqa: PLR2004 - Up
            row = bytes((one + other) & 0xFF for one, other in zip(row, above, strict=True))
        elif kind:
            raise OddFileError("PREDICTOR")
        rows += row
        above = row
    return bytes(rows)
