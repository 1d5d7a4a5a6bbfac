"""QR codes (ISO/IEC 18004) as SVG: drawn as shapes, so that they are sharp at any size."""

import io

import segno

QUIET_MODULES = 4  # ISO/IEC 18004 5.3.8


def code(text: str) -> bytes:
    """An SVG of the text's QR code at error correction M, with its quiet zone."""
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False, boost_error=False).save(
        drawing, kind="svg", border=QUIET_MODULES, xmldecl=False, svgns=True, dark="#000", light=None
    )
    return drawing.getvalue()
