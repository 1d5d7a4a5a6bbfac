"""Our own PDFs are certified at the speed of the key; any other shape is named, and goes through pyHanko."""

import io
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.signing.pades import (
    SealCertificateError,
    SealIdentity,
    Sealing,
    SignatureMismatchError,
    Trust,
    UnexpectedShapeError,
    certify,
    certify_by_pyhanko,
    judge,
)
from services.signing.pades.fast import certify_fast
from services.signing.pades.form import FIELD
from services.signing.rendering import Issue, Order, Renderer
from services.signing.verification import verify
from tests.integration.signing.decades import Holder, years
from tests.integration.signing.pki import Pki
from tests.unit.signing import glyphs, notices
from tests.unit.signing.drafts import RIGHT

AT = datetime(2026, 12, 9, 6, 1, tzinfo=UTC)
LONG = notices.grant(conditions=[f"第{n}の条件。{'あらかじめ町長の承認を受けること。' * 4}" for n in range(1, 61)])


def fast(pdf: bytes, sealing: Sealing) -> bytes:
    """Without a timestamp."""
    return certify_fast(pdf, sealing.identity, sealing.raw_sign, None, AT)


@pytest.mark.parametrize("name", [*RIGHT, "many pages"])
def test_every_notice_has_the_shape_that_is_written_straight(
    sealing: Sealing, pki: Pki, tmp_path: Path, name: str
) -> None:
    notice = (RIGHT | {"many pages": LONG})[name]
    issue = Issue("高建第1号", AT.date(), b"{}", notices.ADDRESS)
    pdf = Renderer(tmp_path, glyphs.FONT_DIRS).render(Order(notice, None, issue))
    signed = fast(pdf, sealing)
    assert signed.startswith(pdf)
    verdict = verify(signed, pki.trust)
    assert (verdict.status, verdict.reasons, verdict.level) == ("valid", (), "B-B")


def test_the_same_document_and_time_give_the_same_file(unsigned: bytes, sealing: Sealing) -> None:
    assert fast(unsigned, sealing) == fast(unsigned, sealing)


def test_both_ways_make_the_same_field_and_permission(unsigned: bytes, sealing: Sealing, pki: Pki) -> None:
    for make in (certify, certify_by_pyhanko):
        signed = make(unsigned, sealing, AT)
        assert verify(signed, pki.trust).status == "valid"
        with pikepdf.open(io.BytesIO(signed)) as pdf:
            (field,) = pdf.Root.AcroForm.Fields
            assert (field.T, field.F, field.TU, field.V.SubFilter) == (FIELD, 132, "電子署名", "/ETSI.CAdES.detached")
            assert pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P == 2
            assert not pdf.check_pdf_syntax()


def test_another_program_s_pdf_is_named_and_goes_through_pyhanko(unsigned: bytes, sealing: Sealing, pki: Pki) -> None:
    with pikepdf.open(io.BytesIO(unsigned)) as pdf:
        pdf.save(other := io.BytesIO())
    with pytest.raises(UnexpectedShapeError):
        fast(other.getvalue(), sealing)
    assert verify(certify(other.getvalue(), sealing, AT), pki.trust).status == "valid"


EMPTY = b"trailer\n<</Size 1/Root 0 0 R>>\nstartxref\n0\n%%EOF\n"


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7\n", b"hello\n", EMPTY])
def test_what_is_no_pdf_has_another_shape(junk: bytes, sealing: Sealing) -> None:
    with pytest.raises(UnexpectedShapeError):
        fast(junk, sealing)


def test_a_spoiled_file_is_refused_or_makes_a_file_whose_signature_is_whole(
    unsigned: bytes, sealing: Sealing, pki: Pki
) -> None:
    chance = random.Random(20261127)
    structure = unsigned.rindex(b"xref\n0 ")
    places = [chance.randrange(structure, len(unsigned)) for _ in range(60)]
    places += [chance.randrange(len(unsigned)) for _ in range(40)]
    refused = 0
    for place in places:
        spoiled = unsigned[:place] + bytes([unsigned[place] ^ 1 << chance.randrange(8)]) + unsigned[place + 1 :]
        try:
            signed = fast(spoiled, sealing)
        except UnexpectedShapeError:
            refused += 1
            continue
        assert signed.startswith(spoiled)
        assert set(verify(signed, pki.trust).reasons).isdisjoint({"HASH_FAILURE", "SIG_CRYPTO_FAILURE", "COUNT"})
    assert 0 < refused < len(places)


def test_a_signature_of_another_key_is_never_written(unsigned: bytes, sealing: Sealing) -> None:
    with pytest.raises(SignatureMismatchError):
        certify_fast(unsigned, sealing.identity, lambda _name, _data: b"\x01" * 256, None, AT)


@pytest.mark.parametrize("at", [datetime(2025, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)])
def test_outside_its_certificate_s_time_the_key_is_not_asked(unsigned: bytes, sealing: Sealing, at: datetime) -> None:
    asked: list[bytes] = []
    with pytest.raises(SealCertificateError):
        certify(unsigned, Sealing(sealing.identity, lambda _, data: bytes(asked.append(data) or b"")), at)
    assert asked == []


def test_a_certificate_of_an_authority_signs_no_document(unsigned: bytes, sealing: Sealing) -> None:
    authority = Holder("認証局", years(60), usage=x509.KeyUsage(*[False] * 5, True, True, False, False))
    with pytest.raises(SealCertificateError):
        certify(unsigned, Sealing(SealIdentity(authority.der, ()), sealing.raw_sign), AT)


def test_a_key_on_a_curve_signs_as_well(unsigned: bytes) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "高畠町長")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, AT - timedelta(days=9), AT + timedelta(days=900))
    own = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    for _ in range(5):  # lengths of its signatures differ
        sealing = Sealing(SealIdentity(own, ()), lambda _, data: key.sign(data, ec.ECDSA(hashes.SHA256())))
        judgement = judge(fast(unsigned, sealing), Trust((own,)), AT)
        assert judgement.failures == ()
