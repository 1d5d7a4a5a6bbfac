"""Our own look at a signed PDF's bytes, beside pyHanko's: where each signature begins, ends, and leaves its hole.

Against missing or zero ByteRange, incremental saving, signature wrapping, bytes after the end, and changes inside
/Contents that no validator notices (hex case, padding): see "Attacks to refuse" in ETSI EN 319 142-1 5.4's spirit and
the attack papers of pdf-insecurity.org.  Needs no library of PDF or of cryptography.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from services.signing.dss import Dss, read_dss

MARKERS = (b"/ByteRange", b"ETSI.CAdES.detached", b"ETSI.RFC3161", b"adbe.pkcs7")
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
CONTENTS_KEY = re.compile(rb"/Contents\s*\Z")
END_OF_REVISION = re.compile(rb"%%EOF(\r\n|\n|\r)?\Z")
CMS_ANYWHERE = re.compile(rb"<((?:30[0-9A-Fa-f]{2})(?:[0-9A-Fa-f]{2}){500,20000})")
MOST_ANYWHERE = 20
LONG_FORM, MAX_LENGTH_BYTES = 0x80, 4


@dataclass(frozen=True)
class Hole:
    """What one ByteRange leaves out: ``start`` and ``end`` of ``<…>``.  ``covered``: where its range ends; ``at``:
    where it is written.
    """

    start: int
    end: int
    covered: int
    at: int


class StructureError(Exception):
    """The bytes are not those of an untouched signed file.  ``code``: which rule."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def claims_signature(pdf: bytes) -> bool:
    """Whether the bytes speak of a signature at all: a file that does not is unsigned, or merely odd."""
    return any(marker in pdf for marker in MARKERS)


@dataclass(frozen=True)
class Inspected:
    """``signatures``: DER of each one's CMS object, the first one first.  ``dss``: validation data after the last."""

    signatures: tuple[bytes, ...]
    dss: Dss


def holes_of(pdf: bytes) -> list[Hole]:
    """Every signature's hole, the first signature's first.  Raises StructureError."""
    if not pdf.startswith(b"%PDF-"):
        raise StructureError("HEADER")
    found = sorted(_holes(pdf), key=lambda hole: hole.covered)
    if not found:
        raise StructureError("BYTE_RANGE")
    _nested(found)
    return found


def covered_by(pdf: bytes, hole: Hole) -> bytes:
    """What the signature signs."""
    return pdf[: hole.start] + pdf[hole.end : hole.covered]


def loose_contents(pdf: bytes, hole: Hole) -> bytes:
    """The CMS object in whatever form it stands there, with its padding; nothing when it is no hexadecimal text."""
    try:
        return bytes.fromhex(pdf[hole.start + 1 : hole.end - 1].decode("ascii"))
    except ValueError:
        return b""


def signatures_anywhere(pdf: bytes) -> Iterator[bytes]:
    """What looks like a CMS object of a signature, in a file that is not read otherwise."""
    for found in islice(CMS_ANYWHERE.finditer(pdf), MOST_ANYWHERE):
        yield bytes.fromhex(found[1].decode("ascii"))


def data_after(pdf: bytes, covered: int) -> Dss:
    """Nothing, or validation data in the one form that they have here.  Raises DssFormError."""
    return Dss() if covered == len(pdf) else read_dss(pdf, covered)


def _holes(pdf: bytes) -> Iterator[Hole]:
    for match in re.finditer(rb"/ByteRange", pdf):
        numbers = BYTE_RANGE.match(pdf, match.start())
        if not numbers:
            raise StructureError("BYTE_RANGE")
        yield _hole(pdf, match.start(), *(int(number) for number in numbers.groups()))


def _hole(pdf: bytes, at: int, first: int, length: int, second: int, rest: int) -> Hole:
    covered = second + rest
    if first != 0 or not length < second < covered <= len(pdf):
        raise StructureError("BYTE_RANGE")
    if not (at < length or second <= at < covered):
        raise StructureError("BYTE_RANGE_UNSIGNED")
    if not CONTENTS_KEY.search(pdf, max(0, length - 32), length):
        raise StructureError("HOLE")
    if not END_OF_REVISION.search(pdf, max(0, covered - 8), covered):
        raise StructureError("END_OF_REVISION")
    return Hole(length, second, covered, at)


def _nested(holes: list[Hole]) -> None:
    """Each signature covers the whole of those before it."""
    for earlier, later in pairwise(holes):
        if later.start < earlier.covered:
            raise StructureError("OVERLAP")


def contents_of(pdf: bytes, hole: Hole) -> bytes:
    """DER of the CMS object, in the one form that a hole has here: no digit can change.  Raises StructureError."""
    text = pdf[hole.start : hole.end]
    digits = text[1:-1]
    if text[:1] != b"<" or text[-1:] != b">" or len(digits) % 2:
        raise StructureError("HOLE")
    if digits not in (digits.lower(), digits.upper()):
        raise StructureError("HEX")
    try:
        data = bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        raise StructureError("HEX") from None
    if data.hex().encode() != digits.lower():
        raise StructureError("HEX")
    size = _der_size(data)
    if any(data[size:]):
        raise StructureError("PADDING")
    return data[:size]


def _der_size(data: bytes) -> int:
    """Length of the one DER value at the start (X.690 8.1.3, 10.1: definite, shortest)."""
    if len(data) < 2 or data[0] != 0x30:  # noqa: PLR2004 - a SEQUENCE's head
        raise StructureError("CMS")
    if data[1] < LONG_FORM:
        return 2 + data[1]
    count = data[1] - LONG_FORM
    length = int.from_bytes(data[2 : 2 + count], "big")
    if not 1 <= count <= MAX_LENGTH_BYTES or data[2] == 0 or length < LONG_FORM or 2 + count + length > len(data):
        raise StructureError("CMS")
    return 2 + count + length
