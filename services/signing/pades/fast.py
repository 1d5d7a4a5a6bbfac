"""The certifying signature of our own PDFs at the speed of the key (PAdES B-B, and B-T with one timestamp more).

The revision is written as bytes, the CMS object is a template; each signature is confirmed with the certificate's key
before it is written down.  The same document, identity and time give the same bytes to sign.
"""

import asyncio
import hashlib
from binascii import hexlify
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import accumulate
from typing import NamedTuple

from services.signing.pades.cms_template import DIGEST, template_of, with_timestamp
from services.signing.pades.form import TOOLTIP, UnexpectedShapeError
from services.signing.pades.identity import SealIdentity, confirm
from services.signing.pades.plain import ADDED, PlainPdf, table_of, with_seal
from services.signing.pades.timestamps import TsaList

RANGE_BYTES, HOLE_BYTES_STAMPED = 48, 32768
# The signature dictionary (ISO 32000-1 12.8.1) up to its Contents.
HEAD = (
    b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:%d%02d%02d%02d%02d%02dZ)"
    b"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 2/V/1.2>>>>]/Contents "
)
TRAILER = b"trailer\n<</Size %d%s/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
END_OF_OBJECT = b">>\nendobj\n"
TOOLTIP_STRING = b"<feff%s>" % TOOLTIP.encode("utf-16-be").hex().encode()
RawSign = Callable[[str, bytes], bytes]


class Prepared(NamedTuple):
    """``pdf``, ``head`` and ``after``: what the signature covers; before ``after`` stands ``<…>`` with ``hole`` digits.

    Three, because nothing as large as a document is copied but once.
    """

    pdf: bytes
    head: bytes
    after: bytes
    hole: int

    def digest(self) -> bytes:
        """Of what is covered."""
        found = hashlib.sha256(self.pdf)
        found.update(self.head + self.after)
        return found.digest()

    def filled(self, digits: bytes) -> bytes:
        """The file.  ``digits``: the CMS object.  Raises UnexpectedShapeError when it is larger than its place."""
        if len(digits) > self.hole:
            raise UnexpectedShapeError("Contents")
        return b"".join((self.pdf, self.head, b"<", digits, b"0" * (self.hole - len(digits)), b">", self.after))


def certify_fast(
    pdf: bytes, identity: SealIdentity, raw_sign: RawSign, tsa: TsaList | None, at: datetime
) -> bytes:
    """Raises UnexpectedShapeError for any PDF but ours, SignatureMismatchError, TsaUnavailableError."""
    template = template_of(identity)
    prepared = prepare(pdf, at, HOLE_BYTES_STAMPED if tsa else template.most_bytes)
    digest = prepared.digest()
    data = template.to_sign(digest)
    signature = raw_sign(DIGEST, data)
    confirm(identity, signature, data)
    if not tsa:
        return prepared.filled(template.digits(digest, signature))
    token = asyncio.run(tsa.async_timestamp(hashlib.sha256(signature).digest(), DIGEST))
    return prepared.filled(hexlify(with_timestamp(template.filled(digest, signature), token.dump())))


def prepare(pdf: bytes, at: datetime, hole_bytes: int) -> Prepared:
    """The certifying revision (DocMDP 2) with an empty place for the signature.  Raises UnexpectedShapeError."""
    file, hole = PlainPdf(pdf), 2 * hole_bytes
    when = at.astimezone(UTC)
    head = HEAD % (file.size, when.year, when.month, when.day, when.hour, when.minute, when.second)
    covered = len(pdf) + len(head)
    rest = _rest(file, covered + hole + 2 + RANGE_BYTES)
    covering = b"/ByteRange [0 %d %d %d]" % (covered, covered + hole + 2, RANGE_BYTES + len(rest))
    return Prepared(pdf, head, covering.ljust(RANGE_BYTES) + rest, hole)


def _rest(file: PlainPdf, begin: int) -> bytes:
    """The end of the signature's dictionary, at the byte ``begin``, the other objects, their table and the trailer."""
    numbers, texts = with_seal(file, TOOLTIP_STRING)
    *places, table = accumulate(map(len, texts), initial=begin + len(END_OF_OBJECT))
    end = TRAILER % (file.size + ADDED, file.trailer, file.table, table)
    return b"".join((END_OF_OBJECT, *texts, table_of(file, numbers, places), end))
