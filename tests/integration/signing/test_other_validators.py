"""Signed notice, contract and certificate before the validators that others use: each accepts it, and refuses it with
one byte changed.
"""

import io
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import crl, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from services.messages import DocumentSigned
from services.signing.verification import verify
from tests.integration.signing.cases import Case, House
from tests.integration.signing.deals import Deal
from tests.integration.signing.letters import receiving
from tests.integration.signing.pki import Pki

REPOSITORY = Path(__file__).parents[3]


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
def pdfsig(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Poppler's, with our root in its NSS store and nothing else."""
    store = tmp_path_factory.mktemp("nss")
    subprocess.run(["certutil", "-N", "-d", f"sql:{store}", "--empty-password"], check=True)
    root = ["certutil", "-A", "-d", f"sql:{store}", "-n", "root", "-t", "CT,C,C", "-a", "-i", str(pki.root_pem)]
    subprocess.run(root, check=True)

    def say(pdf: bytes, *options: str) -> str:
        file = store / "notice.pdf"
        file.write_bytes(pdf)
        command = ["pdfsig", *options, "-nssdir", str(store), str(file)]
        return subprocess.run(command, check=False, capture_output=True, text=True).stdout

    return say


@pytest.fixture(scope="module")
def todoke(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], tuple[int, dict[str, Any]]]:
    """``todoke verify`` with a root and revocation lists beside it, and nothing of a running system."""
    folder = tmp_path_factory.mktemp("trust")
    (folder / "crls").mkdir()
    (folder / "root.pem").write_bytes(pki.root_pem.read_bytes())
    for number, der in enumerate(pki.trust.crls):
        (folder / "crls" / f"{number}.crl").write_bytes(der)

    def verify(pdf: bytes) -> tuple[int, dict[str, Any]]:
        file = folder / "notice.pdf"
        file.write_bytes(pdf)
        command = [sys.executable, "-m", "infra.console", "verify", str(file), "--json", "--trust"]
        done = subprocess.run([*command, str(folder / "root.pem")], cwd=REPOSITORY, capture_output=True, check=False)
        return done.returncode, json.loads(done.stdout)[0]

    return verify


def signed_bytes(pdf: bytes) -> Iterator[int]:
    """Places that the signature covers: text of the file, its structure, and the signature's own dictionary."""
    chance = random.Random(20261209)
    hole = pdf.index(b"/Contents <")
    yield from (chance.randrange(200, hole) for _ in range(3))
    yield pdf.index(b"/ByteRange") - 1
    yield pdf.index(b">", hole + 11) + 10


def flipped(pdf: bytes, place: int) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def strictly_valid_by_pyhanko(pdf: bytes, pki: Pki) -> bool:
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in pki.trust.roots],
        crls=[crl.CertificateList.load(der) for der in pki.trust.crls],
        revocation_mode="hard-fail",
        allow_fetching=False,
    )
    try:
        (signature,) = PdfFileReader(io.BytesIO(pdf), strict=True).embedded_signatures
        status = validate_pdf_signature(signature, context, context)
    except Exception:
        return False
    return bool(status.bottom_line and status.timestamp_validity.trusted)


def test_pdfsig_trusts_it_with_and_without_asking_online(notice: bytes, pdfsig: Callable[..., str]) -> None:
    for options in ((), ("-no-ocsp",)):
        said = pdfsig(notice, *options)
        for words in ("Signature is Valid.", "Certificate is Trusted.", "Total document signed"):
            assert words in said


def test_pyhanko_is_strictly_satisfied(notice: bytes, pki: Pki) -> None:
    assert strictly_valid_by_pyhanko(notice, pki)


def test_todoke_verify_says_whose_and_ends_with_zero(notice: bytes, todoke: Callable[[bytes], Any]) -> None:
    code, verdict = todoke(notice)
    assert (code, verdict["verdict"], verdict["signer"], verdict["reasons"]) == (0, "valid", "高畠町長（試験）", [])


def test_one_signed_byte_changed_is_refused_by_all_three(
    notice: bytes, pki: Pki, pdfsig: Callable[..., str], todoke: Callable[[bytes], Any]
) -> None:
    for place in signed_bytes(notice):
        altered = flipped(notice, place)
        assert "Signature is Valid." not in pdfsig(altered), place
        assert not strictly_valid_by_pyhanko(altered, pki), place
        code, verdict = todoke(altered)
        assert (code, verdict["verdict"]) == (1, "invalid"), place


@pytest.mark.parametrize("change", [lambda pdf: pdf[:-700], lambda pdf: pdf + b"\n", lambda pdf: pdf + pdf[-200:]])
def test_a_file_cut_short_or_with_bytes_after_its_end_is_refused_by_todoke(
    notice: bytes, todoke: Callable[[bytes], Any], change: Callable[[bytes], bytes]
) -> None:
    assert todoke(change(notice))[0] == 1


def test_one_changed_byte_anywhere_in_a_contract_or_its_certificate_is_refused(
    sealed: dict[str, bytes], pki: Pki
) -> None:
    chance = random.Random(20261126)
    for name in ("contract", "certificate"):
        pdf = sealed[name]
        for place in sorted(chance.sample(range(len(pdf)), 60)):
            assert verify(flipped(pdf, place), pki.trust).status != "valid", (name, place)
