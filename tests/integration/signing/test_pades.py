"""The certifying signature: what it is, who accepts it, and what stops it."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from services.signing.pades import (
    Sealing,
    SignatureMismatchError,
    TsaUnavailableError,
    UnexpectedShapeError,
    certify,
    judge,
)
from services.signing.structure import holes_of
from tests.integration.signing.pki import Pki
from tests.integration.signing.tokens import SignerProcess, make_token

NOBODY_LISTENS = "http://127.0.0.1:9/"
AT = datetime(2026, 12, 9, 6, 1, tzinfo=UTC)


def asking(sealing: Sealing, *urls: str) -> Sealing:
    """By these timestamp authorities."""
    assert sealing.authorities is not None
    return replace(sealing, authorities=replace(sealing.authorities, urls=urls))


def test_it_is_strictly_valid_by_pyhanko(signed: bytes, pki: Pki) -> None:
    judgement = judge(signed, pki.trust)
    assert (judgement.failures, judgement.doubts, judgement.level) == ((), (), "B-T")
    assert judgement.signed_at is not None


def test_it_keeps_the_document_byte_for_byte_before_it(signed: bytes, unsigned: bytes) -> None:
    assert signed.startswith(unsigned)
    assert len(holes_of(signed)) == 1


def test_its_widget_keeps_pdf_a_and_pdf_ua(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert (field.T, field.F, field.TU) == ("Seal", 132, "電子署名")
        assert list(map(float, field.Rect)) == [0, 0, 0, 0]
        tree = pdf.Root.StructTreeRoot
        entered = dict(zip(tree.ParentTree.Nums[::2], tree.ParentTree.Nums[1::2], strict=True))
        element = entered[int(field.StructParent)]
        assert element.S == "/Form"
        assert element.K.Obj.objgen == field.objgen
        assert element.objgen in [kid.objgen for kid in tree.K[0].K]
        assert pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P == 2
        assert "/NeedAppearances" not in pdf.Root.AcroForm


def test_the_same_order_gives_the_same_bytes_to_sign(unsigned: bytes, sealing: Sealing) -> None:
    asked: list[bytes] = []

    def raw_sign(algorithm: str, data: bytes) -> bytes:
        asked.append(data)
        return sealing.raw_sign(algorithm, data)

    for _ in range(2):
        certify(unsigned, replace(sealing, raw_sign=raw_sign), AT)
    assert asked[0] == asked[1]


def test_a_silent_authority_is_passed_over(unsigned: bytes, sealing: Sealing, pki: Pki) -> None:
    signed = certify(unsigned, asking(sealing, NOBODY_LISTENS, pki.tsa_url), AT)
    assert judge(signed, pki.trust).level == "B-T"


def test_without_any_authority_nothing_is_sealed(unsigned: bytes, sealing: Sealing) -> None:
    with pytest.raises(TsaUnavailableError):
        certify(unsigned, asking(sealing, NOBODY_LISTENS), AT)


def test_an_authority_that_answers_something_else_is_no_authority(unsigned: bytes, sealing: Sealing, pki: Pki) -> None:
    elsewhere = pki.tsa_url.replace("/test/tsa/tsa", "/test/crls/root/latest.crl")
    with pytest.raises(TsaUnavailableError):
        certify(unsigned, asking(sealing, elsewhere), AT)


def test_a_signature_of_another_key_is_never_embedded(unsigned: bytes, sealing: Sealing) -> None:
    with pytest.raises(SignatureMismatchError):
        certify(unsigned, replace(sealing, raw_sign=lambda _algorithm, _data: b"\x00" * 256), AT)


def test_a_file_of_another_shape_is_refused(signed: bytes, sealing: Sealing) -> None:
    with pytest.raises(UnexpectedShapeError):
        certify(signed, sealing, AT)


def test_the_key_stays_in_the_token(unsigned: bytes, sealing: Sealing, pki: Pki, tmp_path: Path) -> None:
    signer = SignerProcess(make_token(tmp_path / "token", pki.seal_key), tmp_path)
    signer.wait_until_ready()
    try:
        by_token = replace(sealing, raw_sign=lambda algorithm, data: signer.client.sign("document", algorithm, data))
        assert judge(certify(unsigned, by_token, AT), pki.trust).failures == ()
    finally:
        signer.stop()


def test_an_unknown_root_is_a_doubt_not_an_accusation(signed: bytes, pki: Pki) -> None:
    judgement = judge(signed, replace(pki.trust, crls=()))
    assert judgement.failures == ()
    assert judgement.doubts
