"""事務決裁規程: who may decide what, and the route (回議) that follows from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.approval.domain.organisation import Organisation, Post, Rank, VacantPostError


class NoDeciderError(Exception):
    """The by-laws name nobody who may decide this.  Permanent."""

    def __init__(self, matter: str, day: date) -> None:
        super().__init__(f"{matter} on {day}")
        self.matter, self.day = matter, day


@dataclass(frozen=True)
class Power:
    """A rank (or one ``post``) that decides amounts ``below`` so many yen; None: any amount."""

    rank: Rank | None = None
    post: str = ""
    below: int | None = None

    def covers(self, amount: int | None) -> bool:
        """Whether an amount lies below the limit.  A matter without an amount has no limit to pass."""
        return self.below is None or amount is None or amount < self.below


@dataclass(frozen=True)
class Row:
    """One row of the tables (別表).  ``powers``: from the lowest."""

    id: str
    matter: str
    text: str
    powers: tuple[Power, ...]


@dataclass(frozen=True)
class Article:
    """An article and its words."""

    id: str
    text: str


@dataclass(frozen=True)
class Proxy:
    """代決: who decides for ``of`` while that one is away, in order."""

    of: str
    by: tuple[str, ...]
    article: str
    text: str


@dataclass(frozen=True)
class Circulation:
    """Which ranks see a draft before its decider, from below."""

    article: str
    text: str
    ranks: tuple[Rank, ...]


@dataclass(frozen=True, kw_only=True)
class Bylaws:
    """One version, in force from ``valid_from`` until a later one."""

    name: str
    number: str
    valid_from: date
    circulation: Circulation
    articles: tuple[Article, ...]
    proxies: tuple[Proxy, ...]
    rows: tuple[Row, ...]

    def row(self, matter: str) -> Row:
        """The row of a matter.  Raises NoDeciderError."""
        found = next((one for one in self.rows if one.matter == matter), None)
        if found is None:
            raise NoDeciderError(matter, self.valid_from)
        return found


class Part(StrEnum):
    """What a step of a route asks for."""

    APPROVE = "approve"
    DECIDE = "decide"


@dataclass(frozen=True)
class Step:
    """One post of a route.  ``article``: what puts it there."""

    post: str
    post_name: str
    part: Part
    article: str


@dataclass(frozen=True)
class Route:
    """Computed once, kept with its draft: what it follows from stays readable when the by-laws have changed.

    ``delegated``: the decider is not the mayor (専決).
    """

    bylaws: str
    valid_from: date
    row: str
    row_text: str
    matter: str
    amount: int | None
    delegated: bool
    steps: tuple[Step, ...]

    @property
    def decider(self) -> Step:
        """The last step."""
        return self.steps[-1]

    @property
    def authority(self) -> str:
        """By-laws and row, as a decision cites them."""
        return f"{self.bylaws} {self.row}"


@dataclass(frozen=True)
class Rulebook:
    """The organisation and all versions of the by-laws."""

    organisation: Organisation
    versions: tuple[Bylaws, ...]

    def in_force(self, day: date) -> Bylaws:
        """The version of a day.  Raises NoDeciderError before the first."""
        held = [one for one in self.versions if one.valid_from <= day]
        if not held:
            raise NoDeciderError("*", day)
        return max(held, key=lambda one: one.valid_from)

    def route(self, *, matter: str, amount: int | None, section: str, drafter: str, day: date) -> Route:
        """Who approves and who decides a draft of ``drafter`` (sub) in ``section``.

        Raises NoDeciderError, VacantPostError, UnknownSectionError.
        """
        bylaws = self.in_force(day)
        row = bylaws.row(matter)
        decider = self._decider(row, amount, section, drafter, day)
        approvers = self._approvers(bylaws.circulation, decider, section, drafter, day)
        steps = [Step(post.id, post.name, Part.APPROVE, bylaws.circulation.article) for post in approvers]
        return Route(
            bylaws=bylaws.name,
            valid_from=bylaws.valid_from,
            row=row.id,
            row_text=row.text,
            matter=matter,
            amount=amount,
            delegated=decider.rank is not Rank.MAYOR,
            steps=(*steps, Step(decider.id, decider.name, Part.DECIDE, row.id)),
        )

    def _decider(self, row: Row, amount: int | None, section: str, drafter: str, day: date) -> Post:
        """The lowest power that covers the amount; nobody decides an own draft, then the next higher one does."""
        for power in row.powers:
            if not power.covers(amount):
                continue
            post = self._holder(power, section, day)
            if not self._is_held_by(post, drafter, day):
                return post
        mayor = self.organisation.post_in_line(section, Rank.MAYOR, day)
        if mayor is None or self._is_held_by(mayor, drafter, day):
            raise NoDeciderError(row.matter, day)
        return mayor

    def _holder(self, power: Power, section: str, day: date) -> Post:
        """The held post that a power means.  Raises VacantPostError."""
        if power.rank is None:
            post = self.organisation.post(power.post, day)
        else:
            post = self.organisation.post_in_line(section, power.rank, day)
        name = power.post or str(power.rank)
        if post is None or not self.organisation.holders(post.id, day):
            raise VacantPostError(post.name if post else name, day)
        return post

    def _approvers(
        self, circulation: Circulation, decider: Post, section: str, drafter: str, day: date
    ) -> Iterator[Post]:
        """Posts below the decider and above the drafter; a rank that the line does not have is passed over."""
        drafter_rank = min((post.rank.place for post in self.organisation.posts_of(drafter, day)), default=99)
        for rank in circulation.ranks:
            post = self.organisation.post_in_line(section, rank, day)
            if post and decider.rank.place < rank.place < drafter_rank and self.organisation.holders(post.id, day):
                yield post

    def _is_held_by(self, post: Post, sub: str, day: date) -> bool:
        return any(one.sub == sub for one in self.organisation.holders(post.id, day))
