"""A timestamp over data that are no PDF (RFC 3161): made, and verified before anybody relies on it."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from asn1crypto import tsp

from services.signing.pades.judging import Trust
from services.signing.pades.timestamps import MALFORMED, Authorities, TsaList, token_status

DIGEST = "sha256"


class StampNotValidError(Exception):
    """The timestamp is not one of an authority that is trusted here, or is over other data.  Permanent."""

    permanent: ClassVar[bool] = True


@dataclass(frozen=True)
class Stamp:
    """``reply``: DER of the TimeStampResp (RFC 3161 2.4.2); ``at``: the authority's time."""

    reply: bytes
    at: datetime


def stamp(data: bytes, authorities: Authorities) -> Stamp:
    """A verified timestamp over the data.  Raises TsaUnavailableError, StampNotValidError."""
    token = asyncio.run(TsaList(authorities).async_timestamp(hashlib.sha256(data).digest(), DIGEST))
    reply = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()
    return Stamp(reply, read_stamp(data, reply, authorities.trust))


def read_stamp(data: bytes, reply: bytes, trust: Trust) -> datetime:
    """The authority's time.  Raises StampNotValidError, also for what cannot be read."""
    try:
        token = tsp.TimeStampResp.load(reply, strict=True)["time_stamp_token"]
        status = asyncio.run(token_status(token, lambda algorithm: hashlib.new(algorithm, data).digest(), trust))
    except MALFORMED as error:
        raise StampNotValidError from error
    if not (status.intact and status.valid and status.trusted):
        raise StampNotValidError
    found: datetime = status.timestamp
    return found
