"""Reads infra/town: seals, document types, posts and their holders, and which 教示 a legal basis asks for."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from services.chassis.handling import PermanentError
from services.signing.domain.editions import ARCHIVED, DAYS_OF_A_MONTH, Algorithm, Preservation

MAYOR = "mayor"
BasisKind = Literal["act", "ordinance", "rule", "outline"]
LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
AT_ONCE = {"B-LTA": "B-LT"}


class UnknownDocumentTypeError(PermanentError):
    """infra/town/document_types.toml has no such type."""

    def __init__(self, document_type: str) -> None:
        super().__init__(document_type)
        self.document_type = document_type


@dataclass(frozen=True)
class Seal:
    """One official seal (公印).  ``keeper``: post id; ``drawing``: SVG; ``millimetres``: length of a side."""

    id: str
    legend: str
    name: str
    keeper: str
    drawing: bytes
    millimetres: int
    basis: str


@dataclass(frozen=True)
class DocumentType:
    """One kind of document.  ``seal``: None means （公印省略）.  ``row``: of the by-law's table.

    ``form``: how it is laid out and checked: notice, contract or certificate.  ``level``: PAdES baseline level (ETSI
    EN 319 142-1); B-LTA is reached after the grace period, from B-LT.  ``reasons``: whether it refuses, in whole or in
    part, and so says why.  ``standing``: whether its keeper may permit it for a time instead of one by one.
    """

    id: str
    title: str
    seal: Seal | None
    row: str
    level: str
    retention: str
    form: str = "notice"
    reasons: bool = False
    standing: bool = False

    @property
    def level_at_once(self) -> str:
        """The level it leaves the press with."""
        return AT_ONCE.get(self.level, self.level)


@dataclass(frozen=True)
class Basis:
    """What a procedure rests on since a day.  ``appeal``: variant of the 教示.  ``kind``: 法律, 条例, 規則 or 要綱."""

    procedure_id: str
    since: date
    appeal: str
    kind: BasisKind


@dataclass(frozen=True)
class Holding:
    """One person's time in one post; both days are included."""

    sub: str
    post: str
    since: date
    until: date


@dataclass(frozen=True)
class Organisation:
    """Posts (職) and who holds them.  ``posts``: the newest name of each by id; ``members``: name of each by sub."""

    posts: dict[str, str]
    members: dict[str, str]
    holdings: tuple[Holding, ...]

    def posts_of(self, sub: str, day: date) -> frozenset[str]:
        """Ids of the posts that a person holds on that day."""
        held = (one for one in self.holdings if one.sub == sub)
        return frozenset(one.post for one in held if one.since <= day <= one.until)


@dataclass(frozen=True)
class Town:
    """What signing reads of the town.  ``office``: in whose name it decides (高畠町長)."""

    name: str
    address: str
    office: str
    types: dict[str, DocumentType]
    seals: dict[str, Seal]
    bases: tuple[Basis, ...]
    organisation: Organisation
    preservation: Preservation

    @property
    def keepers(self) -> frozenset[str]:
        """The posts that keep a seal."""
        return frozenset(seal.keeper for seal in self.seals.values())

    def type(self, document_type: str) -> DocumentType:
        """Raises UnknownDocumentTypeError."""
        if document_type not in self.types:
            raise UnknownDocumentTypeError(document_type)
        return self.types[document_type]

    def seal_for(self, document_type: str) -> Seal:
        """The seal whose keeper permits the document; with （公印省略）, which is signed too, the mayor's."""
        return self.type(document_type).seal or self.seals[MAYOR]

    def keeper_post(self, document_type: str) -> str:
        """Who permits the document."""
        return self.seal_for(document_type).keeper

    def first_due(self, document_type: str, signed_at: datetime) -> datetime | None:
        """When it gets its archive timestamp; None for a type whose level is lower."""
        return signed_at + self.preservation.grace if self.type(document_type).level == ARCHIVED else None

    def retention(self, document_type: str) -> str:
        """Class of the records rules."""
        return self.type(document_type).retention

    def basis(self, procedure_id: str, on: date) -> Basis | None:
        """What the procedure rests on, on that day; None when the procedure is not known."""
        held = [one for one in self.bases if one.procedure_id == procedure_id and one.since <= on]
        return max(held, key=lambda one: one.since) if held else None


@cache
def read_town(directory: Path) -> Town:
    """Read once per process.  Raises OSError, KeyError, ValueError: without it no service starts."""
    seals = {table["id"]: _seal(table, directory) for table in _read(directory / "seals.toml")["seal"]}
    types = (_type(table, seals) for table in _read(directory / "document_types.toml")["type"])
    procedures = map(_read, sorted((directory / "procedures").glob("*/procedure.toml")))
    about = _read(directory / "town.toml")
    return Town(
        about["name"],
        about["address"],
        about["mayor_title"],
        {one.id: one for one in types},
        seals,
        tuple(_basis(file) for file in procedures),
        _organisation(_read(directory / "organisation.toml")),
        _preservation(_read(directory / "preservation.toml")),
    )


def _seal(table: dict[str, Any], directory: Path) -> Seal:
    return Seal(**table | {"drawing": (directory / table["drawing"]).read_bytes()})


def _type(table: dict[str, Any], seals: dict[str, Seal]) -> DocumentType:
    seal = table.get("seal")
    if table["level"] not in LEVELS:
        raise ValueError(f"{table['id']}: level is one of {', '.join(LEVELS)}")
    return DocumentType(**table | {"seal": seals[seal] if seal else None})


def _basis(file: dict[str, Any]) -> Basis:
    return Basis(file["id"], file["valid_from"], file["legal_basis"]["appeal"], file["legal_basis"]["kind"])


def _preservation(file: dict[str, Any]) -> Preservation:
    return Preservation(
        timedelta(hours=file["grace_hours"]),
        timedelta(days=file["renew_months_before"] * DAYS_OF_A_MONTH),
        tuple(Algorithm(**table) for table in file["algorithm"]),
    )


def _organisation(file: dict[str, Any]) -> Organisation:
    posts = sorted(file["post"], key=lambda post: post["from"])
    holders = file["holder"]
    return Organisation(
        posts={post["id"]: post["name"] for post in posts},
        members={holder["sub"]: holder["name"] for holder in holders},
        holdings=tuple(
            Holding(holder["sub"], held["post"], held["from"], held.get("until", date.max))
            for holder in holders
            for held in holder["posts"]
        ),
    )


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))
