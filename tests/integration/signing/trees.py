"""A signature's CMS object as a tree: changed by a test and written back, with right lengths, into the PDF."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

CONTENTS = re.compile(rb"/Contents\s*<([0-9A-Fa-f]{600,})>")
CONSTRUCTED, LONG_FORM = 0x20, 0x80


@dataclass
class Node:
    """``tag``: identifier octet.  ``content``: bytes, or the nodes inside."""

    tag: int
    content: "bytes | list[Node]"

    def encoded(self) -> bytes:
        body = self.content if isinstance(self.content, bytes) else b"".join(one.encoded() for one in self.content)
        return bytes([self.tag]) + _length(len(body)) + body

    def inner(self) -> "Iterator[list[Node]]":
        """The contents of every constructed value, from the outside."""
        if isinstance(self.content, list):
            yield self.content
            for one in self.content:
                yield from one.inner()


@dataclass
class Hole:
    """Where a signed PDF keeps its CMS object."""

    pdf: bytes

    @property
    def place(self) -> tuple[int, int]:
        """Of the digits, whoever wrote the dictionary."""
        found = CONTENTS.search(self.pdf)
        assert found
        return found.start(1), found.end(1)

    def tree(self) -> Node:
        start, end = self.place
        return _node(bytes.fromhex(self.pdf[start:end].decode()), 0)[0]

    def filled_with(self, tree: Node) -> bytes:
        start, end = self.place
        digits = tree.encoded().hex().encode()
        if any(map(str.isupper, self.pdf[start:end].decode())):
            digits = digits.upper()
        return self.pdf[:start] + digits.ljust(end - start, b"0") + self.pdf[end:]


def _node(data: bytes, at: int) -> tuple[Node, int]:
    tag, first = data[at], data[at + 1]
    at += 2
    length = first
    if first >= LONG_FORM:
        after = at + first - LONG_FORM
        length, at = int.from_bytes(data[at:after], "big"), after
    end = at + length
    if not tag & CONSTRUCTED:
        return Node(tag, data[at:end]), end
    parts = []
    while at < end:
        part, at = _node(data, at)
        parts.append(part)
    return Node(tag, parts), end


def _length(size: int) -> bytes:
    if size < LONG_FORM:
        return bytes([size])
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([LONG_FORM | len(digits)]) + digits
