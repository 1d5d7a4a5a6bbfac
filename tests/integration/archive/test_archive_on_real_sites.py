"""Two copies of every signed document, looked at, repaired and entered, on PostgreSQL and both S3 sites."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.archive import queries
from services.archive.store import SqlRecords
from services.chassis.clock import now, today
from services.chassis.handling import NotYet, Waiting
from services.chassis.objects import DamagedDocumentError, Objects, client
from tests.integration.archive.conftest import House


def test_a_document_on_both_sites_is_archived_with_its_lock(house: House) -> None:
    fact = house.signed()
    house.hear(fact)
    with house.engine.connect() as connection:
        (row,) = [row for row in queries.documents(connection) if row.document_id == fact.document_id]
    assert house.said(fact.case_id) == ["document_archived.v1"]
    assert house.manifest(fact.case_id) == ["archived"]
    assert [copy.version_id for copy in row.copies] == [fact.versions.a, fact.versions.b]
    assert all(copy.locked_until > now() + timedelta(days=5 * 365) for copy in row.copies)


@pytest.mark.parametrize("site", ["a", "b"])
@pytest.mark.parametrize("harm", ["take_away", "overwrite"])
def test_a_copy_that_is_missing_or_broken_is_made_anew_from_the_other_site(house: House, harm: str, site: str) -> None:
    fact = house.signed()
    getattr(house, harm)(fact, site)
    house.hear(fact)
    assert house.said(fact.case_id) == ["replica_lost.v1"]
    house.hear(house.lost(fact, site))
    assert house.said(fact.case_id) == ["replica_lost.v1", "replica_repaired.v1", "document_archived.v1"]
    assert house.manifest(fact.case_id) == [f"lost {site}", f"repaired {site}", "archived"]
    assert house.objects.check(fact.document, site).ok


def test_a_newer_edition_is_kept_in_the_place_of_the_older_one_whatever_comes_first(house: House) -> None:
    signed = house.signed()
    second, third = house.extended(signed, 2), house.extended(signed, 3)
    for fact in (signed, third, second):
        house.hear(fact)
    with house.engine.connect() as connection:
        _, ref = SqlRecords(connection).load(signed.document_id)
        (row,) = [row for row in queries.documents(connection) if row.document_id == signed.document_id]
    assert ref.sha256 == third.document.sha256
    assert [copy.version_id for copy in row.copies] == [third.versions.a, third.versions.b]
    assert house.manifest(signed.case_id) == ["archived", "extended"]
    assert house.objects.get(third.document).startswith(house.objects.get(signed.document))


def test_a_newer_edition_waits_for_the_document_itself(house: House) -> None:
    signed = house.signed()
    with pytest.raises(NotYet):
        house.hear(house.extended(signed, 2))


def test_without_any_whole_copy_a_person_must_look(house: House) -> None:
    fact = house.signed()
    house.take_away(fact, "a")
    house.overwrite(fact, "b")
    house.hear(fact)
    assert house.said(fact.case_id) == ["replica_lost.v1", "replica_lost.v1"]
    with pytest.raises(DamagedDocumentError):
        house.hear(house.lost(fact, "a"))


def test_a_site_that_is_away_is_waited_for_and_nothing_is_entered(house: House) -> None:
    fact = house.signed()
    both, away = house.objects, client("http://127.0.0.1:9", "x", "y", "us-east-1")
    house.objects = Objects({"a": both._clients["a"], "b": away}, house.settings.s3_bucket)
    try:
        with pytest.raises(Waiting, match="store"):
            house.hear(fact)
    finally:
        house.objects = both
    assert house.said(fact.case_id) == []
    house.hear(fact)
    assert house.said(fact.case_id) == ["document_archived.v1"]


def test_the_sums_count_what_is_lost(house: House) -> None:
    fact = house.signed()
    house.take_away(fact, "b")
    with house.engine.connect() as connection:
        before, sites = queries.totals(connection, today()), queries.sites(connection)
    house.hear(fact)
    with house.engine.connect() as connection:
        after, sites_after = queries.totals(connection, today()), queries.sites(connection)
        later = queries.totals(connection, today() + timedelta(days=7 * 365))
    assert after == replace(before, documents=before.documents + 1, lost=before.lost + 1)
    assert [one.whole for one in sites_after] == [sites[0].whole + 1, sites[1].whole]
    assert sites_after[1].lost == sites[1].lost + 1
    assert (after.due, later.due) == (0, later.documents)


def test_a_document_that_no_site_has_is_counted_and_comes_first(house: House) -> None:
    fact = house.signed()
    house.take_away(fact, "a")
    house.take_away(fact, "b")
    house.hear(fact)
    with house.engine.connect() as connection:
        assert queries.totals(connection, today()).gone >= 1
        first = next(row for row in queries.documents(connection) if not row.is_somewhere)
    assert [copy.whole for copy in first.copies] == [False, False]


def test_a_contract_and_its_certificate_are_two_documents_of_one_case(house: House) -> None:
    fact = house.concluded()
    house.hear(fact)
    house.hear(fact)
    with house.engine.connect() as connection:
        kinds = {row.document_id: row.document_type for row in queries.documents(connection)}
    assert kinds[fact.document_id] == "goods-contract"
    assert kinds[fact.certificate_id] == "contract-certificate"
    assert house.said(fact.case_id) == ["document_archived.v1", "document_archived.v1"]
    assert house.manifest(fact.case_id) == ["archived", "archived"]


def test_a_certificate_that_is_lost_at_a_site_is_repaired_alone(house: House) -> None:
    fact = house.concluded()
    house.take_away(replace(house.signed(), document=fact.certificate), "b")
    house.hear(fact)
    assert sorted(house.said(fact.case_id)) == ["document_archived.v1", "replica_lost.v1"]
    assert house.objects.check(fact.document, "b").ok
