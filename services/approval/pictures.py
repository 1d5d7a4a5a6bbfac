"""Attached photos as a browser shows them: turned upright, smaller, JPEG.  A phone's HEIC is seen by few browsers."""

import io

from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

register_heif_opener()
JPEG = "image/jpeg"
QUALITY = 80
# A phone's largest photos have some 200 million points; more is an attack on memory.
Image.MAX_IMAGE_PIXELS = 220_000_000


class NoPictureError(Exception):
    """The file is no picture, or a broken one.  Permanent."""


def reduced(data: bytes, edge: int) -> bytes:
    """The picture with no edge longer than ``edge`` points.  Raises NoPictureError."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.draft("RGB", (edge, edge))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((edge, edge))
            return _jpeg(upright)
    # A broken file raises whatever its decoder thinks of: OSError, ValueError, SyntaxError, EOFError.
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise NoPictureError from error


def _jpeg(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.convert("RGB").save(written, "JPEG", quality=QUALITY)
    return written.getvalue()
