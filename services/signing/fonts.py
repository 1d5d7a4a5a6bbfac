"""Which font shows which character: decided here, per base and variation selector, never by the renderer.

The renderer does not fall back per (base, selector) and warns of nothing: the extracted text looks right while the
glyph is wrong.  So a text is cut into runs, each with the font whose cmap has its characters; a pair is looked up in
cmap format 14 (OpenType 1.9, cmap; Unicode Ideographic Variation Database).
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import ClassVar

from fontTools.ttLib import TTCollection, TTFont, TTLibError

FAMILIES = (("Noto Serif CJK JP", "NotoSerifCJK-Regular.ttc"), ("IPAmjMincho", "ipamjm.ttf"))
UVS_FORMAT = 14
SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0), range(0x180B, 0x180E))


class FontMissingError(Exception):
    """A font file that notices need is not installed, or cannot be read.  Transient.  ``file``: its name."""

    permanent: ClassVar[bool] = False

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file


class GlyphMissingError(Exception):
    """No font of ours shows these clusters: the text must change, or a font be added."""

    permanent: ClassVar[bool] = True

    def __init__(self, clusters: Sequence[str]) -> None:
        super().__init__(tuple(clusters))
        self.clusters = tuple(clusters)

    def __str__(self) -> str:
        return ", ".join(code_points(cluster) for cluster in self.clusters)


@dataclass(frozen=True)
class Face:
    """One font: its family, the code points and the (base, selector) pairs that it has a glyph for."""

    family: str
    plain: frozenset[int]
    pairs: frozenset[tuple[int, int]]

    def shows(self, cluster: str) -> bool:
        """Whether it has the very glyph of a base, or of a base with its selector."""
        points = [ord(character) for character in cluster]
        if len(points) == 1:
            return points[0] in self.plain
        return len(points) == 2 and (points[0], points[1]) in self.pairs  # noqa: PLR2004 - base and selector


@dataclass(frozen=True)
class Run:
    """Text of one font."""

    family: str
    text: str


@dataclass(frozen=True)
class Faces:
    """The fonts of notices, the preferred first."""

    faces: tuple[Face, ...]

    def missing(self, text: str) -> tuple[str, ...]:
        """Clusters that no font shows, in order, each once; line ends are layout, not glyphs."""
        return tuple(dict.fromkeys(c for c in clusters(text) if c != "\n" and self._face(c) is None))

    def runs(self, text: str) -> tuple[Run, ...]:
        """Raises GlyphMissingError."""
        if missing := self.missing(text):
            raise GlyphMissingError(missing)
        grouped = groupby(clusters(text), key=self._family)
        return tuple(Run(family, "".join(group)) for family, group in grouped)

    def _face(self, cluster: str) -> Face | None:
        return next((face for face in self.faces if face.shows(cluster)), None)

    def _family(self, cluster: str) -> str:
        face = self._face(cluster)
        return face.family if face else ""


def clusters(text: str) -> Iterator[str]:
    """Each base with the selector that follows it."""
    held = ""
    for character in text:
        if held and is_selector(character):
            held += character
            continue
        if held:
            yield held
        held = character
    if held:
        yield held


def is_selector(character: str) -> bool:
    """Whether it is a variation selector."""
    return any(ord(character) in block for block in SELECTORS)


def code_points(cluster: str) -> str:
    """``U+8FBB U+E0100``."""
    return " ".join(f"U+{ord(character):04X}" for character in cluster)


@cache
def load_faces(font_dirs: tuple[Path, ...]) -> Faces:
    """Read the cmaps once per process.  Raises FontMissingError."""
    return Faces(tuple(_face(_find(file, font_dirs), family) for family, file in FAMILIES))


def _find(file: str, font_dirs: tuple[Path, ...]) -> Path:
    for directory in font_dirs:
        if (path := directory / file).is_file():
            return path
    raise FontMissingError(file)


def _face(path: Path, family: str) -> Face:
    try:
        with _open(path, family) as font:
            plain = frozenset(font.getBestCmap())
            return Face(family, plain, frozenset(_pairs(font, plain)))
    except (OSError, TTLibError, struct.error, ValueError, KeyError, AssertionError) as error:
        raise FontMissingError(path.name) from error


def _open(path: Path, family: str) -> TTFont:
    if path.suffix != ".ttc":
        return TTFont(path, lazy=True)
    with TTCollection(path, lazy=True) as collection:
        names = [font["name"].getDebugName(1) for font in collection.fonts]
    return TTFont(path, fontNumber=names.index(family), lazy=True)


def _pairs(font: TTFont, plain: frozenset[int]) -> Iterator[tuple[int, int]]:
    for table in font["cmap"].tables:
        if table.format == UVS_FORMAT:
            for selector, entries in table.uvsDict.items():
                yield from ((base, selector) for base, glyph in entries if glyph or base in plain)
