"""Notice data to PDF/A-3a + PDF/UA-1 by typst: layout only, every text comes from the data.

One Renderer per process: it owns a directory that nobody else reads, with the template, the seal's picture and the data
of the notice being rendered.  Two renderers never share one: stale data would be a disclosure.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from services.chassis.eras import full_width, letter_date
from services.signing.fonts import Faces, GlyphMissingError, load_faces
from services.signing.rendering.codes import code
from services.signing.rendering.typesetting import RenderingError, Typesetter

TEMPLATE = "notice.typ"
CHAIN_NAME = "decision-chain.json"
CHAIN_DESCRIPTION = "決裁の記録（職・根拠・ハッシュ値・日時）"
BELOW = "記"
PREVIEW_MARK = "公印\n施行時"
OMITTED = "（公印省略）"
CONDITIONS = "交付の条件"
REASONS = {"fact": "認定した事実", "rule": "適用する規定", "application": "当てはめ"}
CODE_LINES = ("電子署名のあるPDFが、この通知書の原本です。", "左の符号か次のアドレスで、確かめられます。")
CODE_ALT = "確かめるページのQRコード："
MAX_LABEL_EM = 9
# A number and its unit, which the end of a line does not part.
WHOLE = re.compile("([０-９][０-９，．]*(?:年度|年|か月|月|日|円|条|項|号|人|件|％)?)")
MOST_WIDTH, INSETS = 20, 2  # of a table's column, in characters
AMOUNT = re.compile("金?[0-9０-９,，]+円")

Runs = list[dict[str, str | bool]]


@dataclass(frozen=True)
class Issue:
    """What the final notice bears and the approved preview does not.

    ``chain``: canonical JSON of the decision's posts, articles, hashes and times, attached to the file.  ``address``:
    of the page that tells which document this is, and asks for the file.
    """

    number: str
    issued_on: date
    chain: bytes
    address: str


@dataclass(frozen=True)
class SealPicture:
    """The seal as infra/town/seals.toml has it.  ``drawing``: SVG; ``millimetres``: length of a side."""

    drawing: bytes
    millimetres: int


@dataclass(frozen=True)
class Order:
    """One notice to lay out: its data (shape: docs/notice.md), its seal, and what issues it (None: preview)."""

    notice: Mapping[str, Any]
    seal: SealPicture | None
    issue: Issue | None = None


class Renderer:
    """Notices, by a typesetter with a directory of its own."""

    def __init__(self, directory: Path, font_dirs: tuple[Path, ...]) -> None:
        self._faces = load_faces(font_dirs)
        self._typesetter = Typesetter(directory, TEMPLATE, font_dirs)

    def render(self, order: Order) -> bytes:
        """The PDF, ending in a newline (an incremental update needs it).

        Raises GlyphMissingError when no font shows a character, RenderingError when typst refuses.
        """
        files = {
            "seal.svg": order.seal.drawing if order.seal else b"",
            "attachment.json": order.issue.chain if order.issue else b"",
            "code.svg": code(order.issue.address) if order.issue else b"",
        }
        return self._typesetter.set(layout_of(order, self._faces), files, _day(order))


def layout_of(order: Order, faces: Faces) -> dict[str, Any]:
    """What the template reads of an order.  Raises GlyphMissingError."""
    return _Layout(faces).of(order)


def missing_glyphs(notice: Mapping[str, Any], faces: Faces) -> tuple[str, ...]:
    """Every cluster of the notice that no font shows, each once."""
    found = (faces.missing(text) for text in _texts(notice))
    return tuple(dict.fromkeys(cluster for clusters in found for cluster in clusters))


class _Layout:
    """Notice data as the template reads it: texts cut into runs, numbers in full width."""

    def __init__(self, faces: Faces) -> None:
        self._faces = faces

    def of(self, order: Order) -> dict[str, Any]:
        notice, issue = order.notice, order.issue
        entries = self._entries(notice)
        return {
            "metadata": self._metadata(order),
            "number": self._runs(full_width(issue.number)) if issue else None,
            "date": self._runs(letter_date(issue.issued_on)) if issue else None,
            "addressee": [self._runs(line) for line in _addressee(notice["addressee"])],
            "issuer": self._runs(f"{notice['issuer']['title']}　{notice['issuer']['name']}"),
            "seal": self._seal(order),
            "letterhead": self._letterhead(notice),
            "title": self._runs(notice["title"]),
            "preamble": self._paragraphs(notice["preamble"]),
            "below": self._runs(BELOW),
            "entries": entries,
            "label_em": min(MAX_LABEL_EM, max((_width(entry["label"]) for entry in entries), default=0)),
            "entry_numbers": [full_width(str(n)) for n in range(1, len(entries) + 1)],
            "point_numbers": [f"（{full_width(str(n))}）" for n in range(1, _most_points(entries) + 1)],
            "appeal": self._paragraphs((notice.get("appeal") or {}).get("text", "")),
            "contact": self._contact(notice),
            "code": self._code(issue),
            "attachment": {"name": CHAIN_NAME, "description": CHAIN_DESCRIPTION} if issue else None,
        }

    def _metadata(self, order: Order) -> dict[str, Any]:
        day, title = _day(order), order.notice["title"]
        number = f"（{order.issue.number}）" if order.issue else "（案）"
        dated = {"year": day.year, "month": day.month, "day": day.day}
        return {"title": title + number, "author": order.notice["issuer"]["title"], "date": dated}

    def _seal(self, order: Order) -> dict[str, Any]:
        if order.seal is None:
            return {"mode": "omitted", "millimetres": 0, "text": self._runs(OMITTED)}
        mode = "picture" if order.issue else "place"
        return {"mode": mode, "millimetres": order.seal.millimetres, "text": self._runs(PREVIEW_MARK)}

    def _entries(self, notice: Mapping[str, Any]) -> list[dict[str, Any]]:
        entries = [self._entry(one["label"], one["value"], one.get("table")) for one in notice.get("items") or ()]
        for name, label in REASONS.items():
            if text := (notice.get("reasons") or {}).get(name):
                entries.append(self._entry(label, text))
        if conditions := notice.get("conditions"):
            points = [self._runs(text) for text in conditions]
            entries.append({"label": self._runs(CONDITIONS), "paragraphs": [], "table": None, "points": points})
        return entries

    def _entry(self, label: str, value: str, table: Mapping[str, Any] | None = None) -> dict[str, Any]:
        shown = self._table(table) if table else None
        return {"label": self._runs(label), "paragraphs": self._paragraphs(value), "table": shown, "points": []}

    def _table(self, table: Mapping[str, Any]) -> dict[str, list[Any]]:
        """``cells``: of all rows, one after the other; ``widths``: of the columns, as parts of what is left.

        A column of amounts has the width 0: its own.
        """
        cells = [self._runs(cell) for row in table["rows"] for cell in row]
        widths = [_column_width(column) for column in zip(*table["rows"], strict=True)]
        return {"head": [self._runs(cell) for cell in table["head"]], "cells": cells, "widths": widths}

    def _letterhead(self, notice: Mapping[str, Any]) -> dict[str, Runs] | None:
        found = notice.get("letterhead")
        return {name: self._runs(full_width(found[name])) for name in ("name", "address")} if found else None

    def _contact(self, notice: Mapping[str, Any]) -> list[Runs]:
        contact = notice.get("contact")
        if not contact:
            return []
        lines = [f"（担当）{contact['section']}", f"電話　{contact['telephone']}"]
        if number := notice.get("reception_number"):
            lines.append(f"受付番号　{number}")
        return [self._runs(line) for line in lines]

    def _code(self, issue: Issue | None) -> dict[str, Any]:
        """In a preview its place stays empty."""
        address = issue.address if issue else ""
        return {"lines": [self._runs(line) for line in CODE_LINES], "address": address, "alt": CODE_ALT + address}

    def _paragraphs(self, text: str) -> list[Runs]:
        return [self._runs(line) for line in text.splitlines() if line]

    def _runs(self, text: str) -> Runs:
        pieces = [piece for piece in WHOLE.split(text) if piece]
        return [
            {"family": run.family, "text": run.text, "whole": bool(WHOLE.fullmatch(piece))}
            for piece in pieces
            for run in self._faces.runs(piece)
        ]


def _addressee(addressee: Mapping[str, str]) -> Sequence[str]:
    name = f"{addressee['name']}　{addressee.get('honorific', '様')}"
    address = addressee.get("address")
    return [full_width(address), name] if address else [name]


def _column_width(cells: Sequence[str]) -> int:
    if all(map(AMOUNT.fullmatch, cells)):
        return 0
    return min(MOST_WIDTH, max(map(len, cells))) + INSETS


def _day(order: Order) -> date:
    return order.issue.issued_on if order.issue else date.fromisoformat(order.notice["submitted_on"])


def _width(runs: Runs) -> int:
    return sum(1 for run in runs for character in str(run["text"]) if not unicodedata.combining(character))


def _most_points(entries: list[dict[str, Any]]) -> int:
    return max((len(entry["points"]) for entry in entries), default=0)


def _texts(value: Any) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        value = list(value.values())
    return [text for item in value for text in _texts(item)] if isinstance(value, list | tuple) else []


__all__ = [
    "GlyphMissingError",
    "Issue",
    "Order",
    "Renderer",
    "RenderingError",
    "SealPicture",
    "layout_of",
    "missing_glyphs",
]
