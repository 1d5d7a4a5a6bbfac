"""A PDF as its revisions (ISO 32000-2 7.5.4 to 7.5.8): from the last startxref along /Prev, within bounds.

A state is what a reader sees who knows some of the sections: the whole file, or only what a signature covers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from services.signing.verifier.values import (
    END,
    END_OF_STREAM,
    HEADER,
    SPACE,
    STREAM,
    Budget,
    Name,
    OddFileError,
    Ref,
    Stream,
    TooComplexError,
    Value,
    inflate,
    read_value,
)

SECTIONS, ENTRIES, STREAMS = 64, 400_000, 2_000
START = re.compile(rb"startxref[\r\n ]{1,4}([0-9]{1,10})[\r\n ]{1,4}%%EOF(?:\r\n|\n|\r)?\Z")
START_ANYWHERE = re.compile(rb"startxref[\r\n ]{1,4}([0-9]{1,10})[\r\n ]{1,4}%%EOF")
TABLE = re.compile(rb"xref[ ]?[\r\n]{1,2}")
RUN = re.compile(rb"([0-9]{1,10}) ([0-9]{1,10})[ ]?[\r\n]{1,2}")
ENTRY = re.compile(rb"([0-9]{10}) ([0-9]{5}) ([nf])[ \r\n]{2}")
TRAILER = re.compile(SPACE + rb"trailer")
ENTRY_BYTES, TAIL_BYTES = 20, 1100
PREV, ROOT, SIZE, XREF_STM = Name("Prev"), Name("Root"), Name("Size"), Name("XRefStm")


class Place(NamedTuple):
    """Where an object stands: at a byte (``stream`` 0), or as the ``at``-th in an object stream; nowhere: at -1."""

    at: int
    stream: int = 0

    @property
    def is_free(self) -> bool:
        """Not in use."""
        return self.at < 0


@dataclass(frozen=True)
class Section:
    """One cross-reference section.  ``start``, ``end``: its bytes, without startxref and %%EOF."""

    start: int
    end: int
    places: dict[int, Place]
    trailer: dict[Name, Value]


@dataclass
class Revisions:
    """``sections``: the oldest first, as the chain of /Prev has them."""

    pdf: bytes
    sections: list[Section]
    budget: Budget
    values: dict[tuple[int, int], Value] = field(default_factory=dict)
    packed: dict[int, list[tuple[int, Value]]] = field(default_factory=dict)
    reading: set[int] = field(default_factory=set)

    def state(self, covered: int) -> "State":
        """As the first ``covered`` bytes show it."""
        return State(self, [one for one in self.sections if one.start < covered])


@dataclass
class State:
    """``sections``: the oldest first; at least one."""

    revisions: Revisions
    sections: list[Section]

    @property
    def trailer(self) -> dict[Name, Value]:
        """Of the newest section.  Raises OddFileError when there is none."""
        if not self.sections:
            raise OddFileError("XREF")
        return self.sections[-1].trailer

    @property
    def root(self) -> dict[Name, Value]:
        """The catalog.  Raises OddFileError."""
        return self.dictionary(self.trailer.get(ROOT))

    def place(self, number: int) -> Place | None:
        """Of the newest version; nothing when no section knows it or it is free."""
        for section in reversed(self.sections):
            if found := section.places.get(number):
                return None if found.is_free else found
        return None

    def get(self, number: int) -> Value:
        """The object's value; null when there is none (7.3.10).  Raises OddFileError, TooComplexError."""
        place = self.place(number)
        if place is None:
            return None
        return self._packed(number, place) if place.stream else self._plain(number, place.at)

    def of(self, value: Value) -> Value:
        """What a reference leads to; a direct value is itself."""
        return self.get(value.number) if isinstance(value, Ref) else value

    def dictionary(self, value: Value) -> dict[Name, Value]:
        """Raises OddFileError when it is none."""
        found = self.of(value)
        if not isinstance(found, dict):
            raise OddFileError("DICTIONARY")
        return found

    def items(self, value: Value) -> list[Value]:
        """Of an array; of nothing none.  Raises OddFileError when it is something else."""
        found = self.of(value)
        if not isinstance(found, list | None):
            raise OddFileError("ARRAY")
        return found or []

    def _plain(self, number: int, at: int) -> Value:
        key, all_values = (number, at), self.revisions.values
        if key not in all_values:
            if at in self.revisions.reading:
                raise OddFileError("LENGTH")
            self.revisions.reading.add(at)
            found, all_values[key], _ = read_object(self.revisions.pdf, at, self.revisions.budget, self)
            self.revisions.reading.remove(at)
            if found.number != number:
                raise OddFileError("OBJECT_NUMBER")
        return all_values[key]

    def _packed(self, number: int, place: Place) -> Value:
        holder = self.place(place.stream)
        if holder is None or holder.stream:
            raise OddFileError("OBJECT_STREAM")
        if holder.at not in self.revisions.packed:
            if len(self.revisions.packed) > STREAMS:
                raise TooComplexError
            stream = self._plain(place.stream, holder.at)
            self.revisions.packed[holder.at] = _unpacked(stream, self.revisions.budget)
        values = self.revisions.packed[holder.at]
        if place.at >= len(values) or values[place.at][0] != number:
            raise OddFileError("OBJECT_STREAM")
        return values[place.at][1]


def read_revisions(pdf: bytes) -> Revisions:
    """Raises OddFileError, TooComplexError."""
    budget = Budget()
    sections: list[Section] = []
    entries = 0
    at: int | None = _last_start(pdf)
    while at is not None:
        if any(at == one.start for one in sections):
            raise OddFileError("XREF_LOOP")
        if len(sections) >= SECTIONS:
            raise TooComplexError
        section = _section(pdf, at, budget)
        entries += len(section.places)
        if entries > ENTRIES:
            raise TooComplexError
        sections.append(section)
        at = _previous(section)
    return Revisions(pdf, sections[::-1], budget)


def read_object(pdf: bytes, at: int, budget: Budget, state: State | None = None) -> tuple[Ref, Value, int]:
    """An indirect object: its name, value and end.  ``state``: where a stream's length may stand.

    Raises OddFileError, TooComplexError.
    """
    head = HEADER.match(pdf, at)
    if not head:
        raise OddFileError("OBJECT")
    value, at = read_value(pdf, head.end(), budget)
    stream = STREAM.match(pdf, at)
    if stream and isinstance(value, dict):
        length = value.get(Name("Length"))
        if isinstance(length, Ref) and state:
            length = state.get(length.number)
        if not isinstance(length, int) or not 0 <= length <= len(pdf):
            raise OddFileError("LENGTH")
        end = END_OF_STREAM.match(pdf, stream.end() + length)
        if not end:
            raise OddFileError("LENGTH")
        value, at = Stream(value, pdf[stream.end() : stream.end() + length]), end.end()
    closed = END.match(pdf, at)
    if not closed:
        raise OddFileError("ENDOBJ")
    return Ref(int(head[1]), int(head[2])), value, closed.end()


def start_before(pdf: bytes, end: int) -> int | None:
    """The startxref with which the first ``end`` bytes close; nothing when they close otherwise."""
    found = START.search(pdf, max(0, end - TAIL_BYTES), end)
    return int(found[1]) if found else None


def _last_start(pdf: bytes) -> int:
    found = list(START_ANYWHERE.finditer(pdf, max(0, len(pdf) - TAIL_BYTES)))
    if not found:
        raise OddFileError("STARTXREF")
    return int(found[-1][1])


def _previous(section: Section) -> int | None:
    if XREF_STM in section.trailer:
        raise OddFileError("HYBRID")
    previous = section.trailer.get(PREV)
    if previous is not None and not isinstance(previous, int):
        raise OddFileError("XREF")
    return previous


def _section(pdf: bytes, start: int, budget: Budget) -> Section:
    table = TABLE.match(pdf, start)
    return _table(pdf, start, table.end(), budget) if table else _stream_section(pdf, start, budget)


def _table(pdf: bytes, start: int, at: int, budget: Budget) -> Section:
    places: dict[int, Place] = {}
    while run := RUN.match(pdf, at):
        first, count, at = int(run[1]), int(run[2]), run.end()
        if count > ENTRIES or at + count * ENTRY_BYTES > len(pdf):
            raise OddFileError("XREF")
        for number in range(first, first + count):
            entry = ENTRY.match(pdf, at)
            if not entry or number in places:
                raise OddFileError("XREF")
            places[number] = Place(int(entry[1]) if entry[3] == b"n" else -1)
            at += ENTRY_BYTES
    head = TRAILER.match(pdf, at)
    if not head:
        raise OddFileError("TRAILER")
    trailer, end = read_value(pdf, head.end(), budget)
    if not isinstance(trailer, dict):
        raise OddFileError("TRAILER")
    return Section(start, end, places, trailer)


def _stream_section(pdf: bytes, start: int, budget: Budget) -> Section:
    _, stream, end = read_object(pdf, start, budget)
    if not isinstance(stream, Stream) or stream.entries.get(Name("Type")) != Name("XRef"):
        raise OddFileError("XREF")
    widths = stream.entries.get(Name("W"))
    size = stream.entries.get(SIZE)
    index = stream.entries.get(Name("Index"), [0, size])
    if not _are_counts(widths, 3, 8) or not isinstance(index, list) or not _are_counts(index, len(index), 1 << 31):
        raise OddFileError("XREF")
    data = inflate(stream, budget)
    return Section(start, end, dict(_packed_places(data, widths, index)), stream.entries)  # type: ignore[arg-type]


def _are_counts(value: Value, length: int, most: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == length
        and all(isinstance(one, int) and 0 <= one <= most for one in value)
    )


def _packed_places(data: bytes, widths: list[int], index: list[int]) -> Iterator[tuple[int, Place]]:
    """7.5.8.3: fields of type 0 (free), 1 (at a byte) and 2 (in an object stream)."""
    width, at = sum(widths), 0
    if not width or sum(index[1::2]) > ENTRIES:
        raise TooComplexError
    first_end, second_end = widths[0], widths[0] + widths[1]
    for first, count in zip(index[::2], index[1::2], strict=False):
        for number in range(first, first + count):
            row = data[at : at + width]
            if len(row) != width:
                raise OddFileError("XREF")
            kind = int.from_bytes(row[:first_end], "big") if first_end else 1
            second, third = int.from_bytes(row[first_end:second_end], "big"), int.from_bytes(row[second_end:], "big")
            yield number, {0: Place(-1), 1: Place(second)}.get(kind) or Place(third, second)
            at += width


def _unpacked(stream: Value, budget: Budget) -> list[tuple[int, Value]]:
    """7.5.7: (number, value) of each object of an object stream."""
    if not isinstance(stream, Stream) or stream.entries.get(Name("Type")) != Name("ObjStm"):
        raise OddFileError("OBJECT_STREAM")
    count, first = stream.entries.get(Name("N")), stream.entries.get(Name("First"))
    if not isinstance(count, int) or not isinstance(first, int) or not 0 <= count <= ENTRIES:
        raise OddFileError("OBJECT_STREAM")
    data = inflate(stream, budget)
    budget.take(count)
    numbers = [int(one) for one in data[:first].split()[: 2 * count] if len(one) <= 10]  # noqa: PLR2004 - digits
    if len(numbers) != 2 * count:
        raise OddFileError("OBJECT_STREAM")
    return [
        (number, read_value(data, first + at, budget)[0])
        for number, at in zip(numbers[::2], numbers[1::2], strict=True)
    ]
