"""typst: one template, one directory, one compiler kept warm.  PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1)."""

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar, Final, Literal, cast

import typst

TEMPLATES = Path(__file__).parents[1] / "templates"
STANDARDS: Final[list[Literal["a-3a", "ua-1"]]] = ["a-3a", "ua-1"]


class RenderingError(Exception):
    """typst could not lay the document out (its own message as text).  The data or the template must change."""

    permanent: ClassVar[bool] = True


class Typesetter:
    """``template``: its file name.  The directory is this typesetter's alone."""

    def __init__(self, directory: Path, template: str, font_dirs: tuple[Path, ...]) -> None:
        self._root = directory
        directory.mkdir(parents=True, exist_ok=True)
        shutil.copy(TEMPLATES / template, directory / template)
        self._compiler = typst.Compiler(
            input=str(directory / template),
            root=str(directory),
            font_paths=[str(path) for path in font_dirs],
            ignore_system_fonts=True,
        )

    def set(self, layout: Mapping[str, Any], files: Mapping[str, bytes], day: date) -> bytes:
        """The PDF, ending in a newline.  ``layout``: what the template reads; ``files``: by name, what it includes.

        Raises RenderingError.
        """
        (self._root / "data.json").write_text(json.dumps(layout, ensure_ascii=False))
        for name, data in files.items():
            (self._root / name).write_bytes(data)
        when = datetime.combine(day, datetime.min.time(), UTC)
        try:
            pdf = self._compiler.compile(format="pdf", pdf_standards=[*STANDARDS], timestamp=int(when.timestamp()))
        except typst.TypstError as error:
            raise RenderingError(str(error)) from error
        return cast(bytes, pdf).rstrip(b"\n") + b"\n"
