"""A forger's tools: what a PDF's objects are, and one more revision with whatever objects he likes."""

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.signing.verifier.revisions import State, read_object, read_revisions
from services.signing.verifier.values import Name, Ref

HOLE = re.compile(rb"/Contents\s*(<)[0-9A-Fa-f]{600,}(>)")
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


@dataclass(frozen=True)
class Forger:
    """``pdf``: what he has got hold of."""

    pdf: bytes

    @property
    def state(self) -> State:
        return read_revisions(self.pdf).state(len(self.pdf))

    @property
    def root(self) -> int:
        return self._number(self.state.trailer[Name("Root")])

    @property
    def size(self) -> int:
        return max(max(one.places, default=0) for one in self.state.sections) + 1

    @property
    def table(self) -> int:
        """Where the newest cross-reference section begins."""
        return self.state.sections[-1].start

    @property
    def page(self) -> int:
        pages = self.state.dictionary(self.state.root[Name("Pages")])
        return self._number(self.state.items(pages[Name("Kids")])[0])

    @property
    def pages(self) -> int:
        return self._number(self.state.root[Name("Pages")])

    @property
    def contents(self) -> int:
        return self._number(self.state.dictionary(Ref(self.page, 0))[Name("Contents")])

    @property
    def field(self) -> int:
        """Of the first signature."""
        return self._number(self.state.items(self.form[Name("Fields")])[0])

    @property
    def form(self) -> dict:
        return self.state.dictionary(self.state.root[Name("AcroForm")])

    @property
    def signature(self) -> int:
        return self._number(self.state.dictionary(Ref(self.field, 0))[Name("V")])

    @property
    def holes(self) -> list[tuple[int, int]]:
        """``<`` and behind ``>`` of every signature, in the order of the file."""
        return [(found.start(1), found.end(2)) for found in HOLE.finditer(self.pdf)]

    def number_of(self, *path: str) -> int:
        """Of the object that keys lead to from the catalog; the last one must be a reference."""
        value = self.state.root
        for name in path[:-1]:
            value = self.state.dictionary(value[Name(name)])
        return self._number(value[Name(path[-1])])

    def body(self, number: int) -> bytes:
        """As it stands in the file, between ``obj`` and ``endobj``."""
        state = self.state
        place = state.place(number)
        assert place and not place.stream
        _, _, end = read_object(self.pdf, place.at, state.revisions.budget, state)
        text = self.pdf[place.at : end].removesuffix(b"endobj")
        return text[text.index(b"obj") + 3 :].strip()

    def with_entries(self, number: int, entries: bytes, *without: bytes) -> bytes:
        """The dictionary with entries more; those of the names ``without`` are left out by another name."""
        body = self.body(number)
        for name in without:
            body = re.sub(rb"%s(?![A-Za-z])" % name, name + b"Old", body)
        return body[: body.rindex(b">>")] + entries + b">>"

    def revise(
        self,
        objects: Mapping[int, bytes],
        free: Iterable[int] = (),
        root: int | None = None,
        trailer: bytes = b"",
        places: Mapping[int, int] | None = None,
        previous: int | None = None,
    ) -> bytes:
        """One more revision.  ``places``: objects that its table says stand elsewhere; ``previous``: not the newest."""
        base = self.pdf if self.pdf.endswith(b"\n") else self.pdf + b"\n"
        parts, rows = [base], dict.fromkeys(free, b"0000000000 65535 f \n")
        at = len(base)
        for number, body in objects.items():
            rows[number] = b"%010d 00000 n \n" % at
            parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, body))
            at += len(parts[-1])
        rows |= {number: b"%010d 00000 n \n" % place for number, place in (places or {}).items()}
        table = b"".join(b"%d 1\n%b" % (number, rows[number]) for number in sorted(rows))
        entries = b"/Size %d/Root %d 0 R/Prev %d%b" % (
            max((self.size, *(number + 1 for number in rows))),
            self.root if root is None else root,
            self.table if previous is None else previous,
            self.kept() + trailer,
        )
        parts.append(b"xref\n%btrailer\n<<%b>>\nstartxref\n%d\n%%%%EOF\n" % (table, entries, at))
        return b"".join(parts)

    def kept(self) -> bytes:
        """Of the trailer, what stays."""
        info = self.state.trailer.get(Name("Info"))
        identifiers = b"".join(b"<%b>" % one.data.hex().encode() for one in self.state.trailer[Name("ID")])
        return (b"/Info %d 0 R" % info.number if info else b"") + b"/ID[%b]" % identifiers

    @staticmethod
    def _number(value: object) -> int:
        assert isinstance(value, Ref)
        return value.number


def stream(data: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    return b"<</Length %d/Filter/FlateDecode%b>>\nstream\n%b\nendstream" % (len(packed), entries, packed)


def picture(entries: bytes = b"") -> bytes:
    """A form that covers the whole page in white."""
    return stream(b"1 g 0 0 600 850 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 600 850]" + entries)
