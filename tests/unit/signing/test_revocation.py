"""Revocation lists for a verifier: a server that is away holds up nobody."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.signing.revocation import CrlCache

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)
URL = "http://crl.example/latest.crl"


def test_a_server_that_is_away_is_asked_now_and_then_and_not_by_every_visitor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def away(_cache: CrlCache, url: str, *_: object) -> bytes:
        asked.append(url)
        raise OSError

    monkeypatch.setattr(CrlCache, "_fetch", away)
    cache = CrlCache(tmp_path / "crls", (URL,))
    assert cache.known(AT) == cache.known(AT + timedelta(seconds=9)) == ()
    assert asked == [URL]
    assert cache.known(AT + timedelta(seconds=11)) == ()
    assert asked == [URL, URL]
