"""RFC 3161 over HTTP: a list of timestamp authorities, tried in order until one gives a token to rely on."""

import functools
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from asn1crypto import cms, crl, tsp, x509
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import CRLValidationError, InvalidSignature, PathError, ValidationError

from services.chassis.absence import Absence
from services.chassis.logging import get_logger
from services.signing.pades.judging import Trust

log = get_logger()
MAX_ANSWER = 1 << 20
ASK_AGAIN_SECONDS = 10
MOST_DIFFERENCE = timedelta(minutes=5)
# pyHanko compares a nonce that is not its own with an AttributeError.
MALFORMED = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, SigningError,
    ValidationError, PathError, CRLValidationError, InvalidSignature,
)  # fmt: skip
FAILURES = (OSError, http.client.HTTPException, *MALFORMED)


class TsaUnavailableError(Exception):
    """No authority of the list gave a good token.  Transient: never a silent downgrade to a level without one."""

    permanent: ClassVar[bool] = False


class ClockDiffersError(TsaUnavailableError):
    """Whoever answered tells another time than this machine: a clock has jumped, and nothing is signed until it is
    right again.  Transient.
    """


class OtherTimeError(ValueError):
    """A token whose time is not now."""


class NotTrustedError(ValueError):
    """A token that is broken, or whose certificate leads to no root of ours, or is revoked."""


@dataclass(frozen=True)
class Authorities:
    """Timestamp authorities, in the order they are tried.

    ``trust``: what their tokens are judged by; ``timeout``: seconds for each, to connect and for each read.
    """

    urls: tuple[str, ...]
    trust: Trust
    timeout: float = 5.0


class TsaList(TimeStamper):  # type: ignore[misc]
    """The first token of a list that holds: a broken or unknown authority never ends what the next one can do."""

    def __init__(self, authorities: Authorities) -> None:
        super().__init__(include_nonce=True)
        self._authorities = authorities

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Raises TsaUnavailableError, ClockDiffersError."""
        differs = False
        for url in self._authorities.urls:
            try:
                with _absence(url).watch():
                    return await _Tsa(url, self._authorities).async_timestamp(message_digest, md_algorithm)
            except FAILURES as error:
                differs |= isinstance(error, OtherTimeError)
                log.warning("tsa_failed", url=url, error=type(error).__name__)
        raise ClockDiffersError if differs else TsaUnavailableError


def require_some(urls: tuple[str, ...]) -> None:
    """Raises TsaUnavailableError when every authority of the list was away a moment ago."""
    if all(_absence(url).lasts for url in urls):
        raise TsaUnavailableError


@functools.cache
def _absence(_url: str) -> Absence:
    """What this process knows of an authority: the press has one process, and drafts are checked in it too."""
    return Absence(ASK_AGAIN_SECONDS, lambda error: isinstance(error, OSError))


class _Tsa(TimeStamper):  # type: ignore[misc]
    def __init__(self, url: str, authorities: Authorities) -> None:
        super().__init__(include_nonce=True)
        self._url, self._trust, self._timeout = url, authorities.trust, authorities.timeout

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """One POST (RFC 3161 3.4)."""
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        request = urllib.request.Request(self._url, data=req.dump(), headers=headers)  # noqa: S310 - url from settings
        with urllib.request.urlopen(request, timeout=self._timeout) as answer:  # noqa: S310
            if answer.headers.get_content_type() != "application/timestamp-reply":
                raise ValueError("not a timestamp reply")
            return tsp.TimeStampResp.load(answer.read(MAX_ANSWER), strict=True)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """pyHanko compares status and nonce; all else is looked at here."""
        token = await super().async_timestamp(message_digest, md_algorithm)
        imprint: Any = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
        if imprint["hash_algorithm"]["algorithm"].native != md_algorithm:
            raise ValueError("the token is for another digest algorithm")
        _require_in_force(token["content"], datetime.now(UTC))
        status = await token_status(token, lambda _algorithm: message_digest, self._trust)
        if not status.intact:
            raise ValueError("the token is for another digest, or is broken")
        if not (status.valid and status.trusted):
            raise NotTrustedError
        return token


async def token_status(token: cms.ContentInfo, imprint: Callable[[str], bytes], trust: Trust) -> Any:
    """Its signature, the digest that it is over, and its certificate's way to a root, by lists that are at hand.

    ``imprint``: the digest it must be over, by the name of its algorithm.
    Raises MALFORMED for what cannot be read.
    """
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in trust.roots],
        crls=[crl.CertificateList.load(der) for der in trust.crls],
        revocation_mode="require",  # also of a certificate that names no list
        allow_fetching=False,
    )
    return TimestampSignatureStatus(**await validate_tst_signed_data(token["content"], context, imprint))


def _require_in_force(data: cms.SignedData, now: datetime) -> None:
    """Its signer's certificate is for timestamps only, and says so critically (RFC 3161 2.3); it is within its time,
    and the time that the token tells is now.

    Raises ValueError, OtherTimeError.
    """
    (signer,) = data["signer_infos"]
    serial = signer["sid"].chosen["serial_number"].native
    found = [one.chosen for one in data["certificates"] if one.chosen.serial_number == serial]
    if not found or not _is_for_time(found[0]):
        raise ValueError("no certificate for timestamps")
    if not found[0].not_valid_before <= now <= found[0].not_valid_after:
        raise ValueError("the certificate is not within its time")
    told = data["encap_content_info"]["content"].parsed["gen_time"].native
    if abs(told - now) > MOST_DIFFERENCE:
        raise OtherTimeError


def _is_for_time(certificate: Any) -> bool:
    purposes = certificate.extended_key_usage_value
    critical = "extended_key_usage" in certificate.critical_extensions
    return bool(critical and purposes and purposes.native == ["time_stamping"])
