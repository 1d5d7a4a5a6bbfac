"""The printed copy (写し) of a signed notice: its pages, each with the mark, without the signature."""

import io
from pathlib import Path

import pikepdf

MARK = Path(__file__).parent / "marks" / "copy.pdf"


def marked_copy(pdf: bytes, title: str) -> bytes:
    """A PDF for printing only.  ``title``: of the window that shows it."""
    with pikepdf.open(io.BytesIO(pdf)) as signed, pikepdf.open(MARK) as mark, pikepdf.new() as copy:
        _forget_form(signed.Root)
        copy.pages.extend(signed.pages)
        for page in copy.pages:
            _forget_form(page)
            page.add_overlay(mark.pages[0], pikepdf.Rectangle(page.mediabox))
        copy.docinfo["/Title"] = title
        written = io.BytesIO()
        copy.save(written)
    return written.getvalue()


def _forget_form(holder: pikepdf.Object | pikepdf.Page) -> None:
    """Field and widget of the signature: on paper they would only say that it is broken."""
    for name in ("/AcroForm", "/Annots"):
        if name in holder:
            del holder[name]
