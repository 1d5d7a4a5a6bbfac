"""Every unaltered file of every level is accepted; every altered one is refused, for a reason that fits.

The attacks are those of pdf-insecurity.org (universal forgery, incremental saving, wrapping; shadow attacks; evil
annotations and sneaky signatures), of CMS (two signers, content inside, unsigned attributes) and of what a
certification lets pass: made on our own notices and contracts.
"""

from collections.abc import Callable
from datetime import date

import pytest
from asn1crypto import pem
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from services.signing.rendering.agreements import AgreementRenderer, ContractOrder
from services.signing.verdict import TOO_COMPLEX, UNSIGNED
from services.signing.verification import verify
from tests.integration.signing.attacks import after_signing, before_signing, of_two
from tests.integration.signing.attacks.originals import LEVELS, KeySigner, at_every_level, certified
from tests.integration.signing.conftest import SEAL
from tests.integration.signing.pki import Pki
from tests.unit.signing import glyphs
from tests.unit.signing.contracts import goods

Originals = dict[tuple[str, str], bytes]
KINDS = ("notice", "contract")
# What an altered file is called: never a mere doubt about who signed or when, which says nothing of the alteration.
DOUBTFUL = {"TRY_LATER", "NO_POE", "REVOCATION_OUT_OF_BOUNDS_NO_POE", "ISSUER_UNKNOWN"}
# The signature is gone or the parser's patience is: then nobody can say that it was ours.
UNRECOGNISABLE = {
    "contents_empty", "contents_of_zeros", "contents_null", "contents_missing", "bomb_as_a_table",
    "certificates_left_out",
}  # fmt: skip
# What whoever signed it has signed too: it must not be called valid, and was not altered.
ACTS_BY_ITSELF = {"script_in_the_signed_file", "additional_actions_in_the_signed_file", "text_field_beside_the_seal"}


@pytest.fixture(scope="module")
def unsigned_files(unsigned: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    renderer = AgreementRenderer(tmp_path_factory.mktemp("contracts"), glyphs.FONT_DIRS)
    contract = renderer.contract(ContractOrder(goods(), SEAL, date(2026, 12, 9), b'{"steps":[]}'))
    return {"notice": unsigned, "contract": contract}


@pytest.fixture(scope="module")
def originals(unsigned_files: dict[str, bytes], pki: Pki) -> Originals:
    return {
        (kind, level): pdf
        for kind, unsigned in unsigned_files.items()
        for level, pdf in at_every_level(unsigned, pki).items()
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", LEVELS)
def test_an_unaltered_file_is_accepted(originals: Originals, pki: Pki, kind: str, level: str) -> None:
    verdict = verify(originals[kind, level], pki.trust)
    assert (verdict.status, verdict.reasons, verdict.level) == ("valid", (), level)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("attack", after_signing.ATTACKS, ids=lambda attack: attack.__name__)
def test_a_file_altered_after_it_was_signed_is_refused_at_every_level(
    originals: Originals, pki: Pki, kind: str, attack: Callable[[bytes], bytes]
) -> None:
    for level in LEVELS:
        original = originals[kind, level]
        altered = attack(original)
        assert altered != original
        verdict = verify(altered, pki.trust)
        assert verdict.status in ({"invalid", "indeterminate"} if attack.__name__ in UNRECOGNISABLE else {"invalid"})
        assert not DOUBTFUL.issuperset(verdict.reasons), (level, verdict.reasons)
        assert UNSIGNED not in verdict.reasons
        assert TOO_COMPLEX not in verdict.reasons or attack.__name__ in UNRECOGNISABLE


@pytest.mark.parametrize("attack", of_two.ATTACKS, ids=lambda attack: attack.__name__)
def test_what_is_taken_from_another_document_is_refused_at_every_level(
    originals: Originals, pki: Pki, attack: Callable[[bytes, bytes], bytes]
) -> None:
    for level in LEVELS:
        pdf, other = originals["notice", level], originals["contract", level]
        verdict = verify(attack(pdf, other), pki.trust)
        assert verdict.status == "invalid", (level, verdict.reasons)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("attack", before_signing.ATTACKS, ids=lambda attack: attack.__name__)
def test_a_file_prepared_before_it_was_signed_is_refused(
    unsigned_files: dict[str, bytes], pki: Pki, kind: str, attack: Callable[[bytes, Pki], bytes]
) -> None:
    verdict = verify(attack(unsigned_files[kind], pki), pki.trust)
    if attack.__name__ in ACTS_BY_ITSELF:
        assert verdict.status == "indeterminate"
        assert {"ACTIVE", "FORM_FIELDS"} & set(verdict.reasons)
    else:
        assert verdict.status == "invalid", verdict.reasons


@pytest.mark.parametrize("name", ["tsa", "interm"])
def test_a_certificate_that_is_not_for_documents_signs_none(
    unsigned_files: dict[str, bytes], pki: Pki, name: str
) -> None:
    """An authority's, and one for timestamps, lead to the same root as the seal's."""
    key = load_pem_private_key((pki.directory / f"{name}.pem").read_bytes(), None)
    _, _, certificate = pem.unarmor((pki.directory / f"{name}.cert.pem").read_bytes())
    verdict = verify(certified(unsigned_files["notice"], KeySigner(certificate, (), key)), pki.trust)
    assert (verdict.status, verdict.reasons) == ("indeterminate", ("PURPOSE",))


def test_there_are_more_than_eighty_altered_files() -> None:
    after = len(after_signing.ATTACKS) * len(KINDS) * len(LEVELS)
    assert after + len(of_two.ATTACKS) * len(LEVELS) + len(before_signing.ATTACKS) * len(KINDS) > 80
