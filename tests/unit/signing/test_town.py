"""What signing reads of the town: seals, their keepers, and who holds which post on which day."""

from datetime import date
from pathlib import Path

from services.signing.town import Holding, Organisation, read_town

TOWN = read_town(Path(__file__).parents[3] / "infra" / "town")
DAY = date(2026, 12, 9)


def test_the_keeper_of_the_mayors_seal_is_a_post_of_the_town() -> None:
    assert TOWN.keepers <= set(TOWN.organisation.posts)
    keepers = [sub for sub in TOWN.organisation.members if TOWN.organisation.posts_of(sub, DAY) & TOWN.keepers]
    assert len(keepers) == 1


def test_a_post_is_held_from_its_first_day_to_its_last() -> None:
    held = Holding("s-1", "seal-keeper", since=date(2026, 4, 1), until=date(2026, 12, 9))
    organisation = Organisation({"seal-keeper": "公印管守者"}, {"s-1": "佐竹 隆"}, (held,))
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 9), date(2026, 12, 10)]
    assert [bool(organisation.posts_of("s-1", day)) for day in days] == [False, True, True, False]


def test_one_person_may_hold_several_posts() -> None:
    since = date(2026, 4, 1)
    holdings = tuple(Holding("s-1", post, since, date.max) for post in ("seal-keeper", "documents-officer"))
    organisation = Organisation({}, {}, holdings)
    assert organisation.posts_of("s-1", DAY) == {"seal-keeper", "documents-officer"}
    assert organisation.posts_of("s-2", DAY) == frozenset()


def test_a_document_without_seal_goes_to_the_keeper_of_the_mayors() -> None:
    assert TOWN.type("letter").seal is None
    assert TOWN.keeper_post("letter") == TOWN.keeper_post("subsidy-grant")
