"""Who can sign in at the stand-in: everybody who is needed, and nobody else."""

from pathlib import Path

import pytest

from infra.console import demo
from infra.local.layout import REPOSITORY
from infra.local.signin.people import RESIDENT, SEAL_KEEPER, STAFF, Person, everyone

TOWN = REPOSITORY / "infra" / "town"
POSTS = """
[[post]]
id = "head"
name = "町民課長"
[[post]]
id = "acting"
name = "総務課長事務取扱"
"""


@pytest.fixture(scope="module")
def people() -> dict[str, Person]:
    return everyone(TOWN)


def organisation(folder: Path, *posts: str) -> dict[str, Person]:
    """One holder, of these posts."""
    holder = '[[holder]]\nsub = "s-one"\nname = "一条 葉"\nkana = "いちじょう よう"\n'
    (folder / "organisation.toml").write_text(f"{POSTS}{holder}posts = [{', '.join(posts)}]\n", "utf-8")
    return everyone(folder)


def test_everybody_whom_the_demo_needs_is_there(people: dict[str, Person]) -> None:
    assert people[demo.RESIDENT].group == RESIDENT
    assert {people[sub].group for sub in (demo.OFFICER, demo.CHIEF, demo.HEAD)} == {STAFF}
    assert people[demo.KEEPER].group == SEAL_KEEPER


def test_a_name_picks_one_person(people: dict[str, Person]) -> None:
    for one in people.values():
        assert [other.sub for other in people.values() if one.name in other.name] == [one.sub]


def test_a_resident_lets_out_what_was_asked_and_no_more(people: dict[str, Person]) -> None:
    resident = people[demo.RESIDENT]
    assert resident.claims_of("openid name") == {"sub": resident.sub, "name": "髙橋 みのり"}
    assert set(resident.claims_of("openid name address birthdate gender sign")) == {
        "sub", "name", "address", "birthdate", "gender",
    }  # fmt: skip


def test_staff_have_a_name_and_no_private_address(people: dict[str, Person]) -> None:
    assert set(people[demo.OFFICER].claims_of("openid name address birthdate gender")) == {"sub", "name"}


def test_whoever_holds_posts_is_shown_with_all_of_them(tmp_path: Path) -> None:
    found = organisation(tmp_path, '{ post = "head", from = 2026-04-01 }', '{ post = "acting", from = 2026-04-01 }')
    assert found["s-one"].note == "町民課長・総務課長事務取扱"


@pytest.mark.parametrize(
    "post",
    ['{ post = "head", from = 2020-04-01, until = 2021-03-31 }', '{ post = "head", from = 2999-04-01 }'],
)
def test_whoever_holds_no_post_today_cannot_sign_in(tmp_path: Path, post: str) -> None:
    assert "s-one" not in organisation(tmp_path, post)
