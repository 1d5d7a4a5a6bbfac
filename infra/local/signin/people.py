"""Who can sign in: the residents and contractors of residents.toml, and whoever holds a post in the town."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from services.chassis.clock import today

RESIDENTS = Path(__file__).parents[1] / "residents.toml"
RESIDENT, CONTRACTOR, STAFF, SEAL_KEEPER = "住民", "事業者", "職員", "公印管守者"
GROUPS = (RESIDENT, CONTRACTOR, STAFF, SEAL_KEEPER)
CLAIMS = ("name", "address", "birthdate", "gender")  # each is the scope of the same name, as in デジタル認証アプリ


@dataclass(frozen=True)
class Person:
    """``note``: what they do, for the one who picks them."""

    sub: str
    name: str
    kana: str
    group: str
    note: str
    claims: Mapping[str, str] = field(default_factory=dict)

    def claims_of(self, scope: str) -> dict[str, str]:
        """Claims that the scopes (separated by spaces) let out."""
        asked = scope.split()
        return {"sub": self.sub} | {name: self.claims[name] for name in CLAIMS if name in asked and name in self.claims}


def everyone(town: Path) -> dict[str, Person]:
    """By ``sub``.  ``town``: the folder with organisation.toml."""
    people = [*_residents(), *_contractors(), *_staff(town / "organisation.toml")]
    return {person.sub: person for person in people}


def _residents() -> Iterator[Person]:
    for row in tomllib.loads(RESIDENTS.read_text("utf-8"))["residents"]:
        claims = {name: row[name] for name in CLAIMS}
        yield Person(row["sub"], row["name"], row["kana"], RESIDENT, row["note"], claims)


def _contractors() -> Iterator[Person]:
    for row in tomllib.loads(RESIDENTS.read_text("utf-8"))["contractors"]:
        yield Person(row["sub"], row["name"], row["kana"], CONTRACTOR, row["note"], {"name": row["name"]})


def _staff(path: Path) -> Iterator[Person]:
    organisation = tomllib.loads(path.read_text("utf-8"))
    names = {post["id"]: post["name"] for post in organisation["post"]}
    for row in organisation["holder"]:
        posts = [names[each["post"]] for each in row["posts"] if _in_force(each, today())]
        if posts:
            yield _holder(row, posts)


def _in_force(dated: Mapping[str, Any], day: date) -> bool:
    return bool(dated["from"] <= day <= dated.get("until", date.max))


def _holder(row: Mapping[str, Any], posts: list[str]) -> Person:
    group = SEAL_KEEPER if SEAL_KEEPER in posts else STAFF
    return Person(row["sub"], row["name"], row["kana"], group, "・".join(posts), {"name": row["name"]})
