"""Baseline levels above the timestamped signature (ETSI EN 319 142-1 6.3): B-LT and B-LTA.

B-LT: validation data at once.  B-LTA: newer ones, and a document timestamp over all, last: a later revision of data
would stand outside it (that is how pyHanko does it by itself).  Both keep what was there byte for byte.
"""

import asyncio
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from asn1crypto import crl, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper

from services.signing.cms_form import certificates_in
from services.signing.dss import Dss, append_dss
from services.signing.pades.held import held_data
from services.signing.pades.judging import Trust
from services.signing.pades.revision import Revision
from services.signing.pades.timestamps import Authorities, TsaList

STAMP_BYTES = 32768
TIMESTAMPED = frozenset({"B-T", "B-LT"})
WITH_DATA = frozenset({"B-LT"})


class RevocationDataMissingError(Exception):
    """No list at hand says of a certificate whether it is revoked, or none as new as is asked.  Transient.

    ``issuer``: whose list.
    """

    permanent: ClassVar[bool] = False

    def __init__(self, issuer: str) -> None:
        super().__init__(issuer)
        self.issuer = issuer


@dataclass(frozen=True)
class Stamping:
    """How to stamp a document.  ``digest``: hash algorithm of the timestamp."""

    authorities: Authorities
    digest: str = "sha256"


def add_validation_data(pdf: bytes, trust: Trust, newer_than: datetime | None = None) -> bytes:
    """B-T to B-LT: every certificate of the file and the list of its issuer; what is there already is not repeated.

    In a file with document timestamps those of the last one only: what came before has its data, and its authorities
    may be no more.  The certificates stand in the signatures too: a later timestamp proves only of what is here that it
    was there.
    Raises RevocationDataMissingError, also when a list is not ``newer_than`` a moment; DssFormError.
    """
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    certificates = [one for one in _certificates(reader) if one.self_signed == "no"]
    lists = [_list_of(one.issuer, trust, newer_than) for one in certificates]
    held = held_data(reader)
    added = Dss(_new((one.dump() for one in certificates), held.certificates), _new(lists, held.crls))
    return append_dss(pdf, added) if any(added.lists) else pdf


def stamp_document(pdf: bytes, stamping: Stamping) -> bytes:
    """A document timestamp over the whole file (EN 319 142-1 5.4.3).  Raises TsaUnavailableError."""
    stamper = PdfTimeStamper(TsaList(stamping.authorities), field_name=_field(pdf))
    stamped = asyncio.run(
        stamper.async_timestamp_pdf(Revision(io.BytesIO(pdf)), stamping.digest, bytes_reserved=STAMP_BYTES)
    )
    return bytes(stamped.getvalue())


def _certificates(reader: PdfFileReader) -> Iterator[Any]:
    stamps = list(reader.embedded_timestamp_signatures)
    for signature in stamps[-1:] or reader.embedded_signatures:
        yield from map(x509.Certificate.load, certificates_in(signature.pkcs7_content))


def _list_of(issuer: Any, trust: Trust, newer_than: datetime | None) -> bytes:
    for der in trust.crls:
        body = crl.CertificateList.load(der)["tbs_cert_list"]
        if body["issuer"] == issuer and (newer_than is None or body["this_update"].native >= newer_than):
            return der
    raise RevocationDataMissingError(issuer.human_friendly)


def _new(found: Iterable[bytes], held: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return tuple(der for der in dict.fromkeys(found) if der not in held)


def _field(pdf: bytes) -> str:
    """A name of its own for each."""
    return f"Timestamp{sum(1 for _ in PdfFileReader(io.BytesIO(pdf), strict=True).embedded_timestamp_signatures) + 1}"
