"""The certifying signature of our own PDFs at the speed of the key (PAdES B-B, and B-T with one timestamp more).

The revision is written as bytes, the CMS object is a template; each signature is confirmed with the certificate's key
before it is written down.  The same document, identity and time give the same bytes to sign.
"""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from services.signing.pades.cms_template import DIGEST, template_of, with_timestamp
from services.signing.pades.form import TOOLTIP, UnexpectedShapeError
from services.signing.pades.identity import SealIdentity, confirm
from services.signing.pades.plain import PlainPdf, table_of, with_seal
from services.signing.pades.timestamps import TsaList

RANGE_BYTES = 48
HOLE_BYTES, HOLE_BYTES_STAMPED = 8192, 32768
TOOLTIP_STRING = b"<feff%s>" % TOOLTIP.encode("utf-16-be").hex().encode()
RawSign = Callable[[str, bytes], bytes]


class Prepared(NamedTuple):
    """``before`` and ``after``: what the signature covers; between them stands ``<…>`` with ``hole`` digits."""

    before: bytes
    after: bytes
    hole: int

    def digest(self) -> bytes:
        """Of what is covered."""
        found = hashlib.sha256(self.before)
        found.update(self.after)
        return found.digest()

    def filled(self, der: bytes) -> bytes:
        """The file.  Raises UnexpectedShapeError when the CMS object is larger than its place."""
        digits = der.hex().encode()
        if len(digits) > self.hole:
            raise UnexpectedShapeError("Contents")
        return b"".join((self.before, b"<", digits, b"0" * (self.hole - len(digits)), b">", self.after))


def certify_fast(
    pdf: bytes, identity: SealIdentity, raw_sign: RawSign, tsa: TsaList | None, at: datetime
) -> bytes:
    """Raises UnexpectedShapeError for any PDF but ours, SignatureMismatchError, TsaUnavailableError."""
    prepared = prepare(pdf, at, HOLE_BYTES_STAMPED if tsa else HOLE_BYTES)
    template, digest = template_of(identity), prepared.digest()
    data = template.to_sign(digest)
    signature = raw_sign(DIGEST, data)
    confirm(identity, signature, data)
    der = template.filled(digest, signature)
    if tsa:
        token = asyncio.run(tsa.async_timestamp(hashlib.sha256(signature).digest(), DIGEST))
        der = with_timestamp(der, token.dump())
    return prepared.filled(der)


def prepare(pdf: bytes, at: datetime, hole_bytes: int) -> Prepared:
    """The certifying revision (DocMDP 2) with an empty place for the signature.  Raises UnexpectedShapeError."""
    if pdf[-1:] != b"\n":
        raise UnexpectedShapeError("end of file")
    file = PlainPdf(pdf)
    number, hole = file.size, 2 * hole_bytes
    objects = with_seal(file, number, TOOLTIP_STRING)
    head = _head(number, at)
    before = pdf + head
    covered = len(before) + hole + 2
    places, body, at_byte = {number: len(pdf)}, [b">>\nendobj\n"], covered + RANGE_BYTES + len(b">>\nendobj\n")
    for each, text in objects.items():
        places[each] = at_byte
        body.append(b"%d 0 obj\n%s\nendobj\n" % (each, text))
        at_byte += len(body[-1])
    trailer = file.trailer.replace(b"/Size %d" % file.size, b"/Size %d" % (max(places) + 1), 1)
    end = b"trailer\n<<%s/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, file.table, at_byte)
    rest = b"".join((*body, table_of(places), end))
    covering = b"/ByteRange [0 %d %d %d]" % (len(before), covered, RANGE_BYTES + len(rest))
    return Prepared(before, covering.ljust(RANGE_BYTES) + rest, hole)


def _head(number: int, at: datetime) -> bytes:
    """The signature dictionary (ISO 32000-1 12.8.1) up to its Contents."""
    when = at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ").encode()
    transform = b"<</Type/TransformParams/P 2/V/1.2>>"
    certifies = b"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams%s>>]" % transform
    kind = b"/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
    return b"%d 0 obj\n<<%s/M(%s)%s/Contents " % (number, kind, when, certifies)
