"""B-LT at once and B-LTA later: what each is, who accepts it, and that nothing in it can change unnoticed."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from services.signing.pades import RevocationDataMissingError, Stamping, add_validation_data, stamp_document
from services.signing.verification import verify
from tests.integration.signing.pki import Pki


@pytest.fixture(scope="module")
def levels(signed: bytes, pki: Pki) -> dict[str, bytes]:
    """The same notice at each level that carries a timestamp."""
    with_data = add_validation_data(signed, pki.trust)
    return {"B-T": signed, "B-LT": with_data, "B-LTA": stamp_document(with_data, Stamping(pki.authorities))}


@pytest.mark.parametrize("level", ["B-T", "B-LT", "B-LTA"])
def test_each_level_is_valid_and_named(levels: dict[str, bytes], pki: Pki, level: str) -> None:
    verdict = verify(levels[level], pki.trust)
    assert (verdict.status, verdict.reasons, verdict.level) == ("valid", (), level)


@pytest.mark.parametrize("level", ["B-LT", "B-LTA"])
def test_a_verifier_needs_no_list_of_its_own(levels: dict[str, bytes], pki: Pki, level: str) -> None:
    verdict = verify(levels[level], replace(pki.trust, crls=()))
    assert (verdict.status, verdict.reasons) == ("valid", ())


def test_each_level_begins_with_the_one_before(levels: dict[str, bytes]) -> None:
    assert levels["B-LT"].startswith(levels["B-T"])
    assert levels["B-LTA"].startswith(levels["B-LT"])


def altered(pdf: bytes, start: int, count: int) -> Iterator[tuple[int, bytes]]:
    chance = random.Random(20261127)
    for place in sorted(chance.randrange(start, len(pdf)) for _ in range(count)):
        yield place, pdf[:place] + bytes([pdf[place] ^ 1 << chance.randrange(8)]) + pdf[place + 1 :]


@pytest.mark.parametrize("level", ["B-LT", "B-LTA"])
def test_one_changed_bit_in_what_was_added_is_refused(levels: dict[str, bytes], pki: Pki, level: str) -> None:
    for place, pdf in altered(levels[level], len(levels["B-T"]), 150):
        assert verify(pdf, pki.trust).status != "valid", place


def test_lists_must_be_there_and_as_new_as_is_asked(signed: bytes, pki: Pki) -> None:
    with pytest.raises(RevocationDataMissingError):
        add_validation_data(signed, replace(pki.trust, crls=pki.trust.crls[:1]))
    at = verify(signed, pki.trust).signed_at
    assert at is not None
    with pytest.raises(RevocationDataMissingError):
        add_validation_data(signed, pki.trust, newer_than=at + timedelta(days=1))


def test_what_is_there_is_not_added_again(levels: dict[str, bytes], pki: Pki) -> None:
    assert add_validation_data(levels["B-LT"], pki.trust) == levels["B-LT"]
