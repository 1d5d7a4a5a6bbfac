"""Documents of other towns whose roots are configured: made by other programs, judged by the general rules."""

import io
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from asn1crypto import crl, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext

from services.signing.pades import Trust, trust_in
from services.signing.settings import SigningSettings
from services.signing.verification import verify
from services.signing.verifier.known import FOLDER, Authority, Known, OtherTowns, read_other_towns
from services.signing.web.pages import create_app
from tests.integration.signing.attacks import after_signing
from tests.integration.signing.attacks.forging import Forger
from tests.integration.signing.attacks.originals import LEVELS, KeySigner
from tests.integration.signing.cases import House
from tests.integration.signing.pki import Pki, running_pki
from tests.integration.signing.test_verifier_page import heading, send

TOWN = "川西町"
ATTACKS = (
    after_signing.page_rewritten,
    after_signing.page_added,
    after_signing.note_laid_over,
    after_signing.sneaky_field_without_signature,
    after_signing.byte_range_missing,
    after_signing.contents_of_zeros,
    after_signing.one_byte_of_the_text,
    after_signing.comment_after_the_end,
    after_signing.hole_with_an_entry_more,
    after_signing.catalog_of_another_number,
    after_signing.objects_without_a_table,
)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with running_pki(tmp_path_factory.mktemp("elsewhere"), signer="町長之印", town=TOWN) as found:
        yield found


@pytest.fixture(scope="module")
def folder(elsewhere: Pki, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("towns")
    (directory / "kawanishi.pem").write_bytes(elsewhere.root_pem.read_bytes())
    urls = ", ".join(f'"{url}"' for url in elsewhere.crl_urls)
    text = f'[[town]]\nname = "{TOWN}"\nroots = "kawanishi.pem"\ncrl_urls = [{urls}]\n'
    (directory / "towns.toml").write_text(text, "utf-8")
    return directory


@pytest.fixture(scope="module")
def trust(pki: Pki, elsewhere: Pki, folder: Path) -> Trust:
    own = Authority("高畠町", pki.root_pem.read_bytes())
    others = read_other_towns(folder).authorities
    return trust_in(Known((own, *others), (*pki.trust.crls, *elsewhere.trust.crls)))


@pytest.fixture(scope="module")
def documents(unsigned: bytes, elsewhere: Pki) -> dict[str, bytes]:
    """As pyHanko makes them by itself, at every level: compressed validation data, a form of its own."""
    return {level: signed_at(level, unsigned, elsewhere) for level in LEVELS}


def signed_at(level: str, unsigned: bytes, pki: Pki) -> bytes:
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in pki.trust.roots],
        crls=[crl.CertificateList.load(der) for der in pki.trust.crls],
        allow_fetching=False,
    )
    has_data = level in ("B-LT", "B-LTA")
    values = signers.PdfSignatureMetadata(
        field_name="Signature",
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        embed_validation_info=has_data,
        use_pades_lta=level == "B-LTA",
        validation_context=context if has_data else None,
    )
    stamper = None if level == "B-B" else HTTPTimeStamper(pki.tsa_url)
    writer = IncrementalPdfFileWriter(io.BytesIO(unsigned))
    return bytes(signers.PdfSigner(values, KeySigner.of(pki), timestamper=stamper).sign_pdf(writer).getvalue())


@pytest.mark.parametrize("level", LEVELS)
def test_a_document_of_a_town_that_is_known_is_valid_and_says_whose_it_is(
    documents: dict[str, bytes], trust: Trust, level: str
) -> None:
    verdict = verify(documents[level], trust)
    assert (verdict.status, verdict.reasons) == ("valid", ())
    assert (verdict.signer, verdict.town, verdict.level) == ("町長之印", TOWN, level)


@pytest.mark.parametrize("level", LEVELS)
def test_without_its_root_nobody_can_tell_and_nobody_is_accused(
    documents: dict[str, bytes], pki: Pki, level: str
) -> None:
    assert verify(documents[level], pki.trust).status == "indeterminate"


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_its_altered_documents_are_refused_at_every_level(
    documents: dict[str, bytes], trust: Trust, attack: after_signing.Attack
) -> None:
    for level in LEVELS:
        assert verify(attack(documents[level]), trust).status != "valid", level


def test_our_own_documents_are_not_judged_by_the_rules_for_others(signed: bytes, trust: Trust) -> None:
    assert verify(signed, trust).town == "高畠町"
    assert verify(after_signing.digit_of_another_case(signed), trust).reasons == ("HEX",)


def test_what_lies_hidden_in_the_signed_part_is_refused_for_others_too(
    unsigned: bytes, elsewhere: Pki, trust: Trust
) -> None:
    forger = Forger(unsigned)
    hidden = unsigned + b"\n%d 0 obj\nnull\nendobj\n" % forger.contents
    tail = b"xref\n0 0\ntrailer\n<</Size %d/Root %d 0 R/Prev %d%b>>\nstartxref\n%d\n%%%%EOF\n"
    prepared = hidden + tail % (forger.size, forger.root, forger.table, forger.kept(), len(hidden))
    assert verify(signed_at("B-T", prepared, elsewhere), trust).reasons == ("HIDDEN_OBJECT",)


def knowing(house: House, others: Path, place: Path) -> SigningSettings:
    """The town's folder in that place, with these other towns."""
    shutil.copytree(house.settings.town_dir, place, ignore=shutil.ignore_patterns(FOLDER))
    shutil.copytree(others, place / FOLDER)
    found: SigningSettings = house.settings.model_copy(update={"town_dir": place})
    return found


def test_the_page_says_whose_it_is(
    house: House, documents: dict[str, bytes], folder: Path, tmp_path: Path
) -> None:
    app = create_app(knowing(house, folder, tmp_path / "town"))
    answer = send(app.test_client(use_cookies=False), documents["B-LTA"])
    assert heading(answer) == "本物です"
    assert "町長之印（川西町）が署名した文書で" in answer.text


def test_a_root_that_many_towns_share_asks_only_our_own_documents_for_our_form(
    documents: dict[str, bytes], elsewhere: Pki
) -> None:
    shared = Trust(elsewhere.trust.roots, elsewhere.trust.crls, organization="高畠町")
    assert verify(documents["B-LTA"], shared).status == "valid"
    assert verify(documents["B-LTA"], replace(shared, organization=TOWN)).status == "invalid"


def test_the_town_ships_without_other_towns(house: House) -> None:
    assert read_other_towns(house.settings.town_dir / FOLDER) == OtherTowns()


def test_a_folder_that_is_wrong_is_noticed_at_the_start(house: House, folder: Path, tmp_path: Path) -> None:
    settings = knowing(house, folder, tmp_path / "town")
    others = settings.town_dir / FOLDER
    (others / "towns.toml").write_text('[[town]]\nname = "川西町"\nroots = "missing.pem"\n', "utf-8")
    with pytest.raises(FileNotFoundError):
        create_app(settings)
    (others / "missing.pem").write_text("no certificate", "utf-8")
    with pytest.raises(ValueError, match="PEM"):
        create_app(settings)
    (others / "towns.toml").write_text("[[town", "utf-8")
    with pytest.raises(tomllib.TOMLDecodeError):
        create_app(settings)


def test_a_list_that_is_not_at_hand_leaves_it_open(documents: dict[str, bytes], trust: Trust) -> None:
    assert verify(documents["B-T"], replace(trust, crls=())).status == "indeterminate"
