"""When a signed document is due for its next archive timestamp, and what stops it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.messages import DocumentExtended, DocumentRef, Fact, StoredVersions
from services.signing.domain import Keeper, NotTheKeeperError, ReasonMissingError
from services.signing.domain.editions import Algorithm, Edition, NoAlgorithmError, NotRefusedError, Preservation
from services.signing.use_cases import SealedCopy
from services.signing.use_cases.preservation import Extension, Postponed, Refused, extend_document

NOW = datetime(2027, 1, 10, 3, 0, tzinfo=UTC)
DAY = date(2027, 1, 10)
RULES = Preservation(
    timedelta(hours=24), timedelta(days=360), (Algorithm("sha256", date(2040, 4, 1)), Algorithm("sha512"))
)
STAMPED = Extension(
    copy=SealedCopy(ref=DocumentRef("x", "new", "application/pdf", 9, "5y"), versions=StoredVersions("1", "2")),
    level="B-LTA",
    digest="sha256",
    proven_until=datetime(2036, 1, 1, tzinfo=UTC),
)


@dataclass
class Shelf:
    """Editions, ledger and facts of one document."""

    edition: Edition
    followed: Edition | None = None
    acts: list[str] = field(default_factory=list)
    said: list[Fact] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    outcome: Extension | Postponed | Refused = STAMPED

    def newest(self, document_id: UUID) -> tuple[Edition, DocumentRef] | None:
        ref = DocumentRef(str(document_id), self.edition.sha256, "application/pdf", 9, "5y")
        return self.edition, ref

    def save(self, edition: Edition) -> None:
        assert edition is self.edition

    def follow(self, edition: Edition, following: Edition, copy: SealedCopy) -> None:
        assert copy.ref.sha256 == following.sha256
        self.save(edition)
        self.followed = following

    def extend(self, _edition: Edition, ref: DocumentRef, digest: str) -> Extension | Postponed | Refused:
        assert ref.sha256 == "old"
        self.digests.append(digest)
        return self.outcome

    def run(self, now: datetime = NOW, day: date = DAY) -> None:
        note = lambda act, _edition: self.acts.append(act)  # noqa: E731
        extend_document(self.edition.document_id, self, self.extend, RULES, note, self.said.append, now, day)


def shelf(**changes: object) -> Shelf:
    values = {
        "document_id": uuid4(), "number": 1, "case_id": uuid4(), "document_type": "letter", "document_number": "第1号",
        "level": "B-LT", "digest": "sha256", "sha256": "old", "made_at": NOW - timedelta(days=1), "due_at": NOW,
    }  # fmt: skip
    return Shelf(Edition(**values | changes))  # type: ignore[arg-type]


def test_a_document_that_is_due_gets_its_timestamp_and_is_told_of() -> None:
    kept = shelf()
    kept.run()
    assert kept.followed is not None
    assert (kept.followed.number, kept.followed.level, kept.edition.state) == (2, "B-LTA", "followed")
    assert kept.followed.due_at == STAMPED.proven_until - RULES.before
    assert kept.acts == ["archive timestamp"]
    (fact,) = kept.said
    assert isinstance(fact, DocumentExtended)
    assert (fact.edition, fact.document.sha256, fact.document.retention) == (2, "new", "5y")


def test_before_its_time_nothing_happens() -> None:
    kept = shelf(due_at=NOW + timedelta(seconds=1))
    kept.run()
    assert (kept.digests, kept.followed, kept.said) == ([], None, [])


def test_a_kind_that_stays_as_it_is_is_never_due() -> None:
    kept = shelf(due_at=None)
    kept.run(now=NOW + timedelta(days=40_000))
    assert kept.digests == []


def test_a_retired_algorithm_is_replaced_at_once_by_the_next() -> None:
    kept = shelf(level="B-LTA", due_at=NOW + timedelta(days=3000))
    kept.run(day=date(2040, 3, 31))
    assert kept.digests == []
    kept.run(day=date(2040, 4, 1))
    assert (kept.digests, kept.acts) == (["sha512"], ["archive timestamp renewed"])


def test_when_every_algorithm_is_retired_the_town_must_name_another() -> None:
    with pytest.raises(NoAlgorithmError):
        Preservation(RULES.grace, RULES.before, (Algorithm("sha256", DAY),)).digest(DAY)


def test_an_outage_postpones_it() -> None:
    kept = shelf()
    kept.outcome = Postponed()
    kept.run()
    assert (kept.edition.state, kept.followed, kept.acts) == ("newest", None, [])
    assert kept.edition.due_at == NOW + timedelta(minutes=15)


def test_a_file_that_is_no_longer_itself_is_refused_noted_and_never_stamped_again() -> None:
    kept = shelf()
    kept.outcome = Refused("NoLongerValidError")
    kept.run()
    assert (kept.edition.state, kept.edition.due_at, kept.followed) == ("refused", None, None)
    assert kept.acts == ["preservation refused"]
    kept.run(now=NOW + timedelta(days=4000))
    assert len(kept.digests) == 1


KEEPER = Keeper(subject="s-satake", posts=frozenset({"seal-keeper"}))


def release(edition: Edition, keeper: Keeper = KEEPER, reason: str = "証明書を入れた。") -> None:
    edition.release(keeper, "seal-keeper", reason, NOW)


def test_what_stood_still_is_tried_again_at_once_when_its_keeper_says_why() -> None:
    edition = shelf(state="refused", reason="NoLongerValidError", due_at=None).edition
    release(edition)
    assert (edition.state, edition.reason, edition.due_at) == ("newest", "", NOW)
    assert edition.is_due(RULES, NOW, DAY)


def test_nobody_else_no_mere_spaces_and_nothing_that_goes_on_is_released() -> None:
    edition = shelf(state="refused", due_at=None).edition
    with pytest.raises(NotTheKeeperError):
        release(edition, Keeper(subject="s-kanno", posts=frozenset({"housing-officer"})))
    with pytest.raises(ReasonMissingError):
        release(edition, reason=" 　")
    release(edition)
    with pytest.raises(NotRefusedError):
        release(edition)
