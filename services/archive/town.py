"""Reads infra/town: who keeps the documents."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

Entry = Mapping[str, Any]


def archivists(town: Path, day: date) -> frozenset[str]:
    """The ``sub`` of everyone who on ``day`` holds a post in the section that archive.toml names, or in a part of it.

    Raises OSError, KeyError, tomllib.TOMLDecodeError when the town's files are not there or not right.
    """
    organisation = _read(town / "organisation.toml")
    sections = _with_parts(_read(town / "archive.toml")["section"], organisation["section"])
    posts = {post["id"] for post in organisation["post"] if post["section"] in sections and _holds(post, day)}
    return frozenset(
        holder["sub"]
        for holder in organisation["holder"]
        if any(held["post"] in posts and _holds(held, day) for held in holder["posts"])
    )


def _with_parts(section: str, sections: list[Entry]) -> frozenset[str]:
    return frozenset({section} | {one["id"] for one in sections if one.get("parent") == section})


def _holds(entry: Entry, day: date) -> bool:
    """Whether an entry of the organisation is in force; both of its days are included."""
    return bool(entry["from"] <= day <= entry.get("until", date.max))


@cache
def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))
