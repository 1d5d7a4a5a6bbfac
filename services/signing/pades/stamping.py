"""A timestamp over data that are no PDF (RFC 3161): made, and verified before anybody relies on it."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from asn1crypto import cms, crl, tsp, x509
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from services.signing.pades.judging import Trust
from services.signing.pades.timestamps import TsaList

DIGEST = "sha256"


class StampNotValidError(Exception):
    """The timestamp is not one of an authority that is trusted here, or is over other data.  Permanent."""

    permanent: ClassVar[bool] = True


@dataclass(frozen=True)
class Stamp:
    """``reply``: DER of the TimeStampResp (RFC 3161 2.4.2); ``at``: the authority's time."""

    reply: bytes
    at: datetime


def stamp(data: bytes, tsa_urls: tuple[str, ...], trust: Trust) -> Stamp:
    """A verified timestamp over the data.  Raises TsaUnavailableError, StampNotValidError."""
    token = asyncio.run(TsaList(tsa_urls).async_timestamp(hashlib.sha256(data).digest(), DIGEST))
    reply = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()
    return Stamp(reply, read_stamp(data, reply, trust))


def read_stamp(data: bytes, reply: bytes, trust: Trust) -> datetime:
    """The authority's time.  Raises StampNotValidError, also for what cannot be read."""
    try:
        token = tsp.TimeStampResp.load(reply, strict=True)["time_stamp_token"]
        status = asyncio.run(_status(data, token, trust))
    except (SigningError, ValueError, TypeError, KeyError) as error:
        raise StampNotValidError from error
    if not (status.intact and status.valid and status.trusted):
        raise StampNotValidError
    found: datetime = status.timestamp
    return found


async def _status(data: bytes, token: cms.ContentInfo, trust: Trust) -> Any:
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in trust.roots],
        crls=[crl.CertificateList.load(der) for der in trust.crls],
        revocation_mode="hard-fail",
        allow_fetching=False,
    )
    found = await validate_tst_signed_data(
        token["content"], context, lambda algorithm: hashlib.new(algorithm, data).digest()
    )
    return TimestampSignatureStatus(**found)
