"""Our own cache of CRLs: fetched from the addresses in the settings only, never from an address inside an upload."""

import hashlib
import http.client
import os
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from services.chassis.logging import get_logger

log = get_logger()
MAX_BYTES = 20 << 20
REFRESH_AFTER = timedelta(hours=1)
RETRY_AFTER = timedelta(minutes=1)
SKEW = timedelta(seconds=10)
ABSENT_FOR = timedelta(seconds=10)
TIMEOUT_SECONDS = 5
FAILURES = (OSError, ValueError, http.client.HTTPException)


class CrlUnavailableError(Exception):
    """A CRL can neither be fetched nor is the one at hand still valid.  Transient.  ``url``: which."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


@dataclass(frozen=True)
class CrlCache:
    """One file per address.  Safe for several processes: a file is replaced whole."""

    directory: Path
    urls: tuple[str, ...]

    def current(self, now: datetime) -> tuple[bytes, ...]:
        """DER of a valid CRL for every address.  Raises CrlUnavailableError."""
        return tuple(self._current(url, now) for url in self.urls)

    def known(self, now: datetime) -> tuple[bytes, ...]:
        """DER of those that can be had: for a verifier, who says what he could not find out."""
        return tuple(found for url in self.urls if (found := self._known(url, now)))

    def _known(self, url: str, now: datetime) -> bytes | None:
        """A server that is away is asked now and then, not by every visitor."""
        absence = self._file(url).with_suffix(".absent")
        if absence.exists() and now.timestamp() - absence.stat().st_mtime < ABSENT_FOR.total_seconds():
            return None
        try:
            return self._current(url, now)
        except CrlUnavailableError:
            log.warning("crl_unavailable", url=url)
            self.directory.mkdir(parents=True, exist_ok=True)
            absence.touch()
            os.utime(absence, (now.timestamp(), now.timestamp()))
            return None

    def _file(self, url: str) -> Path:
        return self.directory / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.crl"

    def _current(self, url: str, now: datetime) -> bytes:
        file = self._file(url)
        held = file.read_bytes() if file.exists() else b""
        if held and now.timestamp() - file.stat().st_mtime < REFRESH_AFTER.total_seconds() and _valid(held, now):
            return held
        try:
            return self._fetch(url, file, now)
        except FAILURES as error:
            if held and _valid(held, now):
                _ask_again_later(file, now)
                return held
            raise CrlUnavailableError(url) from error

    def _fetch(self, url: str, file: Path, now: datetime) -> bytes:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - an address of the settings
            fetched: bytes = answer.read(MAX_BYTES)
        if not _valid(fetched, now):
            raise ValueError("the CRL is not valid now")
        self.directory.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{now.timestamp()}.new")
        fresh.write_bytes(fetched)
        fresh.replace(file)
        return fetched


def _ask_again_later(file: Path, now: datetime) -> None:
    """A server that hangs must not hold up every document while the list at hand is still valid."""
    then = (now - REFRESH_AFTER + RETRY_AFTER).timestamp()
    os.utime(file, (then, then))


def _valid(der: bytes, now: datetime) -> bool:
    """Within its own time, by clocks that differ a little.  Its signature is checked where it is used."""
    crl = x509.load_der_x509_crl(der)
    return crl.next_update_utc is not None and crl.last_update_utc <= now + SKEW and now < crl.next_update_utc
