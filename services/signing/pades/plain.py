"""The PDFs of our renderer, read and extended as the plain bytes that they are (ISO 32000-1 7.5).

One cross-reference table with one section, no object streams, one Document element, dictionaries without line ends:
whatever differs is named by UnexpectedShapeError, and goes the long way through pyHanko.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from services.signing.pades.form import UnexpectedShapeError

OBJECT = re.compile(rb"(\d+) 0 obj\n(<<[^\n]*>>)\nendobj")
TRAILER = re.compile(
    rb"trailer\n<</Size (\d+)(/Root (\d+) 0 R/Info \d+ 0 R/ID\[[^]\n]*\])>>\nstartxref\n(\d+)\n%%EOF\n\Z"
)
ADDED = 3  # objects of the certifying revision that were not there: signature, widget, structure element
TAIL_BYTES, ENTRY_BYTES, PLACE_DIGITS, MOST_LEVELS, MOST_SHAPES = 512, 20, 10, 20, 64
PAGES, TREE = re.compile(rb"/Pages (\d+) 0 R"), re.compile(rb"/StructTreeRoot (\d+) 0 R")
PAGE, DOCUMENT = b"<</Type/Page/", re.compile(rb"/K\[(\d+) 0 R\]")
KIDS, CHILDREN = re.compile(rb"/Kids\[(\d+) 0 R"), re.compile(rb"/K\[([\d R]*)\]")
STRUCTURE = re.compile(rb"/ParentTree<</Nums\[([\d R\[\]]*)\]>>.*/ParentTreeNextKey (\d+)")
ANNOTATIONS = re.compile(rb"/Annots\[([\d R]*)\]")
OLD = b"%d 0 obj\n%s\nendobj\n"
CATALOG = (
    b"%d 0 obj\n%s/AcroForm<</Fields[%d 0 R]/SigFlags 3>>/Perms<</DocMDP %d 0 R>>"
    b"/Extensions<</ESIC<</Type/DeveloperExtensions/BaseVersion/1.7/ExtensionLevel 1>>>>>>\nendobj\n"
)
TABLE = b"xref\n" + b"%d 1\n%010d 00000 n \n" * 4 + b"%d 3\n" + b"%010d 00000 n \n" * 3
WIDGET = (
    b"%d 0 obj\n<</Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/F 132/Rect[0 0 0 0]"
    b"/TU%s/P %d 0 R/StructParent %d/V %d 0 R>>\nendobj\n"
)
ELEMENT = (
    b"%d 0 obj\n<</Type/StructElem/S/Form/P %d 0 R/Pg %d 0 R/Alt%s"
    b"/K<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>>>\nendobj\n"
)


class PlainPdf:
    """One file.  ``length``: in bytes; ``size``: of its table; ``trailer``: what else it says; ``root``: number of its
    catalog; ``table``: where the table begins.
    """

    def __init__(self, pdf: bytes) -> None:
        found = TRAILER.search(pdf, max(0, len(pdf) - TAIL_BYTES))
        if not found:
            raise UnexpectedShapeError("trailer")
        size, self.trailer, root, table = found.groups()
        self._pdf, self.length = pdf, len(pdf)
        self.size, self.root, self.table = int(size), int(root), int(table)
        head = b"xref\n0 %d\n" % self.size
        if not pdf.startswith(head, self.table):
            raise UnexpectedShapeError("xref")
        self._entries = self.table + len(head)

    def dictionary(self, number: int) -> bytes:
        """``<<…>>`` of an object."""
        entry = self._entries + ENTRY_BYTES * number
        try:
            found = OBJECT.match(self._pdf, int(self._pdf[entry : entry + PLACE_DIGITS]))
        except ValueError:
            raise UnexpectedShapeError("xref entry") from None
        if not found or int(found[1]) != number:
            raise UnexpectedShapeError(f"object {number}")
        return found[2]

    def first_page(self, pages: int) -> tuple[int, bytes]:
        """Its number and dictionary.  ``pages``: number of the tree's root."""
        number = pages
        for _ in range(MOST_LEVELS):
            node = self.dictionary(number)
            if node.startswith(PAGE):
                return number, node
            number = int(_found(KIDS, node, "/Kids")[1])
        raise UnexpectedShapeError("first page")


def with_seal(file: PlainPdf, tooltip: bytes) -> tuple[tuple[int, ...], tuple[bytes, ...]]:
    """The objects of the certifying revision but the signature itself: what was there, and then what is added.

    Numbers of the four that were there, in the order in which our renderer writes them, and the bytes of all six: the
    widget, which is the field, and its structure element follow on the signature's number.  ``tooltip``: a PDF string.
    """
    catalog = file.dictionary(file.root)
    page, page_text = file.first_page(int(_found(PAGES, catalog, "/Pages")[1]))
    tree = int(_found(TREE, catalog, "/StructTreeRoot")[1])
    tree_text = file.dictionary(tree)
    document = int(_found(DOCUMENT, tree_text, "Document")[1])
    numbers = tree, document, page, file.root
    texts = tree_text, file.dictionary(document), page_text, catalog
    return numbers, _objects(file.size, numbers, texts, tooltip)


@lru_cache(maxsize=MOST_SHAPES)
def _objects(
    signature: int, numbers: tuple[int, int, int, int], texts: tuple[bytes, bytes, bytes, bytes], tooltip: bytes
) -> tuple[bytes, ...]:
    """Kept, because the notices of one kind differ in what is on the page, and seldom in this."""
    (tree, document, page, root), (tree_text, document_text, page_text, catalog) = numbers, texts
    if b"/AcroForm" in catalog or b"/Perms" in catalog or b"/Extensions" in catalog or b"/DSS" in catalog:
        raise UnexpectedShapeError("no form yet")
    widget, element = signature + 1, signature + 2
    structure = _found(STRUCTURE, tree_text, "/ParentTree")
    key = int(structure[2])
    numbers_end, (begin, end) = structure.end(1), structure.span(2)
    between, after = tree_text[numbers_end:begin], tree_text[end:]
    entered = b"%s %d %d 0 R%s%d%s" % (tree_text[:numbers_end], key, element, between, key + 1, after)
    return (
        OLD % (tree, entered),
        OLD % (document, _with_child(document_text, element)),
        OLD % (page, _annotated(page_text, widget)),
        CATALOG % (root, catalog[:-2], widget, signature),
        WIDGET % (widget, tooltip, page, key, signature),
        ELEMENT % (element, document, page, tooltip, widget, page),
    )


def table_of(file: PlainPdf, numbers: Sequence[int], places: Sequence[int]) -> bytes:
    """The cross-reference table (7.5.4) of a revision that begins where the file ends, with the signature.

    ``numbers`` and ``places``: of the other objects, as ``with_seal`` gives them.
    """
    (one, two, three, four), (a, b, c, d, widget, element) = numbers, places
    return TABLE % (one, a, two, b, three, c, four, d, file.size, file.length, widget, element)


def _annotated(page: bytes, widget: int) -> bytes:
    if b"/Annots" not in page:
        return b"%s/Annots[%d 0 R]>>" % (page[:-2], widget)
    return _longer(page, ANNOTATIONS, widget)


def _with_child(document: bytes, element: int) -> bytes:
    if b"/S/Document" not in document:
        raise UnexpectedShapeError("Document")
    return _longer(document, CHILDREN, element)


def _longer(dictionary: bytes, array: re.Pattern[bytes], added: int) -> bytes:
    """``array``: its group 1 is what is in it."""
    end = _found(array, dictionary, "array").end(1)
    return b"%s %d 0 R%s" % (dictionary[:end], added, dictionary[end:])


def _found(pattern: re.Pattern[bytes], text: bytes, part: str) -> re.Match[bytes]:
    match = pattern.search(text)
    if not match:
        raise UnexpectedShapeError(part)
    return match

