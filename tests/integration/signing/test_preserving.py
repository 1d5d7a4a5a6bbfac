"""A signed document gets its archive timestamp when it is due, and a tampered one never."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from services.chassis.clock import now
from services.chassis.objects import ref_of
from services.chassis.tables import ledger
from services.messages import DocumentExtended, DocumentSigned, encode
from services.signing.preserving import Preserver
from services.signing.queries import issued
from services.signing.revocation import CrlCache
from services.signing.store.editions import edition_of, editions
from services.signing.verification import verify
from tests.integration.signing.cases import Case, House
from tests.integration.signing.conftest import Open
from tests.integration.signing.pki import Pki
from tests.validators import flipped


@pytest.fixture
def preserver(house: House) -> Iterator[Preserver]:
    found = Preserver(house.settings, house.press)
    yield found
    found.stop()


@pytest.fixture
def signed(case: Case) -> DocumentSigned:
    """A notice that the worker has signed, with lists of some seconds before, and whose grace period is over."""
    CrlCache(lists_of(case), case.house.settings.crl_urls).current(now())
    shutil.rmtree(lists_of(case).with_suffix(".before"), ignore_errors=True)
    shutil.copytree(lists_of(case), lists_of(case).with_suffix(".before"))
    time.sleep(2)
    case.up_to_the_keeper()
    case.house.hear(case.permit())
    (fact,) = case.said(DocumentSigned)
    time.sleep(1)
    make_due(case)
    return fact  # type: ignore[no-any-return]


def lists_of(case: Case) -> Path:
    return case.house.settings.state_dir / "crls"


def make_due(case: Case) -> None:
    """Its time has come, and the lists at hand are to be fetched anew."""
    shutil.rmtree(lists_of(case), ignore_errors=True)
    change(case, due_at=now() - timedelta(seconds=1))


def change(case: Case, **values: Any) -> None:
    which = sa.and_(editions.c.document_id == case.document_id, editions.c.state == "newest")
    with case.house.engine.begin() as connection:
        connection.execute(editions.update().where(which).values(values))


def kept(case: Case) -> list[Any]:
    query = sa.select(editions).where(editions.c.document_id == case.document_id).order_by(editions.c.number)
    with case.house.engine.connect() as connection:
        return [edition_of(row) for row in connection.execute(query).mappings()]


def test_a_signed_document_is_due_after_the_grace_period(case: Case) -> None:
    case.up_to_the_keeper()
    case.house.hear(case.permit())
    (edition,) = kept(case)
    assert (edition.level, edition.state) == ("B-LT", "newest")
    assert edition.due_at - edition.made_at == timedelta(hours=24)


def test_it_becomes_b_lta_on_both_sites_and_the_world_is_told(
    case: Case, signed: DocumentSigned, preserver: Preserver, pki: Pki
) -> None:
    preserver.look()
    (told,) = case.said(DocumentExtended)
    assert (told.edition, told.level, told.document.retention) == (2, "B-LTA", signed.document.retention)
    before, after = case.house.objects.get(signed.document), case.house.objects.get(told.document)
    assert after.startswith(before)
    verdict = verify(after, pki.trust)
    assert (verdict.status, verdict.level, verdict.signed_at) == ("valid", "B-LTA", signed.signed_at)
    first, second = kept(case)
    assert (first.state, second.state, second.sha256) == ("followed", "newest", told.document.sha256)
    assert second.due_at < second.proven_until
    preserver.look()
    assert len(kept(case)) == 2


def test_the_verifier_knows_every_edition(case: Case, signed: DocumentSigned, preserver: Preserver) -> None:
    preserver.look()
    (told,) = case.said(DocumentExtended)
    with case.house.engine.connect() as connection:
        for sha256 in (signed.document.sha256, told.document.sha256):
            found = issued(connection, sha256)
            assert found is not None
            assert found.document_number == case.number


def test_a_renewal_adds_one_more_timestamp(case: Case, signed: DocumentSigned, preserver: Preserver, pki: Pki) -> None:
    preserver.look()
    make_due(case)
    preserver.look()
    *_, told = case.said(DocumentExtended)
    assert (told.edition, told.level) == (3, "B-LTA")
    pdf = case.house.objects.get(told.document)
    verdict = verify(pdf, pki.trust)
    assert verdict.status == "valid"
    assert [one.kind for one in verdict.found] == ["signature", "timestamp", "timestamp"]
    assert pdf.startswith(case.house.objects.get(signed.document))


def test_while_no_newer_lists_are_out_it_waits(case: Case, signed: DocumentSigned, preserver: Preserver) -> None:
    shutil.copytree(lists_of(case).with_suffix(".before"), lists_of(case))  # what was at hand when it was signed
    preserver.look()
    (edition,) = kept(case)
    assert (edition.level, edition.state) == ("B-LT", "newest")
    assert edition.due_at > now()


def test_a_document_changed_in_the_store_and_in_the_record_is_refused_and_never_stamped(
    case: Case, signed: DocumentSigned, preserver: Preserver
) -> None:
    pdf = case.house.objects.get(signed.document)
    altered = flipped(pdf, pdf.index(b"/Contents <") - 2000)
    ref = ref_of(str(case.document_id), altered, "application/pdf", "5y")
    case.house.objects.put(ref, altered)
    change(case, ref=encode(ref), sha256=ref.sha256)
    preserver.look()
    make_due(case)
    preserver.look()
    (edition,) = kept(case)
    assert (edition.state, edition.reason) == ("refused", "NoLongerValidError")
    assert case.said(DocumentExtended) == []
    assert noted(case)[-1] == "preservation refused"


def test_a_document_that_no_site_has_whole_is_refused(case: Case, signed: DocumentSigned, preserver: Preserver) -> None:
    change(case, ref=encode(replace(signed.document, sha256="0" * 64)))
    preserver.look()
    (edition,) = kept(case)
    assert (edition.state, edition.reason) == ("refused", "DamagedDocumentError")


def stop(case: Case, reason: str = "NoLongerValidError") -> None:
    change(case, state="refused", reason=reason, due_at=None)


def test_the_keeper_reads_why_a_document_stands_still_and_lets_it_go_on(
    case: Case, signed: DocumentSigned, preserver: Preserver, keeper: FlaskClient
) -> None:
    stop(case)
    page = keeper.get("/seal/preservation").text
    assert case.number in page
    assert "署名したときのものと合わないか、証明の期限が切れています。" in page
    address = f"/seal/preservation/{case.document_id}"
    assert "もう一度検証して、保存を続ける" in keeper.get(address).text
    refused = keeper.post(address, data={"reason": " "})
    assert (refused.status_code, "確かめて、直したことを入力してください。" in refused.text) == (422, True)
    assert keeper.post(address, data={"reason": "時刻認証局の証明書を入れた。"}).status_code == 303
    preserver.look()
    assert kept(case)[-1].level == "B-LTA"
    acts = noted(case)
    assert acts.index("preservation released") < acts.index("archive timestamp")
    assert keeper.get(address).status_code == 404


def test_a_changed_document_that_is_let_go_on_is_refused_again(
    case: Case, signed: DocumentSigned, preserver: Preserver, keeper: FlaskClient
) -> None:
    change(case, ref=encode(replace(signed.document, sha256="0" * 64)))
    stop(case, "DamagedDocumentError")
    keeper.post(f"/seal/preservation/{case.document_id}", data={"reason": "見ていない"})
    preserver.look()
    (edition,) = kept(case)
    assert (edition.state, edition.reason) == ("refused", "DamagedDocumentError")


def test_only_the_keeper_of_its_seal_sees_and_releases_it(case: Case, signed: DocumentSigned, browser: Open) -> None:
    stop(case)
    officer = browser("s-kanno", "菅野 沙織")
    for address in ("/seal/preservation", f"/seal/preservation/{case.document_id}"):
        assert officer.get(address).status_code == 403
    assert officer.post(f"/seal/preservation/{case.document_id}", data={"reason": "見た"}).status_code == 403
    assert kept(case)[-1].state == "refused"


def test_what_goes_on_by_itself_is_released_by_nobody(case: Case, signed: DocumentSigned, keeper: FlaskClient) -> None:
    assert keeper.post(f"/seal/preservation/{case.document_id}", data={"reason": "見た"}).status_code == 404
    assert "preservation released" not in noted(case)


def noted(case: Case) -> list[str]:
    query = sa.select(ledger.c.act).where(ledger.c.case_id == case.case_id).order_by(ledger.c.seq)
    with case.house.engine.connect() as connection:
        return list(connection.scalars(query))
