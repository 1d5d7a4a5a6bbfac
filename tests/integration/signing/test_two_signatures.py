"""A contract that two sign: only fields that were there when the first one signed may be filled, by a signature."""

import io
from contextlib import suppress

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper

from services.signing.pades import Stamping, add_validation_data, stamp_document
from services.signing.pades.form import add_seal_field
from services.signing.verification import verify
from tests.integration.signing.attacks import after_signing
from tests.integration.signing.attacks.forging import Forger, picture
from tests.integration.signing.attacks.originals import KeySigner
from tests.integration.signing.pki import Pki

OTHER = "Contractor"


def with_fields(unsigned: bytes) -> bytes:
    """Both fields, empty, in one revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(unsigned))
    add_seal_field(writer)
    fields.append_signature_field(writer, fields.SigFieldSpec(OTHER, on_page=0, box=None))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def signed_in(pdf: bytes, field: str, pki: Pki, *, new: bool = False, certify: bool = False) -> bytes:
    values = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
    )
    session = signers.PdfSigner(values, KeySigner.of(pki), timestamper=HTTPTimeStamper(pki.tsa_url))
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    return bytes(session.sign_pdf(writer, existing_fields_only=not new).getvalue())


@pytest.fixture(scope="module")
def first(unsigned: bytes, pki: Pki) -> bytes:
    return signed_in(with_fields(unsigned), OTHER, pki)


@pytest.fixture(scope="module")
def both(first: bytes, pki: Pki) -> bytes:
    return signed_in(first, "Seal", pki)


def test_the_first_signature_alone_is_valid(first: bytes, pki: Pki) -> None:
    assert verify(first, pki.trust).status == "valid"


@pytest.mark.parametrize("certify", [False, True])
def test_a_second_signature_in_its_field_is_valid_and_both_are_told(unsigned: bytes, pki: Pki, certify: bool) -> None:
    """The contractor and then the town, or the town certifies first."""
    first = signed_in(with_fields(unsigned), "Seal" if certify else OTHER, pki, certify=certify)
    verdict = verify(signed_in(first, OTHER if certify else "Seal", pki), pki.trust)
    assert (verdict.status, verdict.reasons) == ("valid", ())
    assert [one.kind for one in verdict.found] == ["signature", "signature"]


def test_both_can_be_archived(both: bytes, pki: Pki) -> None:
    archived = stamp_document(add_validation_data(both, pki.trust), Stamping(pki.authorities))
    verdict = verify(archived, pki.trust)
    assert (verdict.status, verdict.level, len(verdict.found)) == ("valid", "B-LTA", 3)


def test_a_second_signature_in_a_field_of_its_own_is_refused(unsigned: bytes, pki: Pki) -> None:
    first = signed_in(with_fields(unsigned), OTHER, pki)
    assert verify(signed_in(first, "New", pki, new=True), pki.trust).status == "invalid"


CHANGES = (
    after_signing.page_rewritten,
    after_signing.page_with_other_contents,
    after_signing.page_added,
    after_signing.page_freed,
    after_signing.catalog_of_another_number,
    after_signing.note_laid_over,
    after_signing.sneaky_field_of_text,
    after_signing.seal_made_large,
    after_signing.script_that_runs_on_opening,
    after_signing.objects_laid_ready,
    after_signing.objects_without_a_table,
    after_signing.comment_after_the_end,
    after_signing.hole_with_an_entry_more,
)


@pytest.mark.parametrize("attack", CHANGES, ids=lambda attack: attack.__name__)
def test_a_change_between_the_two_is_refused(first: bytes, pki: Pki, attack: after_signing.Attack) -> None:
    """Whoever signs last must not launder what was changed before."""
    changed = attack(first)
    with suppress(Exception):  # what no program can sign at all is refused as it is
        changed = signed_in(changed, "Seal", pki)
    assert verify(changed, pki.trust).status != "valid"


@pytest.mark.parametrize("attack", CHANGES, ids=lambda attack: attack.__name__)
def test_a_change_after_both_is_refused(both: bytes, pki: Pki, attack: after_signing.Attack) -> None:
    assert verify(attack(both), pki.trust).status != "valid"


def test_a_field_that_is_moved_while_it_is_signed_is_refused(first: bytes, pki: Pki) -> None:
    forger = Forger(first)
    (number,) = [
        one
        for one in range(forger.size)
        if forger.state.place(one) and b"(Seal)" in forger.body(one)[:400] and b"/Rect" in forger.body(one)[:400]
    ]
    moved = forger.body(number).replace(b"/Rect [0 0 0 0]", b"/Rect [0 0 600 850]").replace(b"/Rect [ 0 0 0 0 ]", b"")
    moved = moved[: moved.rindex(b">>")] + b"/AP<</N %d 0 R>>>>" % forger.size
    prepared = forger.revise({number: moved, forger.size: picture()})
    assert verify(signed_in(prepared, "Seal", pki), pki.trust).status == "invalid"
