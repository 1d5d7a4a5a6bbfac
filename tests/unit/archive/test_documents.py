"""What archive looks at, repairs, and enters in its manifest."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.archive import use_cases
from services.archive.domain import ArchivedDocument, Finding, RepairFailedError, UnknownRetentionError
from services.chassis.handling import NotYet, Waiting
from services.messages import (
    DocumentArchived,
    DocumentRef,
    DocumentSigned,
    ReplicaLost,
    ReplicaRepaired,
    StoredVersions,
)

CASE, DOCUMENT = UUID(int=7), UUID(int=8)
NOW = datetime(2026, 12, 9, 6, 2, tzinfo=UTC)
REF = DocumentRef(owner=str(DOCUMENT), sha256="ab" * 32, media_type="application/pdf", size=184_320, retention="5y")
SIGNED = DocumentSigned(
    case_id=CASE,
    document_id=DOCUMENT,
    document_type="subsidy-grant",
    document_number="高建第1087号",
    outcome="granted",
    document=REF,
    notice=REF,
    versions=StoredVersions(a="1", b="2"),
    level="B-T",
    signed_at=NOW,
)
LOCK = datetime(2031, 12, 9, tzinfo=UTC)


class MemoryRecords:
    def __init__(self):
        self.rows = {}

    def has(self, document_id):
        return document_id in self.rows

    def add(self, document, ref):
        self.rows[document.document_id] = (document, ref)

    def load(self, document_id):
        if document_id not in self.rows:
            raise NotYet
        return self.rows[document_id]

    def save(self, document):
        self.rows[document.document_id] = (document, self.rows[document.document_id][1])


class MemorySites:
    """``broken``: sites whose copy is not whole.  ``down``: sites that do not answer.  ``lock``: of each copy."""

    def __init__(self, broken="", down=""):
        self.broken, self.down, self.lock, self.hopeless = set(broken), set(down), LOCK, False

    def look(self, ref, site):
        if site in self.down:
            raise Waiting("store")
        if site in self.broken:
            return Finding(whole=False)
        return Finding(whole=True, version_id=f"{site}1", locked_until=self.lock)

    def copy_to(self, ref, site):
        self.look(ref, site)
        if not self.hopeless:
            self.broken.discard(site)
        return self.look(ref, site)


class Archive:
    """``entered``: the manifest's rows."""

    def __init__(self, broken="", down=""):
        self.records, self.sites = MemoryRecords(), MemorySites(broken, down)
        self.said, self.entered = [], []

    def enter(self, act, document, ref):
        self.entered.append((act, ref.sha256))

    def hear(self, fact=SIGNED):
        act = {"document_signed": use_cases.archive_document, "replica_lost": use_cases.repair_copy}[fact.name]
        act(fact, self.records, self.sites, self, self.said.append, NOW)

    @property
    def document(self) -> ArchivedDocument:
        return self.records.rows[DOCUMENT][0]


ARCHIVED = DocumentArchived(case_id=CASE, document_id=DOCUMENT, sha256=REF.sha256, archived_at=NOW)


def lost(site):
    return ReplicaLost(case_id=CASE, document_id=DOCUMENT, site=site, lost_at=NOW)


def test_a_document_that_is_whole_on_both_sites_is_archived():
    archive = Archive()
    archive.hear()
    assert archive.said == [ARCHIVED]
    assert archive.entered == [("archived", REF.sha256)]
    assert {site: copy.locked_until for site, copy in archive.document.copies.items()} == {"a": LOCK, "b": LOCK}


def test_hearing_it_twice_archives_once():
    archive = Archive()
    archive.hear()
    archive.hear()
    assert archive.said == [ARCHIVED]


@pytest.mark.parametrize("site", ["a", "b"])
def test_a_broken_copy_is_said_to_be_lost_and_the_document_is_not_archived_yet(site):
    archive = Archive(broken=site)
    archive.hear()
    assert archive.said == [lost(site)]
    assert archive.document.archived_at is None


def test_a_lost_copy_is_made_anew_and_then_the_document_is_archived():
    archive = Archive(broken="b")
    archive.hear()
    archive.hear(archive.said[0])
    repaired = ReplicaRepaired(case_id=CASE, document_id=DOCUMENT, site="b", repaired_at=NOW)
    assert archive.said == [lost("b"), repaired, ARCHIVED]
    assert [act for act, _ in archive.entered] == ["lost b", "repaired b", "archived"]


@pytest.mark.parametrize("lock", [None, LOCK - timedelta(days=3)])
def test_a_copy_that_could_be_deleted_too_early_is_lost(lock):
    archive = Archive()
    archive.sites.lock = lock
    archive.hear()
    assert archive.said == [lost("a"), lost("b")]


def test_a_repair_heard_twice_is_done_once():
    archive = Archive(broken="b")
    archive.hear()
    archive.hear(lost("b"))
    archive.hear(lost("b"))
    assert len(archive.said) == 3


def test_a_site_that_is_down_is_waited_for_and_nothing_is_said():
    archive = Archive(down="b")
    with pytest.raises(Waiting, match="store"):
        archive.hear()
    assert archive.said == []


def test_a_repair_waits_for_its_site():
    archive = Archive(broken="b")
    archive.hear()
    archive.sites.down = {"b"}
    with pytest.raises(Waiting):
        archive.hear(lost("b"))
    assert archive.document.copies["b"].lost_at == NOW


def test_a_repair_that_does_not_help_is_not_taken_for_one():
    archive = Archive(broken="b")
    archive.hear()
    archive.sites.hopeless = True
    with pytest.raises(RepairFailedError):
        archive.hear(lost("b"))
    assert archive.said == [lost("b")]


def test_a_repair_that_precedes_the_document_waits():
    with pytest.raises(NotYet):
        Archive().hear(lost("a"))


@pytest.mark.parametrize(
    ("signed_at", "retention", "last_day"),
    [
        (datetime(2026, 12, 9, tzinfo=UTC), "5y", date(2032, 3, 31)),
        (datetime(2027, 3, 31, 14, 59, tzinfo=UTC), "1y", date(2028, 3, 31)),
        (datetime(2027, 3, 31, 15, 0, tzinfo=UTC), "1y", date(2029, 3, 31)),  # 1 April in Japan
        (datetime(2026, 12, 9, tzinfo=UTC), "permanent", None),
    ],
)
def test_retention_is_counted_from_the_first_of_april(signed_at, retention, last_day):
    archive = Archive()
    archive.sites.lock = LOCK + timedelta(days=365 * 100)
    archive.hear(replace(SIGNED, signed_at=signed_at, document=replace(REF, retention=retention)))
    assert archive.document.keep_until == last_day


def test_a_class_that_the_rules_do_not_know_is_refused():
    with pytest.raises(UnknownRetentionError):
        Archive().hear(replace(SIGNED, document=replace(REF, retention="none")))
