"""Validation data beside signatures (DSS: ISO 32000-2 12.8.4.3, ETSI EN 319 142-1 5.4.2.2), in the one form we write.

What stands after the last signature is covered by none.  So ``read_dss`` accepts a revision only when it is, byte for
byte, what ``append_dss`` writes for the data in it: nothing else can change unnoticed, and the data are DER with
signatures of their own.  Standard library only; the file before it has a plain cross-reference table, as ours have.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

START = re.compile(rb"startxref\r?\n(\d{1,10})\r?\n%%EOF\r?\n?\Z")
SECTION = re.compile(rb"(\d{1,10}) (\d{1,10})\s*?\r?\n")
TAIL_BYTES, ENTRY_BYTES, MAX_SECTIONS = 64, 20, 1000
STREAM = re.compile(rb"(\d{1,10}) 0 obj\n<</Length (\d{1,10})>>\nstream\n")
END_OF_STREAM = b"\nendstream\nendobj\n"
LISTS = (b"/Certs", b"/CRLs")
DSS_OBJECT = re.compile(rb"\d{1,10} 0 obj\n<</Type/DSS" + b"".join(rb"(%s\[([\d R]*)\])?" % n for n in LISTS) + rb">>")


class DssFormError(Exception):
    """The file is not one that this module extends, or the revision not one that it has written.  ``code``: why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Dss:
    """DER of certificates and of CRLs (RFC 5280)."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()

    @property
    def lists(self) -> tuple[tuple[bytes, ...], ...]:
        """In the order of the dictionary's keys."""
        return self.certificates, self.crls


def append_dss(pdf: bytes, added: Dss) -> bytes:
    """The file with one more revision, which adds to the validation data that it has.  Raises DssFormError."""
    base = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    last = _trailer(pdf, _start(pdf))
    size, root = _number(last, rb"/Size\s+(\d+)"), _number(last, rb"/Root\s+(\d+)\s+0\s+R")
    catalog = _object(pdf, root)
    held = re.search(rb"/DSS\s+(\d+)\s+0\s+R", catalog)
    streams = dict(enumerate(chain(*added.lists), size))
    number = int(held[1]) if held else size + len(streams)
    objects = {each: _stream(data) for each, data in streams.items()}
    objects[number] = _dictionary(_held(pdf, number) if held else (b"",) * len(LISTS), added, size)
    if not held:
        objects[root] = catalog[: catalog.rindex(b">>")] + b"/DSS %d 0 R>>" % number
    return base + _revision(objects, len(base), last, max(size, *(each + 1 for each in objects)), _start(pdf))


def read_dss(pdf: bytes, start: int) -> Dss:
    """What the file's last revision, from byte ``start`` on, adds.  Raises DssFormError when it has another form."""
    at = start if pdf[start - 1 : start] == b"\n" else start + 1
    streams = {}
    while stream := STREAM.match(pdf, at):
        end = stream.end() + int(stream[2])
        streams[int(stream[1])] = pdf[stream.end() : end]
        at = end + len(END_OF_STREAM)
    dictionary = DSS_OBJECT.match(pdf, at)
    if not dictionary:
        raise DssFormError("DSS_FORM")
    found = (_references(dictionary[group] or b"") for group in range(2, 2 * len(LISTS) + 1, 2))
    added = Dss(*(tuple(streams[each] for each in numbers if each in streams) for numbers in found))
    if not any(added.lists) or append_dss(pdf[:start], added) != pdf:
        raise DssFormError("DSS_FORM")
    return added


def _dictionary(held: tuple[bytes, ...], added: Dss, number: int) -> bytes:
    """The new streams are numbered from ``number`` on, in the order of the lists."""
    parts = [b"<</Type/DSS"]
    for name, before, data in zip(LISTS, held, added.lists, strict=True):
        new = b" ".join(b"%d 0 R" % each for each in range(number, number + len(data)))
        number += len(data)
        if references := b" ".join(filter(None, (before, new))):
            parts.append(b"%s[%s]" % (name, references))
    return b"".join((*parts, b">>"))


def _held(pdf: bytes, number: int) -> tuple[bytes, ...]:
    dictionary = DSS_OBJECT.match(b"%d 0 obj\n%s" % (number, _object(pdf, number)))
    if not dictionary:
        raise DssFormError("DSS_FORM")
    return tuple(dictionary[group] or b"" for group in range(2, 2 * len(LISTS) + 1, 2))


def _stream(data: bytes) -> bytes:
    return b"<</Length %d>>\nstream\n%s\nendstream" % (len(data), data)


def _revision(objects: Mapping[int, bytes], at: int, last: bytes, size: int, previous: int) -> bytes:
    parts, places = [], {}
    for number, body in objects.items():
        places[number] = at
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        at += len(parts[-1])
    kept = b"".join(_kept(last))
    trailer = b"trailer\n<</Size %d%s/Prev %d>>\n" % (size, kept, previous)
    return b"".join((*parts, _table(places), trailer, b"startxref\n%d\n%%%%EOF\n" % at))


def _table(places: Mapping[int, int]) -> bytes:
    """ISO 32000-1 7.5.4: one section for each run of numbers."""
    lines, numbers = [b"xref\n"], sorted(places)
    while numbers:
        run = [number for place, number in enumerate(numbers) if number == numbers[0] + place]
        lines.append(b"%d %d\n" % (run[0], len(run)))
        lines += [b"%010d 00000 n \n" % places[number] for number in run]
        numbers = numbers[len(run) :]
    return b"".join(lines)


def _kept(last: bytes) -> Iterator[bytes]:
    """Root, Info and ID as the trailer before has them."""
    for name in (b"Root", b"Info"):
        if found := re.search(rb"/%s\s+(\d+)\s+0\s+R" % name, last):
            yield b"/%s %s 0 R" % (name, found[1])
    if found := re.search(rb"/ID\s*\[", last):
        yield b"/ID" + last[found.end() - 1 : _end_of_array(last, found.end())]


def _end_of_array(text: bytes, at: int) -> int:
    """After the ``]`` that is in no string."""
    depth = 0
    while at < len(text):
        byte = text[at : at + 1]
        at += 2 if byte == b"\\" else 1
        depth += {b"(": 1, b")": -1}.get(byte, 0)
        if byte == b"]" and not depth:
            return at
    raise DssFormError("TRAILER")


def _start(pdf: bytes) -> int:
    found = START.search(pdf, max(0, len(pdf) - TAIL_BYTES))
    if not found:
        raise DssFormError("STARTXREF")
    return int(found[1])


def _object(pdf: bytes, number: int) -> bytes:
    """The text between ``obj`` and ``endobj`` of the newest version."""
    table = _start(pdf)
    for _ in range(MAX_SECTIONS):
        if place := _place(pdf, table, number):
            head = b"%d 0 obj" % number
            end = pdf.find(b"endobj", place)
            if pdf[place : place + len(head)] == head and end > place:
                return pdf[place + len(head) : end].strip()
            break
        previous = re.search(rb"/Prev\s+(\d+)", _trailer(pdf, table))
        if not previous or int(previous[1]) >= table:
            break
        table = int(previous[1])
    raise DssFormError("OBJECT")


def _place(pdf: bytes, table: int, number: int) -> int:
    """Where one table says the object is; 0 when it does not."""
    for first, count, entries in _sections(pdf, table):
        if first <= number < first + count:
            entry = pdf[entries + (number - first) * ENTRY_BYTES :][:ENTRY_BYTES]
            return int(entry[:10]) if entry[17:18] == b"n" and entry[:10].isdigit() else 0
    return 0


def _sections(pdf: bytes, table: int) -> Iterator[tuple[int, int, int]]:
    """First number, count, and where the entries begin."""
    at = _after_keyword(pdf, table)
    while section := SECTION.match(pdf, at):
        first, count = int(section[1]), int(section[2])
        yield first, count, section.end()
        at = section.end() + count * ENTRY_BYTES


def _after_keyword(pdf: bytes, table: int) -> int:
    found = re.compile(rb"xref\s*?\r?\n").match(pdf, table)
    if not found:
        raise DssFormError("XREF")
    return found.end()


def _trailer(pdf: bytes, table: int) -> bytes:
    at = _after_keyword(pdf, table)
    for _, count, entries in _sections(pdf, table):
        at = entries + count * ENTRY_BYTES
    end = pdf.find(b"startxref", at)
    if pdf[at : at + 7] != b"trailer" or end < 0:
        raise DssFormError("TRAILER")
    return pdf[at:end]


def _number(text: bytes, pattern: bytes) -> int:
    found = re.search(pattern, text)
    if not found:
        raise DssFormError("TRAILER")
    return int(found[1])


def _references(text: bytes) -> list[int]:
    return [int(number) for number in re.findall(rb"(\d+) 0 R", text)]
