"""The PDFs of our renderer, read and extended as the plain bytes that they are (ISO 32000-1 7.5).

One cross-reference table with one section, no object streams, one Document element, dictionaries without line ends:
whatever differs is named by UnexpectedShapeError, and goes the long way through pyHanko.
"""

import re
from collections.abc import Mapping

from services.signing.pades.form import UnexpectedShapeError

TRAILER = re.compile(rb"trailer\n<<(/Size (\d+)/Root (\d+) 0 R[^\n]*)>>\nstartxref\n(\d+)\n%%EOF\n?\Z")
TAIL_BYTES, ENTRY_BYTES, MOST_LEVELS = 512, 20, 20
PAGES, KIDS = re.compile(rb"/Pages (\d+) 0 R"), re.compile(rb"/Kids\[(\d+) 0 R")
TREE, DOCUMENT = re.compile(rb"/StructTreeRoot (\d+) 0 R"), re.compile(rb"/K\[(\d+) 0 R\]")
NUMBERS = re.compile(rb"/ParentTree<</Nums\[([\d R\[\]]*)\]>>")
NEXT_KEY, CHILDREN = re.compile(rb"/ParentTreeNextKey (\d+)"), re.compile(rb"/K\[([\d R]*)\]")
ANNOTATIONS = re.compile(rb"/Annots\[([\d R]*)\]")
TAKEN = (b"/AcroForm", b"/Perms", b"/Extensions", b"/DSS")


class PlainPdf:
    """One file.  ``size``: of its table; ``root``: number of its catalog; ``table``: where the table begins."""

    def __init__(self, pdf: bytes) -> None:
        trailer = TRAILER.search(pdf, max(0, len(pdf) - TAIL_BYTES))
        if not trailer or b"/Prev" in trailer[1] or b"/Encrypt" in trailer[1]:
            raise UnexpectedShapeError("trailer")
        self._pdf, self.trailer = pdf, trailer[1]
        self.size, self.root, self.table = int(trailer[2]), int(trailer[3]), int(trailer[4])
        head = b"xref\n0 %d\n" % self.size
        self._entries = self.table + len(head)
        if pdf[self.table : self._entries] != head:
            raise UnexpectedShapeError("xref")

    def dictionary(self, number: int) -> bytes:
        """``<<…>>`` of an object."""
        entry = self._pdf[self._entries + ENTRY_BYTES * number :][:ENTRY_BYTES]
        if number >= self.size or entry[17:18] != b"n" or not entry[:10].isdigit():
            raise UnexpectedShapeError("xref entry")
        place, head = int(entry[:10]), b"%d 0 obj\n" % number
        end = self._pdf.find(b"\nendobj", place)
        found = self._pdf[place + len(head) : end]
        if end < 0 or self._pdf[place : place + len(head)] != head or found[:2] != b"<<" or found[-2:] != b">>":
            raise UnexpectedShapeError(f"object {number}")
        return found

    def first_page(self) -> int:
        """Its number."""
        number = _found(PAGES, self.dictionary(self.root), "/Pages")
        for _ in range(MOST_LEVELS):
            node = self.dictionary(number)
            if b"/Type/Page/" in node or node.endswith(b"/Type/Page>>"):
                return number
            number = _found(KIDS, node, "/Kids")
        raise UnexpectedShapeError("first page")


def with_seal(file: PlainPdf, signature: int, tooltip: bytes) -> dict[int, bytes]:
    """The objects of the certifying revision but the signature itself, by number.

    Field and widget are ``signature`` + 1, the widget's structure element ``signature`` + 2.

    ``tooltip``: a PDF string.
    """
    catalog, page = file.dictionary(file.root), file.first_page()
    if any(name in catalog for name in TAKEN):
        raise UnexpectedShapeError("no form yet")
    tree = _found(TREE, catalog, "/StructTreeRoot")
    document = _found(DOCUMENT, file.dictionary(tree), "Document")
    widget, element = signature + 1, signature + 2
    looks = b"/Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/F 132/Rect[0 0 0 0]"
    key, tagged = _tagged(file.dictionary(tree), element)
    return {
        file.root: _and(
            catalog,
            b"/AcroForm<</Fields[%d 0 R]/SigFlags 3>>/Perms<</DocMDP %d 0 R>>" % (widget, signature),
            b"/Extensions<</ESIC<</Type/DeveloperExtensions/BaseVersion/1.7/ExtensionLevel 1>>>>",
        ),
        page: _annotated(file.dictionary(page), widget),
        tree: tagged,
        document: _with_child(file.dictionary(document), element),
        widget: b"<<%s/TU%s/P %d 0 R/StructParent %d/V %d 0 R>>" % (looks, tooltip, page, key, signature),
        element: b"<</Type/StructElem/S/Form/P %d 0 R/Pg %d 0 R/Alt%s/K<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>>>"
        % (document, page, tooltip, widget, page),
    }


def table_of(places: Mapping[int, int]) -> bytes:
    """A cross-reference table (7.5.4): one section for each run of numbers."""
    lines = [b"xref\n"]
    run: list[int] = []
    for number in sorted(places):
        if run and number != run[-1] + 1:
            lines += _section(run, places)
            run = []
        run.append(number)
    return b"".join((*lines, *_section(run, places)))


def _section(run: list[int], places: Mapping[int, int]) -> list[bytes]:
    return [b"%d %d\n" % (run[0], len(run)), *(b"%010d 00000 n \n" % places[number] for number in run)]


def _tagged(tree: bytes, element: int) -> tuple[int, bytes]:
    """The key that the widget gets in the parent tree, and the structure tree with it."""
    numbers, following = NUMBERS.search(tree), NEXT_KEY.search(tree)
    if not numbers or not following:
        raise UnexpectedShapeError("/ParentTree")
    key = int(following[1])
    entered = b"/ParentTree<</Nums[%s %d %d 0 R]>>" % (numbers[1], key, element)
    tree = tree.replace(numbers[0], entered, 1)
    return key, tree.replace(following[0], b"/ParentTreeNextKey %d" % (key + 1), 1)


def _with_child(document: bytes, element: int) -> bytes:
    children = CHILDREN.search(document)
    if not children or b"/S/Document" not in document:
        raise UnexpectedShapeError("Document")
    return document.replace(children[0], b"/K[%s %d 0 R]" % (children[1], element), 1)


def _annotated(page: bytes, widget: int) -> bytes:
    if b"/Annots" not in page:
        return _and(page, b"/Annots[%d 0 R]" % widget)
    held = ANNOTATIONS.search(page)
    if not held:
        raise UnexpectedShapeError("/Annots")
    return page.replace(held[0], b"/Annots[%s %d 0 R]" % (held[1], widget), 1)


def _and(dictionary: bytes, *added: bytes) -> bytes:
    return b"".join((dictionary[:-2], *added, b">>"))


def _found(pattern: re.Pattern[bytes], text: bytes, part: str) -> int:
    match = pattern.search(text)
    if not match:
        raise UnexpectedShapeError(part)
    return int(match[1])
