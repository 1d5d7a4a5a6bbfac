"""A notice lives through thirty years: its certificates end, its hash algorithm is retired, and it stays genuine."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from services.signing.domain.editions import Algorithm, Edition, Preservation
from services.signing.pades import Stamping, add_validation_data, certify
from services.signing.preservation import NoLongerValidError, extended
from services.signing.verification import verify
from tests.integration.signing.decades import Decades, decades
from tests.validators import flipped

RETIRED_ON = date(2040, 4, 1)
RULES = Preservation(
    timedelta(hours=24), timedelta(days=360), (Algorithm("sha256", RETIRED_ON), Algorithm("sha512"))
)
MONTH = timedelta(days=30)
SIGNED_AT = datetime(2026, 12, 9, 6, 1, tzinfo=UTC)
END = datetime(2056, 12, 9, tzinfo=UTC)


@dataclass
class Life:
    """The editions of one file, the first one first, and the years they were made in."""

    decades: Decades
    files: list[bytes]
    edition: Edition
    renewed: list[tuple[int, str]] = field(default_factory=list)

    def live(self, now: datetime) -> None:
        """One day: renewed when it is due."""
        if self.edition.is_due(RULES, now, now.date()):
            self.renew(RULES.digest(now.date()), now)

    def renew(self, digest: str, now: datetime) -> None:
        done = extended(self.files[-1], self.decades.trust(), Stamping(self.decades.authorities(), digest))
        self.files.append(done.pdf)
        self.renewed.append((now.year, digest))
        values = {"level": done.level, "digest": digest, "sha256": "", "proven_until": done.proven_until}
        self.edition = self.edition.follow(RULES, **values, now=now)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def life(unsigned: bytes) -> Iterator[Life]:
    with decades() as found:
        with time_machine.travel(SIGNED_AT):
            pdf = add_validation_data(certify(unsigned, found.sealing(), SIGNED_AT), found.trust())
        edition = Edition(
            document_id=uuid4(), number=1, case_id=uuid4(), document_type="letter", document_number="第1号",
            level="B-LT", digest="sha256", sha256="", made_at=SIGNED_AT, due_at=SIGNED_AT + RULES.grace,
        )  # fmt: skip
        lived, now = Life(found, [pdf], edition), SIGNED_AT
        while now < END:
            now += MONTH
            with time_machine.travel(now):
                lived.live(now)
        with time_machine.travel(END):
            yield lived


def test_it_was_renewed_before_each_end_and_at_once_when_its_algorithm_was_retired(life: Life) -> None:
    assert life.renewed == [(2027, "sha256"), (2035, "sha256"), (2040, "sha512"), (2045, "sha512"), (2055, "sha512")]


def test_after_thirty_years_it_is_genuine_with_the_time_of_its_signature(life: Life) -> None:
    verdict = verify(life.files[-1], life.decades.trust())
    assert (verdict.status, verdict.reasons, verdict.level) == ("valid", (), "B-LTA")
    assert verdict.signed_at is not None
    assert abs(verdict.signed_at - SIGNED_AT) < timedelta(minutes=1)
    assert verdict.valid_until is not None
    assert verdict.valid_until > END


def test_every_edition_begins_with_the_one_before(life: Life) -> None:
    assert len(life.files) == 6
    for before, after in zip(life.files, life.files[1:], strict=False):
        assert after.startswith(before)


def test_without_its_renewals_it_could_no_longer_be_proven(life: Life) -> None:
    for old in life.files[:3]:
        assert verify(old, life.decades.trust()).status != "valid"


@pytest.mark.parametrize(("days", "status"), [(-1, "invalid"), (1, "valid")])
def test_a_list_of_today_tells_of_a_key_that_was_lost_before_it_signed(life: Life, days: int, status: str) -> None:
    issuing, seal, trust = life.decades.issuing, life.decades.seal, life.decades.trust()
    told = issuing.list_at(END, revoked=seal, since=SIGNED_AT + timedelta(days=days))
    verdict = verify(life.files[-1], replace(trust, crls=(*trust.crls, told)))
    assert verdict.status == status
    assert ("REVOKED" in verdict.reasons) == (status == "invalid")


@pytest.mark.parametrize("number", range(6))
def test_a_changed_edition_is_never_stamped_again(life: Life, number: int) -> None:
    pdf = life.files[number]
    for place in (pdf.index(b"/Contents <") - 1500, len(pdf) - 900):
        with pytest.raises(NoLongerValidError):
            extended(flipped(pdf, place), life.decades.trust(), Stamping(life.decades.authorities(), "sha512"))
