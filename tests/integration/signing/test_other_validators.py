"""Signed notice, contract and certificate before the validators that others use: each accepts it, and refuses it with
one byte changed.
"""

import random
from collections.abc import Callable

import pytest

from services.messages import DocumentSigned
from services.signing.verification import verify
from tests.integration.signing.cases import Case, House
from tests.integration.signing.deals import Deal
from tests.integration.signing.letters import receiving
from tests.integration.signing.pki import Pki
from tests.validators import Validators, flipped, signed_bytes


@pytest.fixture(scope="module")
def sealed(house: House) -> dict[str, bytes]:
    """As the worker has sealed them and both sites keep them."""
    case, deal = Case.at(house), Deal.at(house)
    case.up_to_the_keeper()
    house.hear(case.permit())
    (signed,) = case.said(DocumentSigned)
    with receiving(house.settings.smtp_port) as letters:
        concluded = deal.concluded(letters)
    refs = {"notice": signed.document, "contract": concluded.document, "certificate": concluded.certificate}
    return {name: house.objects.get(ref) for name, ref in refs.items()}


@pytest.fixture(scope="module", params=["notice", "contract", "certificate"])
def notice(sealed: dict[str, bytes], request: pytest.FixtureRequest) -> bytes:
    """Each of them is before the validators what a notice is."""
    return sealed[request.param]


@pytest.fixture(scope="module")
def validators(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Validators:
    return Validators.prepared(tmp_path_factory.mktemp("trust"), pki.root_pem.read_bytes(), iter(pki.trust.crls))


def test_pdfsig_trusts_it_with_and_without_asking_online(notice: bytes, validators: Validators) -> None:
    for options in ((), ("-no-ocsp",)):
        assert validators.pdfsig_is_satisfied(notice, *options)


def test_pyhanko_is_strictly_satisfied(notice: bytes, validators: Validators) -> None:
    assert validators.pyhanko_is_satisfied(notice)


def test_todoke_verify_says_whose_and_ends_with_zero(notice: bytes, validators: Validators) -> None:
    code, verdict = validators.todoke(notice)
    assert (code, verdict["verdict"], verdict["signer"], verdict["reasons"]) == (0, "valid", "高畠町長（試験）", [])


def test_one_signed_byte_changed_is_refused_by_all_three(notice: bytes, validators: Validators) -> None:
    for place in signed_bytes(notice):
        altered = flipped(notice, place)
        assert "Signature is Valid." not in validators.pdfsig(altered), place
        assert not validators.pyhanko_is_satisfied(altered), place
        code, verdict = validators.todoke(altered)
        assert (code, verdict["verdict"]) == (1, "invalid"), place


@pytest.mark.parametrize("change", [lambda pdf: pdf[:-700], lambda pdf: pdf + b"\n", lambda pdf: pdf + pdf[-200:]])
def test_a_file_cut_short_or_with_bytes_after_its_end_is_refused_by_todoke(
    notice: bytes, validators: Validators, change: Callable[[bytes], bytes]
) -> None:
    assert validators.todoke(change(notice))[0] == 1


def test_one_changed_byte_anywhere_in_a_contract_or_its_certificate_is_refused(
    sealed: dict[str, bytes], pki: Pki
) -> None:
    chance = random.Random(20261126)
    for name in ("contract", "certificate"):
        pdf = sealed[name]
        for place in sorted(chance.sample(range(len(pdf)), 60)):
            assert verify(flipped(pdf, place), pki.trust).status != "valid", (name, place)
