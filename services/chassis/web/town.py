"""The town as the frames of all pages name it: ``town.toml`` of the town's folder."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Help:
    """Whom to call."""

    section: str
    telephone: str
    hours: str


@dataclass(frozen=True)
class Town:
    """Its name and who answers."""

    name: str
    kana: str
    prefecture: str
    address: str
    mayor_title: str
    help: Help


def read_town(folder: Path) -> Town:
    """Raises OSError when there is no ``town.toml``, TypeError when it lacks a value."""
    data = tomllib.loads((folder / "town.toml").read_text("utf-8"))
    return Town(help=Help(**data.pop("help")), **data)
