"""One verdict per file: untouched files are valid, altered ones never."""

import io
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle

import pikepdf
import pytest
from pyhanko.sign.fields import SigSeedSubFilter

from services.signing.pades import Trust
from services.signing.verification import verify
from services.signing.verifier.digests import leads_to
from tests.integration.signing.pki import Pki
from tests.integration.signing.strangers import signed_elsewhere
from tests.integration.signing.trees import Hole, Node


def _hole(signed: bytes) -> tuple[int, int]:
    return Hole(signed).place


def _flipped(signed: bytes, positions: list[int]) -> Iterator[tuple[int, bytes]]:
    for position in positions:
        yield position, signed[:position] + bytes([signed[position] ^ 1]) + signed[position + 1 :]


def test_an_untouched_notice_is_valid(signed: bytes, pki: Pki) -> None:
    verdict = verify(signed, pki.trust)
    assert (verdict.status, verdict.reasons, verdict.level) == ("valid", (), "B-T")
    assert verdict.signer == "高畠町長（試験）"


def test_one_changed_byte_anywhere_is_refused(signed: bytes, pki: Pki) -> None:
    chance = random.Random(20261124)
    start, end = _hole(signed)
    before = [chance.randrange(start) for _ in range(40)]
    after = [chance.randrange(end, len(signed)) for _ in range(10)]
    for position, altered in _flipped(signed, before + after):
        assert verify(altered, pki.trust).status == "invalid", position


def test_one_changed_digit_of_the_signature_is_refused(signed: bytes, pki: Pki) -> None:
    chance = random.Random(20261125)
    start, end = _hole(signed)
    cms_end = len(signed[start:end].rstrip(b"0")) + start
    inside = [chance.randrange(start, cms_end) for _ in range(60)]
    padding = [chance.randrange(cms_end, end) for _ in range(5)]
    for position in inside + padding:
        digits = b"0123456789abcdef" if signed[start:end].islower() else b"0123456789ABCDEF"
        other = digits[(int(signed[position : position + 1], 16) + 1) % 16 :][:1]
        altered = signed[:position] + other + signed[position + 1 :]
        assert verify(altered, pki.trust).status != "valid", position


def test_a_certificate_of_an_unknown_version_is_refused_and_breaks_nothing(signed: bytes, pki: Pki) -> None:
    start, end = _hole(signed)
    version = b"a003020102"
    place = signed[start:end].lower().index(version) + start + len(version) - 1
    verdict = verify(signed[:place] + b"3" + signed[place + 1 :], pki.trust)
    assert verdict.status == "invalid"


def test_no_broken_certificate_stops_the_question_whose_it_is(signed: bytes, pki: Pki) -> None:
    start, end = _hole(signed)
    digits = signed[start:end]
    der = bytes.fromhex(digits[: len(digits) // 2 * 2].decode()).rstrip(b"\0")
    chance = random.Random(20261127)
    for place in range(0, len(der), 3):
        broken = der[:place] + bytes([der[place] ^ 1 << chance.randrange(8)]) + der[place + 1 :]
        assert leads_to(broken, pki.trust.roots) in (True, False)


def test_a_key_of_an_unknown_kind_has_a_verdict(signed: bytes, pki: Pki) -> None:
    start, end = _hole(signed)
    rsa_encryption = b"2a864886f70d010101"
    contents = signed[start:end].lower()
    places = [match.start() for match in re.finditer(rsa_encryption, contents)]
    assert places
    for place in places:
        altered = contents[:place] + b"2a8848" + contents[place + 6 :]
        altered = altered if signed[start:end].islower() else altered.upper()
        assert verify(signed[:start] + altered + signed[end:], pki.trust).status != "valid"


UNSIGNED_ATTRIBUTES = 0xA1
EXTRAS = (Node(0x00, b""), Node(0x05, b""), Node(0x04, b"x"), Node(0xA5, []))


def test_nothing_hides_behind_the_parts_of_the_signature(signed: bytes, pki: Pki) -> None:
    hole = Hole(signed)
    tree = hole.tree()
    assert verify(hole.filled_with(tree), pki.trust).status == "valid"
    for content, extra in zip(tree.inner(), cycle(EXTRAS), strict=False):
        content.append(extra)
        altered = hole.filled_with(tree)
        content.pop()
        assert verify(altered, pki.trust).status != "valid", content


def test_no_part_of_the_signature_can_be_left_out(signed: bytes, pki: Pki) -> None:
    hole = Hole(signed)
    tree = hole.tree()
    places = [(content, place) for content in tree.inner() for place in range(len(content))]
    for content, place in random.Random(20261209).sample(places, 80):
        part = content.pop(place)
        altered = hole.filled_with(tree)
        content.insert(place, part)
        verdict = verify(altered, pki.trust)
        if part.tag == UNSIGNED_ATTRIBUTES:  # the timestamp: what is left is a signature of the level B-B
            assert (verdict.level, verdict.signed_at) == ("B-B", None)
        else:
            assert verdict.status != "valid", part


def test_a_longer_signature_than_there_is_takes_in_no_padding(signed: bytes, pki: Pki) -> None:
    start, _ = _hole(signed)
    last_digit = start + 7
    for digit in b"0123456789abcdef" if signed[start:].islower() else b"0123456789ABCDEF":
        altered = signed[:last_digit] + bytes([digit]) + signed[last_digit + 1 :]
        assert (verify(altered, pki.trust).status == "valid") == (altered == signed)


@pytest.mark.parametrize("subfilter", [SigSeedSubFilter.ADOBE_PKCS7_DETACHED, SigSeedSubFilter.PADES])
def test_what_a_stranger_has_signed_is_not_called_altered(
    unsigned: bytes, pki: Pki, subfilter: SigSeedSubFilter
) -> None:
    elsewhere = signed_elsewhere(unsigned, subfilter)
    verdict = verify(elsewhere, pki.trust)
    assert (verdict.status, verdict.signer) == ("indeterminate", "株式会社よそ")
    assert verify(elsewhere + b"\n", pki.trust).status == "invalid"


def test_the_case_of_one_hexadecimal_digit_is_refused(signed: bytes, pki: Pki) -> None:
    start, end = _hole(signed)
    position = next(p for p in range(start, end) if signed[p : p + 1].isalpha())
    altered = signed[:position] + signed[position : position + 1].swapcase() + signed[position + 1 :]
    assert verify(altered, pki.trust).reasons == ("HEX",)


@pytest.mark.parametrize("tail", [b"\n", b" ", b"%%EOF\n", b"\x00" * 100])
def test_bytes_after_the_end_are_refused(signed: bytes, pki: Pki, tail: bytes) -> None:
    assert verify(signed + tail, pki.trust).status == "invalid"


def test_a_later_revision_is_refused(signed: bytes, pki: Pki) -> None:
    objects = b"1 0 obj\n<</Type/Catalog>>\nendobj\nxref\n1 1\n%010d 00000 n \n" % len(signed)
    tail = b"trailer\n<</Size 2/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(signed) + 33)
    assert verify(signed + objects + tail, pki.trust).status == "invalid"


def test_a_file_written_anew_is_refused(signed: bytes, pki: Pki) -> None:
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        pdf.save(written := io.BytesIO())
    assert verify(written.getvalue(), pki.trust).status == "invalid"


def test_a_byte_range_that_starts_later_or_is_missing_is_refused(signed: bytes, pki: Pki) -> None:
    for spoiled in (re.sub(rb"(/ByteRange \[)0", rb"\g<1>1", signed), signed.replace(b"/ByteRange", b"/ByteRenge")):
        assert spoiled != signed
        assert verify(spoiled, pki.trust).status == "invalid"


def test_an_unsigned_file_is_no_accusation(unsigned: bytes, pki: Pki) -> None:
    verdict = verify(unsigned, pki.trust)
    assert (verdict.status, verdict.reasons) == ("indeterminate", ("UNSIGNED",))


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7\n%%EOF\n", b"\x89PNG\r\n\x1a\n" * 100])
def test_what_is_no_pdf_is_unreadable(data: bytes, pki: Pki) -> None:
    verdict = verify(data, pki.trust)
    assert (verdict.status, verdict.reasons) == ("indeterminate", ("UNREADABLE",))


def test_a_town_we_do_not_know_is_indeterminate(signed: bytes, pki: Pki) -> None:
    assert verify(signed, Trust((pki.identity.chain[0],))).status == "indeterminate"
    assert verify(signed, replace(pki.trust, crls=())).status == "indeterminate"
