"""From an approved contract to a concluded one, on a real database, both sites, a real authority and a real token."""

import io
import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
import sqlalchemy as sa

from services.chassis.clock import today
from services.chassis.database import work_on
from services.chassis.handling import NotYet, Waiting
from services.messages import (
    ConsentCodeRequested,
    ContractConcluded,
    ContractConsented,
    ContractDeclined,
    ContractExpired,
    ContractOffered,
    DraftChecked,
    Fact,
)
from services.signing.domain import ContentDiffersError
from services.signing.domain.contracts import (
    OfferClosedError,
    OfferExpiredError,
    OtherDocumentError,
    TooManyCodesError,
    TooSoonError,
)
from services.signing.expiring import expire
from services.signing.pades import load_trust, read_stamp
from services.signing.store import sealed_files
from services.signing.store.contracts import SqlContracts, consent_codes
from services.signing.verification import verify
from tests.integration.signing.cases import House, stored
from tests.integration.signing.deals import Deal
from tests.integration.signing.letters import Letters
from tests.integration.signing.pki import Pki
from tests.integration.signing.tokens import SignerProcess
from tests.unit.signing.contracts import goods


def elsewhere(house: House, **changes: object) -> House:
    return House(house.settings.model_copy(update=changes), house.engine, house.objects)


def test_a_drafted_contract_is_checked_and_shown(deal: Deal) -> None:
    deal.house.hear(deal.drafted())
    (checked,) = deal.said(DraftChecked)
    assert {finding.severity for finding in checked.findings} == {"ok"}
    assert checked.preview is not None


def test_an_approved_contract_is_offered_as_one_pdf_on_both_sites(deal: Deal) -> None:
    deal.up_to_the_contractor()
    deal.house.hear(deal.approved())
    (offered,) = deal.said(ContractOffered)
    assert all(deal.house.objects.check(offered.document, site).ok for site in ("a", "b"))
    with pikepdf.open(io.BytesIO(deal.house.objects.get(offered.document))) as pdf:
        assert len(pdf.pages) > 1
        assert "decision-chain.json" in pdf.attachments
        with pdf.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("3", "A", "1")


def test_an_approval_before_its_draft_or_of_other_content_is_not_offered(deal: Deal) -> None:
    with pytest.raises(NotYet):
        deal.house.hear(deal.approved())
    deal.house.hear(deal.drafted())
    deal.contract = stored(deal.house, deal.case_id, goods(subject="ほかの件名"))
    with pytest.raises(ContentDiffersError):
        deal.house.hear(deal.approved())


def test_the_contractor_is_told_by_a_mail_that_names_nobody(deal: Deal, letters: Letters) -> None:
    deal.up_to_the_contractor()
    deal.house.hear(deal.said(ContractOffered)[0])
    (mail,) = letters.taken
    text = mail.get_content()
    assert f"{deal.house.settings.public_url}/sign/\n" in text
    assert not any(word in text + mail["Subject"] for word in ("大沼", "おきたま", "給食", deal.number, "1,296"))


def test_the_code_is_in_its_mail_and_nowhere_else(deal: Deal, letters: Letters) -> None:
    deal.up_to_the_contractor()
    deal.house.hear(deal.ask_for_code())
    code = letters.code()
    assert code not in str(letters.taken[-1]["Subject"])
    with deal.house.engine.connect() as connection:
        row = connection.execute(sa.select(consent_codes)).mappings().all()[-1]
    assert code not in "".join(str(row[name]) for name in ("digest", "tries"))
    assert len(row["digest"]) == 64
    assert all(code not in str(fact.__dict__.get("reason", "")) for fact in deal.said(Fact))
    deal.house.hear(deal.said(ConsentCodeRequested)[0])
    assert len(letters.taken) == 1


def test_a_wrong_code_counts_and_the_sixth_try_is_in_vain(deal: Deal, letters: Letters) -> None:
    deal.up_to_the_contractor()
    deal.house.hear(deal.ask_for_code())
    wrong = f"{(int(letters.code()) + 1) % 1_000_000:06}"
    assert [deal.give(wrong) for _ in range(5)] == ["wrong"] * 4 + ["spent"]
    assert deal.give(letters.code()) == "spent"
    assert deal.state == "offered"


def test_an_old_code_is_expired_and_codes_are_not_sent_at_will(deal: Deal, letters: Letters) -> None:
    deal.up_to_the_contractor()
    deal.house.hear(deal.ask_for_code())
    with pytest.raises(TooSoonError):
        deal.ask_for_code()
    deal.age_codes(timedelta(minutes=11))
    assert deal.give(letters.code()) == "expired"
    for _ in range(4):
        deal.ask_for_code()
        deal.age_codes(timedelta(minutes=2))
    with pytest.raises(TooManyCodesError):
        deal.ask_for_code()


def test_a_mail_server_that_is_down_is_waited_for_and_a_late_code_is_not_sent(deal: Deal) -> None:
    deal.up_to_the_contractor()
    asked = deal.ask_for_code()
    with pytest.raises(Waiting) as waiting:
        deal.house.hear(asked)
    assert waiting.value.server == "mail"
    assert deal.give("123456") == "unsent"
    deal.age_codes(timedelta(minutes=11))
    deal.house.hear(asked)


def test_an_address_that_is_refused_is_remembered(deal: Deal, letters: Letters) -> None:
    deal.up_to_the_contractor()
    letters.refuses = True
    deal.house.hear(deal.ask_for_code())
    with work_on(deal.house.engine, "signing") as work:
        (code,) = SqlContracts(work.connection).codes(deal.document_id)
    assert code.refused


def test_a_consent_to_another_document_is_none(deal: Deal, letters: Letters) -> None:
    deal.up_to_the_contractor()
    deal.house.hear(deal.ask_for_code())
    with pytest.raises(OtherDocumentError):
        deal.give(letters.code(), "0" * 64)
    assert deal.state == "offered"


def test_a_consent_has_a_timestamp_of_its_own_over_its_event(deal: Deal, letters: Letters, pki: Pki) -> None:
    deal.up_to_the_keeper(letters)
    (said,) = deal.said(ContractConsented)
    assert said.document_sha256 == deal.offered_sha256
    with work_on(deal.house.engine, "signing") as work:
        consent = SqlContracts(work.connection).consent(deal.document_id)
    assert read_stamp(consent.event, consent.reply, load_trust(pki.root_pem, pki.trust.crls)) == said.consented_at
    event = json.loads(consent.event)
    assert event["document_sha256"] == deal.offered_sha256
    assert event["party"]["subject"] == "c-okitama"
    assert letters.code() not in consent.event.decode()


def test_a_time_authority_that_is_down_is_waited_for(deal: Deal, letters: Letters) -> None:
    deal.up_to_the_contractor()
    given = deal.consent(letters)
    broken = elsewhere(deal.house, tsa_urls=("http://127.0.0.1:9/",))
    try:
        with pytest.raises(Waiting) as waiting:
            broken.hear(given)
    finally:
        broken.press.close()
    assert (waiting.value.server, deal.state) == ("tsa", "given")
    deal.house.hear(given)
    deal.house.hear(given)
    assert len(deal.said(ContractConsented)) == 1


def test_the_town_seals_last_the_very_bytes_that_were_consented_to(deal: Deal, letters: Letters, pki: Pki) -> None:
    said = deal.concluded(letters)
    objects = deal.house.objects
    offered = objects.get(deal.said(ContractOffered)[0].document)
    contract, certificate = objects.get(said.document), objects.get(said.certificate)
    assert contract.startswith(offered)
    for pdf in (contract, certificate):
        verdict = verify(pdf, load_trust(pki.root_pem, pki.trust.crls))
        assert (verdict.status, verdict.level) == ("valid", "B-LT")
    for ref, versions in ((said.document, said.versions), (said.certificate, said.certificate_versions)):
        copies = [objects.check(ref, site) for site in ("a", "b")]
        assert [copy.version_id for copy in copies] == [versions.a, versions.b]
        assert all(copy.ok and copy.retain_until for copy in copies)
    deal.house.hear(said)
    assert "手続きが終わりました" in letters.taken[-1]["Subject"]


def test_the_certificate_carries_the_consent_and_its_timestamp_for_any_verifier(
    deal: Deal, letters: Letters, pki: Pki, tmp_path: Path
) -> None:
    said = deal.concluded(letters)
    (tmp_path / "certificate.pdf").write_bytes(deal.house.objects.get(said.certificate))
    with pikepdf.open(tmp_path / "certificate.pdf") as pdf:
        for name in ("consent.json", "consent.tsr"):
            (tmp_path / name).write_bytes(pdf.attachments[name].get_file().read_bytes())
    assert json.loads((tmp_path / "consent.json").read_bytes())["document_sha256"] == deal.offered_sha256
    query = ["openssl", "ts", "-verify", "-data", str(tmp_path / "consent.json"), "-in", str(tmp_path / "consent.tsr")]
    done = subprocess.run([*query, "-CAfile", str(pki.root_pem)], capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout + done.stderr
    words = subprocess.run(
        ["pdftotext", str(tmp_path / "certificate.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    for part in ("合意締結証明書", "大沼 健", deal.number, said.document.sha256[:8], deal.offered_sha256[:8]):
        assert part in words


def test_the_permit_heard_again_seals_nothing_more(deal: Deal, letters: Letters, signer: SignerProcess) -> None:
    deal.up_to_the_keeper(letters)
    permit = deal.permit()
    before = signer.client.health()["signed"]
    deal.house.hear(permit)
    deal.house.hear(permit)
    assert signer.client.health()["signed"] == before + 2
    assert len(deal.said(ContractConcluded)) == 1


def test_a_signer_killed_between_contract_and_certificate_goes_on_with_the_certificate(
    deal: Deal, letters: Letters, signer: SignerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal.up_to_the_keeper(letters)
    permit = deal.permit()
    certificate = deal.house.press.certificate

    def killed_before(order: object) -> object:
        signer.kill()
        return certificate(order)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(deal.house.press, "certificate", killed_before)
        with pytest.raises(Waiting) as waiting:
            deal.house.hear(permit)
    assert waiting.value.server == "signer"
    kept = deal.house.engine.connect().scalar(
        sa.select(sealed_files.c.pdf).where(sealed_files.c.document_id == deal.document_id)
    )
    signer.restart()
    deal.house.hear(permit)
    (said,) = deal.said(ContractConcluded)
    assert deal.house.objects.get(said.document) == bytes(kept or b"")
    assert signer.client.health()["signed"] == 1
    with deal.house.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(sealed_files)) == 0


def test_with_a_store_that_is_down_nothing_is_concluded(
    deal: Deal, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal.up_to_the_keeper(letters)
    permit = deal.permit()

    def down(*_arguments: object, **_options: object) -> None:
        raise Waiting("store")

    with monkeypatch.context() as broken:
        broken.setattr(deal.house.objects, "put", down)
        with pytest.raises(Waiting):
            deal.house.hear(permit)
    assert deal.said(ContractConcluded) == []
    deal.house.hear(permit)
    assert len(deal.said(ContractConcluded)) == 1


def test_an_offer_ends_the_day_after_its_last_and_only_once(deal: Deal) -> None:
    deal.up_to_the_contractor(answer_by=today())
    expire(deal.house.engine)
    assert deal.state == "offered"
    deal.set(answer_by=today() - timedelta(days=1))
    with pytest.raises(OfferExpiredError):
        deal.ask_for_code()
    expire(deal.house.engine)
    expire(deal.house.engine)
    assert (deal.state, len(deal.said(ContractExpired))) == ("expired", 1)
    with pytest.raises(OfferClosedError):
        deal.give("123456")


def test_facts_name_nobody(deal: Deal, letters: Letters) -> None:
    deal.concluded(letters)
    said = deal.said(Fact)
    assert deal.said(ContractDeclined) == []
    assert not any(word in str(fact) for fact in said for word in ("大沼", "おきたま", "ohnuma", "糠野目"))
