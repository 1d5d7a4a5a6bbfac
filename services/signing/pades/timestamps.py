"""RFC 3161 over HTTP: a list of timestamp authorities, tried in order."""

import functools
import http.client
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from asn1crypto import cms, tsp
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper

from services.chassis.absence import Absence
from services.chassis.logging import get_logger

log = get_logger()
MAX_ANSWER = 1 << 20
ASK_AGAIN_SECONDS = 10
MOST_DIFFERENCE = timedelta(minutes=5)
# pyHanko compares a nonce that is not its own with an AttributeError.
MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, SigningError)
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


class TsaList(TimeStamper):  # type: ignore[misc]
    """The first good token of a list.  ``timeout``: seconds for each authority, to connect and for each read."""

    def __init__(self, urls: tuple[str, ...], timeout: float = 5.0) -> None:
        super().__init__(include_nonce=True)
        self._urls = urls
        self._timeout = timeout

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Raises TsaUnavailableError, ClockDiffersError."""
        differs = False
        for url in self._urls:
            try:
                with _absence(url).watch():
                    return await _Tsa(url, self._timeout).async_timestamp(message_digest, md_algorithm)
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
    def __init__(self, url: str, timeout: float) -> None:
        super().__init__(include_nonce=True)
        self._url = url
        self._timeout = timeout

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """One POST (RFC 3161 3.4)."""
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        request = urllib.request.Request(self._url, data=req.dump(), headers=headers)  # noqa: S310 - url from settings
        with urllib.request.urlopen(request, timeout=self._timeout) as answer:  # noqa: S310
            if answer.headers.get_content_type() != "application/timestamp-reply":
                raise ValueError("not a timestamp reply")
            return tsp.TimeStampResp.load(answer.read(MAX_ANSWER), strict=True)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """pyHanko compares status and nonce; imprint, certificate and time are looked at here."""
        token = await super().async_timestamp(message_digest, md_algorithm)
        imprint: Any = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
        if imprint["hashed_message"].native != message_digest:
            raise ValueError("the token is for another digest")
        _require_in_force(token["content"], datetime.now(UTC))
        return token


def _require_in_force(data: cms.SignedData, now: datetime) -> None:
    """Its signer's certificate is for timestamps (RFC 3161 2.3) and within its time, and the time it tells is now.

    Whom the certificate leads to is judged when the file is.  Raises ValueError, OtherTimeError.
    """
    (signer,) = data["signer_infos"]
    serial = signer["sid"].chosen["serial_number"].native
    found = [one.chosen for one in data["certificates"] if one.chosen.serial_number == serial]
    if not found or not found[0].extended_key_usage_value or not _is_for_time(found[0]):
        raise ValueError("no certificate for timestamps")
    if not found[0].not_valid_before <= now <= found[0].not_valid_after:
        raise ValueError("the certificate is not within its time")
    told = data["encap_content_info"]["content"].parsed["gen_time"].native
    if abs(told - now) > MOST_DIFFERENCE:
        raise OtherTimeError


def _is_for_time(certificate: Any) -> bool:
    return bool(certificate.extended_key_usage_value.native == ["time_stamping"])
