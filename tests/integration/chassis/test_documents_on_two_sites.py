"""Every document on two sites: stored before its fact goes out, owed while a site is away, checked at every reading."""

import io
import signal
import uuid
from collections.abc import Iterator

import pytest

from infra.local.system import System
from services.chassis.database import work_on
from services.chassis.handling import Waiting
from services.chassis.objects import DamagedDocumentError, Objects, ref_of
from services.chassis.storekeeper import Storekeeper
from tests.integration.chassis.conftest import Toy, eventually, signed

DATA = "補助金等交付決定通知書".encode()


@pytest.fixture
def objects(sayer: Toy) -> Objects:
    return Objects.of(sayer.settings)


@pytest.fixture
def site_b_away(servers: System) -> Iterator[None]:
    servers.stop_program("site-b")
    yield
    if not servers.runs("site-b"):
        servers.start_program("site-b")


def test_a_document_stored_on_both_sites_is_whole_on_each_and_locked(objects: Objects) -> None:
    ref = ref_of(str(uuid.uuid4()), DATA, "application/pdf", "5y")
    versions = objects.put(ref, DATA, sites="both").both()
    copies = {site: objects.check(ref, site) for site in ("a", "b")}
    assert {site: copy.version_id for site, copy in copies.items()} == {"a": versions.a, "b": versions.b}
    assert all(copy.ok and copy.retain_until is not None for copy in copies.values())


def test_storing_twice_is_harmless(objects: Objects) -> None:
    ref = ref_of(str(uuid.uuid4()), DATA, "application/pdf")
    objects.put(ref, DATA)
    objects.put(ref, DATA)
    assert objects.get(ref) == DATA


def test_a_copy_with_other_bytes_is_not_believed_while_the_other_site_is_whole(objects: Objects) -> None:
    ref = ref_of(str(uuid.uuid4()), DATA, "application/pdf")
    objects.put(ref, DATA, sites="both")
    spoil(objects, ref.key, "a")
    assert not objects.check(ref, "a").ok
    assert objects.get(ref) == DATA


def test_a_document_spoiled_on_both_sites_is_said_to_be_damaged(objects: Objects) -> None:
    ref = ref_of(str(uuid.uuid4()), DATA, "application/pdf")
    objects.put(ref, DATA, sites="both")
    spoil(objects, ref.key, "a")
    spoil(objects, ref.key, "b")
    with pytest.raises(DamagedDocumentError):
        objects.get(ref)


def test_with_one_site_away_a_document_that_needs_both_waits(objects: Objects, site_b_away: None) -> None:
    ref = ref_of(str(uuid.uuid4()), DATA, "application/pdf")
    with pytest.raises(Waiting):
        objects.put(ref, DATA, sites="both")


def test_a_debt_of_a_site_that_was_away_is_paid_when_it_returns(
    sayer: Toy, objects: Objects, servers: System, site_b_away: None
) -> None:
    case = uuid.uuid4()
    ref = ref_of(str(case), DATA, "application/json")
    with work_on(sayer.engine, "signing") as work:
        work.attach(ref, DATA)
        work.say(signed(case, "granted"))
    eventually(lambda: sayer.count("SELECT count(*) FROM repair_debts") == 1)
    assert objects.get(ref) == DATA
    servers.start_program("site-b")
    eventually(lambda: sayer.count("SELECT count(*) FROM repair_debts") == 0, 40)
    assert objects.check(ref, "b").ok


def test_a_fact_goes_out_only_after_its_document_is_stored(sayer: Toy, servers: System) -> None:
    servers.stop_program("site-a")
    servers.stop_program("site-b")
    try:
        case = uuid.uuid4()
        with work_on(sayer.engine, "signing") as work:
            work.attach(ref_of(str(case), DATA, "application/json"), DATA)
            work.say(signed(case, "granted"))
        sayer.say()
        eventually(lambda: sayer.count("SELECT count(*) FROM outbox WHERE published_at IS NOT NULL") == 1)
        assert sayer.count("SELECT count(*) FROM outbox WHERE published_at IS NULL") == 1
    finally:
        servers.start_program("site-a")
        servers.start_program("site-b")
    eventually(lambda: sayer.count("SELECT count(*) FROM outbox WHERE published_at IS NULL") == 0, 40)


def test_the_storekeeper_reports_what_it_carried(sayer: Toy, objects: Objects) -> None:
    sayer.end(signal.SIGTERM)
    with work_on(sayer.engine, "signing") as work:
        work.attach(ref_of(str(uuid.uuid4()), DATA, "application/json"), DATA)
    assert Storekeeper(sayer.settings, sayer.engine, objects).store_pending() == 1


def spoil(objects: Objects, key: str, site: str) -> None:
    client = objects._clients[site]  # type: ignore[index]
    client.put_object(objects._bucket, key, io.BytesIO(b"other bytes"), 11)
