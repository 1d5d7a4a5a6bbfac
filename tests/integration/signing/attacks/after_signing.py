"""Attacks on a file that is signed already: each takes it and gives the altered one."""

import re
from collections.abc import Callable

from tests.integration.signing.attacks.forging import BYTE_RANGE, Forger, picture, stream
from tests.integration.signing.trees import Hole as CmsHole
from tests.integration.signing.trees import Node

ANNOTATION = b"<</Type/Annot/Subtype/%b/Rect[50 500 500 700]/F 4/Contents(x)/AP<</N %d 0 R>>>>"


# Universal signature forgery: the signature is there, and lacks what it would be checked by.


def byte_range_missing(pdf: bytes) -> bytes:
    return pdf.replace(b"/ByteRange", b"/ByteRanje")


def byte_range_null(pdf: bytes) -> bytes:
    return BYTE_RANGE.sub(lambda one: b"/ByteRange null".ljust(len(one[0])), pdf)


def byte_range_of_zeros(pdf: bytes) -> bytes:
    return BYTE_RANGE.sub(lambda one: b"/ByteRange [0 0 0 0]".ljust(len(one[0])), pdf)


def byte_range_negative(pdf: bytes) -> bytes:
    return BYTE_RANGE.sub(lambda one: b"/ByteRange [0 %b -1 9]".replace(b"%b", one[2]).ljust(len(one[0])), pdf)


def byte_range_of_three(pdf: bytes) -> bytes:
    return BYTE_RANGE.sub(lambda one: (b"/ByteRange [0 %b %b]" % (one[2], one[3])).ljust(len(one[0])), pdf)


def byte_range_that_begins_later(pdf: bytes) -> bytes:
    return BYTE_RANGE.sub(lambda one: one[0].replace(b"[0", b"[9", 1).replace(b"[ 0", b"[ 9", 1), pdf)


def byte_range_with_a_shorter_hole(pdf: bytes) -> bytes:
    return BYTE_RANGE.sub(lambda one: one[0].replace(one[3], b"%d" % (int(one[3]) - 2), 1), pdf, count=1)


def _contents(pdf: bytes, filling: Callable[[int], bytes]) -> bytes:
    start, end = Forger(pdf).holes[0]
    return pdf[:start] + filling(end - start).ljust(end - start) + pdf[end:]


def contents_empty(pdf: bytes) -> bytes:
    return _contents(pdf, lambda _: b"<>")


def contents_of_zeros(pdf: bytes) -> bytes:
    return _contents(pdf, lambda size: b"<%b>" % (b"0" * (size - 2)))


def contents_null(pdf: bytes) -> bytes:
    return _contents(pdf, lambda _: b"null")


def contents_missing(pdf: bytes) -> bytes:
    start, end = Forger(pdf).holes[0]
    key = pdf.rindex(b"/Contents", 0, start)
    return pdf[:key] + b" " * (end - key) + pdf[end:]


def contents_under_another_name(pdf: bytes) -> bytes:
    start, _ = Forger(pdf).holes[0]
    key = pdf.rindex(b"/Contents", 0, start)
    return pdf[:key] + b"/Contentz" + pdf[key + 9 :]


# Incremental saving: something stands behind the signature.


def page_rewritten(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    return forger.revise({forger.contents: stream(b"BT /F1 24 Tf 72 700 Td (forged) Tj ET")})


def page_with_other_contents(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    new = forger.size
    page = forger.with_entries(forger.page, b"/Contents %d 0 R" % new, b"/Contents")
    return forger.revise({forger.page: page, new: stream(b"1 g 0 0 600 850 re f")})


def page_with_contents_more(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    new, old = forger.size, forger.contents
    entries = b"/Contents[%d 0 R %d 0 R]" % (old, new)
    page = forger.with_entries(forger.page, entries, b"/Contents")
    return forger.revise({forger.page: page, new: stream(b"1 g 0 0 600 850 re f")})


def objects_without_a_table(pdf: bytes) -> bytes:
    return pdf + b"%d 0 obj\n%b\nendobj\n" % (Forger(pdf).contents, stream(b"forged"))


def objects_and_trailer_without_a_table(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    forged = b"%d 0 obj\n%b\nendobj\n" % (forger.contents, stream(b"forged"))
    return pdf + forged + b"trailer\n<</Size %d/Root %d 0 R>>\n%%%%EOF\n" % (forger.size, forger.root)


def table_alone(pdf: bytes) -> bytes:
    return Forger(pdf).revise({})


def page_added(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    new = forger.size
    pages = re.sub(rb"/Kids\s*\[", b"/Kids[%d 0 R " % new, forger.body(forger.pages))
    page = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 600 850]>>" % forger.pages
    return forger.revise({forger.pages: pages, new: page})


def pages_replaced(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    new = forger.size
    root = forger.with_entries(forger.root, b"/Pages %d 0 R" % new, b"/Pages")
    pages = b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (new + 1)
    page = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 600 850]>>" % new
    return forger.revise({forger.root: root, new: pages, new + 1: page})


def page_taken_out(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    pages = re.sub(rb"/Kids\s*\[[^\]]*\]", b"/Kids[]", forger.body(forger.pages))
    return forger.revise({forger.pages: pages})


def page_freed(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    return forger.revise({}, free=[forger.contents])


def page_turned(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    return forger.revise({forger.page: forger.with_entries(forger.page, b"/Rotate 180", b"/Rotate")})


def page_cropped(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    return forger.revise({forger.page: forger.with_entries(forger.page, b"/CropBox[0 0 200 200]", b"/CropBox")})


def fonts_replaced(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    font = b"/Resources<</Font<</f0<</Type/Font/Subtype/Type1/BaseFont/Courier>>>>>>"
    return forger.revise({forger.page: forger.with_entries(forger.page, font, b"/Resources")})


def catalog_of_another_number(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    return forger.revise({forger.size: forger.body(forger.root)}, root=forger.size)


def catalog_emptied(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    return forger.revise({forger.root: b"<</Type/Catalog/Pages %d 0 R>>" % forger.pages})


def certification_taken_out(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    return forger.revise({forger.root: forger.with_entries(forger.root, b"", b"/Perms")})


def description_replaced(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    metadata = b"<</Type/Metadata/Subtype/XML/Length 5>>\nstream\nother\nendstream"
    return forger.revise({forger.number_of("Metadata"): metadata})


def attachment_replaced(pdf: bytes) -> bytes:
    """The chain of decisions is attached."""
    forger = Forger(pdf)
    number = next(number for number in range(forger.size) if _is_attachment(forger, number))
    return forger.revise({number: stream(b"{}", b"/Type/EmbeddedFile")})


def _is_attachment(forger: Forger, number: int) -> bool:
    place = forger.state.place(number)
    return bool(place and not place.stream and b"/Type/EmbeddedFile" in forger.body(number).replace(b" ", b"")[:400])


def older_table_named_last(pdf: bytes) -> bytes:
    """A reader sees the file as it was before the signature."""
    first = Forger(pdf).state.sections[0].start
    return pdf + b"startxref\n%d\n%%%%EOF\n" % first


def signed_revision_left_out(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    first = forger.state.sections[0].start
    return forger.revise({forger.size: b"null"}, previous=first)


def language_changed(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    return forger.revise({forger.root: forger.with_entries(forger.root, b"/Lang(xx)", b"/Lang")})


def comment_after_the_end(pdf: bytes) -> bytes:
    return pdf + b"% forged\n"


def zeros_after_the_end(pdf: bytes) -> bytes:
    return pdf + bytes(64)


def line_after_the_end(pdf: bytes) -> bytes:
    return pdf + b"\n"


def another_file_after_the_end(pdf: bytes) -> bytes:
    return pdf + pdf


def another_file_before_the_start(pdf: bytes) -> bytes:
    return b"%PDF-1.4\n%%EOF\n" + pdf


def encrypted_later(pdf: bytes) -> bytes:
    return Forger(pdf).revise({}, trailer=b"/Encrypt<</Filter/Standard/V 1/R 2/O<00>/U<00>/P -1>>")


def table_with_two_minds(pdf: bytes) -> bytes:
    """A hybrid file: old readers take the table, new ones the stream."""
    forger = Forger(pdf)
    return forger.revise({}, trailer=b"/XRefStm %d" % forger.table)


def table_that_leads_to_itself(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    start = len(forger.pdf if forger.pdf.endswith(b"\n") else forger.pdf + b"\n")
    return forger.revise({}, previous=start)


def table_as_a_stream(pdf: bytes) -> bytes:
    """What the new objects are stands compressed."""
    forger = Forger(pdf)
    base = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    page = b"%d 0 obj\n%b\nendobj\n" % (forger.contents, stream(b"forged"))
    rows = b"\1" + len(base).to_bytes(4, "big") + b"\0"
    entries = b"/Type/XRef/W[1 4 1]/Index[%d 1]/Size %d/Root %d 0 R/Prev %d"
    table = stream(rows, entries % (forger.contents, forger.size + 1, forger.root, forger.table))
    start = len(base) + len(page)
    tail = b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (forger.size, table, start)
    return base + page + tail


def object_stream_that_holds_itself(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    base = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    rows = b"\2" + forger.size.to_bytes(4, "big") + b"\0"
    entries = b"/Type/XRef/W[1 4 1]/Index[%d 1]/Size %d/Root %d 0 R/Prev %d"
    table = stream(rows, entries % (forger.size, forger.size + 2, forger.root, forger.table))
    return base + b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (forger.size + 1, table, len(base))


def bomb_as_a_table(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    base = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    entries = b"/Type/XRef/W[1 4 1]/Size 50000000/Root %d 0 R/Prev %d" % (forger.root, forger.table)
    table = stream(bytes(1 << 28), entries)
    return base + b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (forger.size, table, len(base))


# Evil annotation and sneaky signature attacks: on certified files, in which some changes are allowed.


def _annotated(pdf: bytes, subtype: bytes) -> bytes:
    forger = Forger(pdf)
    new = forger.size
    page = re.sub(rb"/Annots\s*\[", b"/Annots[%d 0 R " % new, forger.body(forger.page))
    assert page != forger.body(forger.page)
    return forger.revise({forger.page: page, new: ANNOTATION % (subtype, new + 1), new + 1: picture()})


def note_laid_over(pdf: bytes) -> bytes:
    return _annotated(pdf, b"FreeText")


def picture_laid_over(pdf: bytes) -> bytes:
    return _annotated(pdf, b"Stamp")


def redaction_laid_over(pdf: bytes) -> bytes:
    return _annotated(pdf, b"Redact")


def link_laid_over(pdf: bytes) -> bytes:
    return _annotated(pdf, b"Link/A<</S/URI/URI(http://example.org)>>")


def _with_field(pdf: bytes, field: bytes, more: bytes = b"") -> bytes:
    forger = Forger(pdf)
    new = forger.size
    body = forger.body(forger.root)
    if re.search(rb"/AcroForm\s+\d+ 0 R", body):
        holder = forger.number_of("AcroForm")
        objects = {holder: re.sub(rb"/Fields\s*\[", b"/Fields[%d 0 R " % new, forger.body(holder))}
    else:
        objects = {forger.root: re.sub(rb"/Fields\s*\[", b"/Fields[%d 0 R " % new, body)}
    page = re.sub(rb"/Annots\s*\[", b"/Annots[%d 0 R " % new, forger.body(forger.page))
    return forger.revise(
        {**objects, forger.page: page, new: field % (new + 1, new + 2), new + 1: picture(), new + 2: more}
    )


FIELD = b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Other)/F 4/Rect[50 500 500 700]/AP<</N %d 0 R>>/V %d 0 R>>"


def sneaky_field_without_signature(pdf: bytes) -> bytes:
    return _with_field(pdf, FIELD.replace(b"/V %d 0 R", b"/X %d 0 R"), b"null")


def sneaky_field_with_an_empty_signature(pdf: bytes) -> bytes:
    return _with_field(pdf, FIELD, b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached>>")


def sneaky_field_with_the_old_signature(pdf: bytes) -> bytes:
    """Two fields show the same signature, the second one with a picture."""
    return _with_field(pdf, FIELD.replace(b"/V %d 0 R", b"/V " + b"%d 0 R" % Forger(pdf).signature + b"%%%d"), b"null")


def sneaky_field_with_a_copied_signature(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    return _with_field(pdf, FIELD, forger.body(forger.signature))


def sneaky_field_of_text(pdf: bytes) -> bytes:
    return _with_field(pdf, FIELD.replace(b"/FT/Sig", b"/FT/Tx").replace(b"/V %d 0 R", b"/V(x)/X %d 0 R"), b"null")


def sneaky_stamp_that_shows(pdf: bytes) -> bytes:
    stamp = b"<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161>>"
    return _with_field(pdf, FIELD, stamp)


def seal_made_large(pdf: bytes) -> bytes:
    """The seal's own field, which shows nothing, now covers the page."""
    forger = Forger(pdf)
    new = forger.size
    field = re.sub(rb"/Rect\s*\[[^\]]*\]", b"/Rect[0 0 600 850]", forger.body(forger.field))
    field = field[: field.rindex(b">>")] + b"/AP<</N %d 0 R>>>>" % new
    return forger.revise({forger.field: field, new: picture()})


def seal_taken_out(pdf: bytes) -> bytes:
    forger = Forger(pdf)
    field = re.sub(rb"/V\s+\d+ 0 R", b"", forger.body(forger.field))
    return forger.revise({forger.field: field})


# What acts by itself, added under the cover of validation data.


def _catalog_with(pdf: bytes, entries: bytes) -> bytes:
    forger = Forger(pdf)
    return forger.revise({forger.root: forger.with_entries(forger.root, entries)})


def script_that_runs_on_opening(pdf: bytes) -> bytes:
    return _catalog_with(pdf, b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")


def page_shown_on_opening(pdf: bytes) -> bytes:
    return _catalog_with(pdf, b"/OpenAction[0 /Fit]")


def script_on_closing(pdf: bytes) -> bytes:
    return _catalog_with(pdf, b"/AA<</WC<</S/JavaScript/JS(1)>>>>")


def layers_added(pdf: bytes) -> bytes:
    return _catalog_with(pdf, b"/OCProperties<</OCGs[]/D<<>>>>")


def validation_data_that_hold_a_page(pdf: bytes) -> bytes:
    """What the signature's validation data are not: another page tree lies in them."""
    forger = Forger(pdf)
    new = forger.size
    dss = b"/DSS<</Type/DSS/Certs[%d 0 R]/Evil %d 0 R>>" % (new, new + 1)
    root = forger.with_entries(forger.root, dss, b"/DSS")
    return forger.revise({forger.root: root, new: stream(b"0"), new + 1: b"<</Type/Pages/Count 0/Kids[]>>"})


def objects_laid_ready(pdf: bytes) -> bytes:
    """Nothing leads to them yet."""
    forger = Forger(pdf)
    return forger.revise({forger.size: stream(b"forged")})


def shown_again_what_was_replaced(pdf: bytes) -> bytes:
    """A table that points back into the signed part: the page's contents are another object's."""
    forger = Forger(pdf)
    number = forger.contents
    place = forger.state.place(number)
    assert place
    return forger.revise({}, places={number: place.at + 1})


# Signature wrapping: the hole is larger than the signature.


def hole_with_an_entry_more(pdf: bytes) -> bytes:
    start, end = Forger(pdf).holes[0]
    digits = pdf[start + 1 : end - 1].rstrip(b"0")
    digits += b"0" * (len(digits) % 2)
    entry = b">/Evil(forged)/More<"
    return pdf[: start + 1] + digits + entry + b"0" * (end - start - 2 - len(digits) - len(entry)) + pdf[end - 1 :]


def hole_with_the_old_part_moved(pdf: bytes) -> bytes:
    """What was signed behind the hole stands further behind; in between stands something new."""
    forger = Forger(pdf)
    start, end = forger.holes[0]
    forged = b"\n%d 0 obj\n%b\nendobj\n" % (forger.contents, stream(b"forged"))
    altered = pdf[:end] + forged + pdf[end:]

    def moved(one: re.Match[bytes]) -> bytes:
        text = b"/ByteRange [0 %d %d %b]" % (start, end + len(forged), one[4])
        return text.ljust(len(one[0]))[: len(one[0])]

    return BYTE_RANGE.sub(moved, altered, count=1)


def one_byte_of_the_text(pdf: bytes) -> bytes:
    place = pdf.index(b"stream") + 60
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def cut_short(pdf: bytes) -> bytes:
    return pdf[: len(pdf) - 40]


# Inside the CMS object.


def _tree(pdf: bytes, change: Callable[[Node], None]) -> bytes:
    hole = CmsHole(pdf)
    tree = hole.tree()
    change(tree)
    return hole.filled_with(tree)


def _signed_data(tree: Node) -> Node:
    return tree.content[1].content[0]  # type: ignore[index,union-attr,return-value]


def two_signers(pdf: bytes) -> bytes:
    def change(tree: Node) -> None:
        signers = _signed_data(tree).content[-1]  # type: ignore[index]
        signers.content.append(signers.content[0])  # type: ignore[union-attr]

    return _tree(pdf, change)


def content_inside(pdf: bytes) -> bytes:
    """The signature carries its own content, instead of the document's digest (RFC 5652 5.2)."""

    def change(tree: Node) -> None:
        encapsulated = _signed_data(tree).content[2]  # type: ignore[index]
        encapsulated.content.append(Node(0xA0, [Node(0x04, b"forged")]))  # type: ignore[union-attr]

    return _tree(pdf, change)


def certificates_left_out(pdf: bytes) -> bytes:
    def change(tree: Node) -> None:
        del _signed_data(tree).content[3]  # type: ignore[union-attr]

    return _tree(pdf, change)


def attribute_more(pdf: bytes) -> bytes:
    """Unsigned attributes are signed by nobody."""

    def change(tree: Node) -> None:
        signer = _signed_data(tree).content[-1].content[0]  # type: ignore[index,union-attr]
        attribute = Node(0x30, [Node(0x06, bytes.fromhex("2b0601040182371501")), Node(0x31, [Node(0x04, b"x")])])
        if signer.content[-1].tag == 0xA1:
            signer.content[-1].content.append(attribute)
        else:
            signer.content.append(Node(0xA1, [attribute]))

    return _tree(pdf, change)


def digit_of_another_case(pdf: bytes) -> bytes:
    start, end = Forger(pdf).holes[0]
    place = next(one for one in range(start + 1, end) if pdf[one : one + 1].isalpha())
    return pdf[:place] + pdf[place : place + 1].swapcase() + pdf[place + 1 :]


def padding_used(pdf: bytes) -> bytes:
    _, end = Forger(pdf).holes[0]
    return pdf[: end - 3] + b"2a" + pdf[end - 1 :]


Attack = Callable[[bytes], bytes]
ATTACKS = tuple(
    each
    for name, each in list(globals().items())
    if callable(each) and getattr(each, "__module__", "") == __name__ and not name.startswith("_")
)
