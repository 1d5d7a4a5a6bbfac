"""PDFs that are made to cost much: each a function of nothing."""

import io
import re
import zlib
from collections.abc import Callable, Iterable

from tests.integration.signing.attacks.forging import Forger, stream

Object = tuple[int, bytes]
CONTENTS = re.compile(rb"/Contents(<3080>)")
RANGE = b"[0 0000000000 0000000000 0000000000"
CLAIM = b"% ETSI.CAdES.detached\n"


def pdf_of(objects: Iterable[Object], trailer: bytes = b"/Root 1 0 R", tail: bytes = b"") -> bytes:
    """A file with a plain table; it claims a signature over the whole of it, so that nothing is spared."""
    out, places = io.BytesIO(), {}
    out.write(b"%PDF-1.7\n" + CLAIM)
    for number, body in objects:
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    start, size = out.tell(), max(places) + 1
    rows = b"".join(
        b"%010d %05d %b \n" % ((places[n], 0, b"n") if n in places else (0, 65535, b"f")) for n in range(size)
    )
    out.write(
        b"xref\n0 %d\n%btrailer\n<</Size %d%b>>\n%bstartxref\n%d\n%%%%EOF\n" % (size, rows, size, trailer, tail, start)
    )
    return claiming(out.getvalue())


def claiming(pdf: bytes) -> bytes:
    """With the byte range that leaves out the signature's contents and nothing else."""
    found = CONTENTS.search(pdf)
    if not found:
        return pdf
    numbers = b"[0 %d %d %d" % (found.start(1), found.end(1), len(pdf) - found.end(1))
    return pdf.replace(RANGE, numbers.ljust(len(RANGE)), 1)


def stream_of(data: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d/Filter/FlateDecode%b>>\nstream\n%b\nendstream" % (len(data), entries, data)


CATALOG = (1, b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/SigFlags 3>>>>")
PAGES = (2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
PAGE = (3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Annots[5 0 R]>>")
FIELD = (5, b"<</FT/Sig/T(Seal)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/P 3 0 R/V 6 0 R>>")
KIND = b"/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
SIGNATURE = (6, b"<<%b/ByteRange%b]/Contents<3080>>>" % (KIND, RANGE))
USUAL = (CATALOG, PAGES, PAGE, FIELD, SIGNATURE)


def deflate_bomb() -> bytes:
    """A thousand to one, twice over: the table of contents itself is the bomb."""
    packed = zlib.compress(zlib.compress(bytes(1 << 29), 9), 9)
    bomb = stream_of(packed, b"/Type/XRef/W[1 2 1]/Size 9999999/Root 1 0 R").replace(
        b"/FlateDecode", b"[/FlateDecode/FlateDecode]", 1
    )
    head = pdf_of(USUAL)
    return head + b"9 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (bomb, len(head))


def object_stream_bomb() -> bytes:
    """The catalog stands in an object stream of half a gigabyte."""
    body = b"1 0 " + CATALOG[1]
    packed = zlib.compress(body + b" " * (1 << 29), 9)
    objects = io.BytesIO()
    objects.write(b"%PDF-1.7\n" + CLAIM)
    place = objects.tell()
    objects.write(b"8 0 obj\n%b\nendobj\n" % stream_of(packed, b"/Type/ObjStm/N 1/First 4"))
    start = objects.tell()
    rows = bytes([2, 0, 0, 8, 0]) + bytes([1]) + place.to_bytes(3, "big") + b"\0"
    objects.write(
        b"9 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n"
        % (stream_of(zlib.compress(rows), b"/Type/XRef/W[1 3 1]/Index[1 1 8 1]/Size 10/Root 1 0 R"), start)
    )
    return objects.getvalue()


def deep_nesting() -> bytes:
    deep = (7, b"[" * 2_000_000)
    return pdf_of((*USUAL[:1], (2, b"<</Type/Pages/Kids 7 0 R/Count 1>>"), *USUAL[2:], deep))


def deep_dictionaries() -> bytes:
    deep = (7, b"<</A" * 500_000 + b" 1" + b">>" * 500_000)
    return pdf_of((*USUAL[:1], (2, b"<</Type/Pages/Kids 7 0 R/Count 1>>"), *USUAL[2:], deep))


def xref_loop() -> bytes:
    head = pdf_of(USUAL)
    start = len(head)
    return head + b"xref\n0 0\ntrailer\n<</Size 7/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (start, start)


def xref_ping_pong() -> bytes:
    """Two tables, each the other's predecessor."""
    head = pdf_of(USUAL)
    first = b"xref\n0 0\ntrailer\n<</Size 7/Root 1 0 R/Prev %09d>>\nstartxref\n0\n%%%%EOF\n"
    second = len(head) + len(first % 0)
    tail = b"xref\n0 0\ntrailer\n<</Size 7/Root 1 0 R/Prev %09d>>\nstartxref\n%d\n%%%%EOF\n" % (len(head), second)
    return head + first % second + tail


def long_chain_of_revisions() -> bytes:
    parts, place = [pdf_of(USUAL)], pdf_of(USUAL).rindex(b"xref\n0")
    size = len(parts[0])
    for _ in range(60_000):
        part = b"xref\n0 0\ntrailer\n<</Size 7/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (place, size)
        place, size = size, size + len(part)
        parts.append(part)
    return b"".join(parts)


def object_stream_loop() -> bytes:
    """An object stream that stands in itself."""
    place_of_table = len(b"%PDF-1.7\n" + CLAIM)
    rows = b"".join(bytes([2, 0, 8, number]) for number in range(10))
    table = stream_of(zlib.compress(rows), b"/Type/XRef/W[1 2 1]/Size 10/Root 1 0 R")
    return b"%%PDF-1.7\n%b9 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (CLAIM, table, place_of_table)


def huge_page_tree() -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(10, 100_010))
    pages = (2, b"<</Type/Pages/Kids[%b]/Count 100000>>" % kids)
    leaves = ((number, b"<</Type/Page/Parent 2 0 R>>") for number in range(10, 100_010))
    return pdf_of((CATALOG, pages, *USUAL[2:], *leaves))


def page_tree_loop() -> bytes:
    return pdf_of((CATALOG, (2, b"<</Type/Pages/Kids[2 0 R 2 0 R 2 0 R]/Count 9>>"), *USUAL[2:]))


def field_tree_loop() -> bytes:
    return pdf_of((*USUAL[:3], (5, b"<</T(a)/Kids[5 0 R 5 0 R]>>"), SIGNATURE))


def wide_field_tree() -> bytes:
    """Ten levels of ten: a tree that no list of its nodes is as long as."""
    levels = [(10 + n, b"<</T(a)/Kids[%b]>>" % b" ".join([b"%d 0 R" % (11 + n)] * 10)) for n in range(10)]
    return pdf_of((*USUAL[:3], (5, b"<</T(a)/Kids[10 0 R]>>"), SIGNATURE, *levels, (20, FIELD[1])))


def million_objects() -> bytes:
    return pdf_of((*USUAL, *((number, b"1") for number in range(10, 1_000_010))))


def bait_for_expressions() -> bytes:
    """What makes a backtracking expression start over at every byte."""
    bait = b"/ByteRange[" + b" " * 200_000 + b"/Contents " * 50_000 + b"/ByteRange [0 0 0 " * 50_000
    return pdf_of((*USUAL, (7, b"(" + b"\\(" * 500_000 + b")")), tail=b"%" + bait + b"\n")


def open_strings() -> bytes:
    return pdf_of((*USUAL[:1], (2, b"<</Type/Pages/Kids 7 0 R/Count 1>>"), *USUAL[2:], (7, b"(" * 1_000_000)))


def endless_name() -> bytes:
    return pdf_of((*USUAL[:1], (2, b"<</Type/Pages/Kids 7 0 R/Count 1>>"), *USUAL[2:], (7, b"/" + b"#41" * 3_000_000)))


def many_signatures() -> bytes:
    refs = b" ".join(b"%d 0 R" % number for number in range(10, 5010))
    catalog = (1, b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%b]/SigFlags 3>>>>" % refs)
    fields = ((number, FIELD[1].replace(b"(Seal)", b"(S%d)" % number)) for number in range(10, 5010))
    return pdf_of((catalog, *USUAL[1:], *fields))


def huge_number() -> bytes:
    return pdf_of((*USUAL[:1], (2, b"<</Type/Pages/Kids 7 0 R/Count 1>>"), *USUAL[2:], (7, b"9" * 4_000_000)))


def huge_index() -> bytes:
    table = stream_of(zlib.compress(bytes(40)), b"/Type/XRef/W[1 2 1]/Index[0 99999999999]/Size 99999999999/Root 1 0 R")
    head = b"%PDF-1.7\n" + CLAIM
    return head + b"9 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(head))


def with_many_pages(unsigned: bytes, count: int) -> bytes:
    """No hostile one: so many pages, each with a link and as many structure elements as a page of text has."""
    forger = Forger(unsigned)
    number, kids, objects = forger.size, [forger.page], {}
    for _ in range(count - 1):
        kids.append(number)
        page = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Annots[%d 0 R]>>"
        objects[number] = page % (forger.pages, number + 1, number + 2)
        objects[number + 1] = stream(b"BT /F1 12 Tf 72 700 Td (text) Tj ET" * 40)
        objects[number + 2] = b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/F 4/A<</S/URI/URI(http://example.jp)>>>>"
        elements = range(number + 3, number + 48)
        objects |= {each: b"<</Type/StructElem/S/P/K %d>>" % each for each in elements}
        number += 48
    tree = b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, b" ".join(b"%d 0 R" % kid for kid in kids))
    return forger.revise(objects | {forger.pages: tree})


HOSTILE: tuple[Callable[[], bytes], ...] = (
    deflate_bomb,
    object_stream_bomb,
    deep_nesting,
    deep_dictionaries,
    xref_loop,
    xref_ping_pong,
    long_chain_of_revisions,
    object_stream_loop,
    huge_page_tree,
    page_tree_loop,
    field_tree_loop,
    wide_field_tree,
    million_objects,
    bait_for_expressions,
    open_strings,
    endless_name,
    many_signatures,
    huge_number,
    huge_index,
)
