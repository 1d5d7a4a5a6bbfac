"""The outlines that a PDF really shows, read from its embedded font programs: extracted text proves nothing."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

NOTO = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
IPAMJ = Path("/usr/share/fonts/truetype/ipamj/ipamjm.ttf")
FONT_DIRS = (NOTO.parent, IPAMJ.parent)


def embedded(pdf: bytes, family: str) -> list[Any]:
    """Outlines of every glyph in the PDF's subsets of ``family`` (a part of its PostScript name)."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        descriptors = [
            item
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and family in str(item.get("/FontName", ""))
        ]
        return [outline for descriptor in descriptors for outline in _outlines(descriptor)]


def source(path: Path, base: str, selector: str = "") -> Any:
    """The outline that the font file itself has for a base, or for a base and its selector."""
    font = TTFont(path, fontNumber=0, lazy=True)
    name = font.getBestCmap()[ord(base)]
    if selector:
        (table,) = [table for table in font["cmap"].tables if table.format == 14]
        name = dict(table.uvsDict[ord(selector)])[ord(base)] or name
    return _draw(font.getGlyphSet(), name)


def _outlines(descriptor: Any) -> Iterator[Any]:
    if "/FontFile2" in descriptor:
        glyphs = TTFont(io.BytesIO(descriptor["/FontFile2"].read_bytes())).getGlyphSet()
        yield from (_draw(glyphs, name) for name in glyphs)
    if "/FontFile3" in descriptor:
        yield from _cff(descriptor["/FontFile3"].read_bytes())


def _cff(data: bytes) -> Iterator[Any]:
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(data), None)
    strings = fonts[0].CharStrings
    for name in strings.keys():  # noqa: SIM118 - not a mapping: iterating it counts
        pen = DecomposingRecordingPen({})
        strings[name].draw(pen)
        yield pen.value


def _draw(glyphs: Any, name: str) -> Any:
    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    return pen.value
