"""The town's organisation: sections, posts and who holds them, each from a day to a day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar


class Dated(Protocol):
    """What holds from a day to a day, both included."""

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on this day."""
        ...


D = TypeVar("D", bound=Dated)


class Rank(StrEnum):
    """Ranks of posts, from the top."""

    MAYOR = "mayor"
    VICE_MAYOR = "vice-mayor"
    HEAD = "head"
    DEPUTY = "deputy"
    CHIEF = "chief"
    OFFICER = "officer"

    @property
    def place(self) -> int:
        """How far from the top, from 0."""
        return tuple(Rank).index(self)


class UnknownSectionError(Exception):
    """The organisation of that day has no such section.  Permanent."""

    def __init__(self, section: str, day: date) -> None:
        super().__init__(f"{section} on {day}")
        self.section, self.day = section, day


class VacantPostError(Exception):
    """Nobody holds the post on that day.  Permanent until the organisation changes (職務代理, never 代決)."""

    def __init__(self, post: str, day: date) -> None:
        super().__init__(f"{post} on {day}")
        self.post, self.day = post, day


@dataclass(frozen=True, kw_only=True)
class Section:
    """A 課 or 係.  ``mark``: what its document numbers begin with; empty: the mark of the section above."""

    id: str
    name: str
    since: date
    until: date = date.max
    parent: str = ""
    mark: str = ""
    telephone: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the section exists on this day."""
        return self.since <= day <= self.until


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post (職) in a section."""

    id: str
    name: str
    section: str
    rank: Rank
    since: date
    until: date = date.max

    def holds_on(self, day: date) -> bool:
        """Whether the post exists on this day."""
        return self.since <= day <= self.until


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One person's time in one post."""

    sub: str
    post: str
    since: date
    until: date = date.max

    def holds_on(self, day: date) -> bool:
        """Whether the person holds the post on this day."""
        return self.since <= day <= self.until


@dataclass(frozen=True)
class Member:
    """A member of the staff.  ``sub``: OpenID Connect."""

    sub: str
    name: str
    kana: str


@dataclass(frozen=True)
class Organisation:
    """All that was and is in force.  Every question names its day."""

    sections: tuple[Section, ...]
    posts: tuple[Post, ...]
    holdings: tuple[Holding, ...]
    members: tuple[Member, ...]

    def section(self, section_id: str, day: date) -> Section:
        """Raises UnknownSectionError."""
        found = next((one for one in on(self.sections, day) if one.id == section_id), None)
        if found is None:
            raise UnknownSectionError(section_id, day)
        return found

    def line(self, section_id: str, day: date) -> Iterator[Section]:
        """The section and those above it, up to the town.  Raises UnknownSectionError."""
        while section_id:
            section = self.section(section_id, day)
            yield section
            section_id = section.parent

    def department(self, section_id: str, day: date) -> Section:
        """The 課 that a section belongs to; the town itself for the town."""
        line = list(self.line(section_id, day))
        return line[-2] if len(line) > 1 else line[-1]

    def sections_of(self, department: str, day: date) -> frozenset[str]:
        """Ids of a 課 and its 係."""
        return frozenset(
            one.id for one in on(self.sections, day) if self.department(one.id, day).id == department
        )

    def mark(self, section_id: str, day: date) -> str:
        """What document numbers of a section begin with."""
        return next((one.mark for one in self.line(section_id, day) if one.mark), "")

    def full_name(self, section_id: str, day: date) -> str:
        """課 and 係, as a letter names them."""
        return " ".join(reversed([one.name for one in self.line(section_id, day) if one.parent]))

    def post(self, post_id: str, day: date) -> Post | None:
        """The post, if it exists on this day."""
        return next((one for one in on(self.posts, day) if one.id == post_id), None)

    def posts_of(self, sub: str, day: date) -> list[Post]:
        """The posts that a person holds on this day, the highest first."""
        held = {one.post for one in on(self.holdings, day) if one.sub == sub}
        return sorted((one for one in on(self.posts, day) if one.id in held), key=lambda one: one.rank.place)

    def posts_in(self, section_id: str, day: date) -> frozenset[str]:
        """Ids of the posts of one section."""
        return frozenset(one.id for one in on(self.posts, day) if one.section == section_id)

    def holders(self, post_id: str, day: date) -> list[Member]:
        """Who holds a post on this day."""
        held = {one.sub for one in on(self.holdings, day) if one.post == post_id}
        return [one for one in self.members if one.sub in held]

    def post_in_line(self, section_id: str, rank: Rank, day: date) -> Post | None:
        """The post of a rank in a section or the nearest section above it."""
        for section in self.line(section_id, day):
            for post in on(self.posts, day):
                if post.section == section.id and post.rank is rank:
                    return post
        return None

    def member(self, sub: str) -> Member | None:
        """Who this is, also after leaving."""
        return next((one for one in self.members if one.sub == sub), None)


def on(dated: Iterable[D], day: date) -> Iterator[D]:
    """Those that are in force on a day."""
    return (one for one in dated if one.holds_on(day))
