"""What a file really is, by its content: HEIC, JPEG, PNG or PDF, whole and unlocked.  The name is not believed."""

import io
from dataclasses import dataclass

import pikepdf
import puremagic
from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from services.intake.domain.draft import LARGEST_FILE
from services.intake.domain.procedure import Accept

register_heif_opener()
JPEG, PNG, HEIC, PDF = "image/jpeg", "image/png", "image/heic", "application/pdf"
IMAGES = {"JPEG": JPEG, "MPO": JPEG, "PNG": PNG, "HEIF": HEIC}
ACCEPTED = {Accept.PHOTO: {JPEG, PNG, HEIC}, Accept.DOCUMENT: {JPEG, PNG, HEIC, PDF}}
FIRST_BYTES = 4096
# The end mark lies within the last 1024 bytes (ISO 32000-1, 7.5.5); without it half of the file is missing.
PDF_END, LAST_BYTES = b"%%EOF", 1024
THUMBNAIL = (192, 192)
# A phone's largest photos have some 200 million points; more is an attack on memory.
MOST_POINTS = 220_000_000
Image.MAX_IMAGE_PIXELS = MOST_POINTS


class InspectionError(Exception):
    """The file cannot be taken.  ``code``: empty, too_large, kind, locked or broken.  Permanent."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Inspected:
    """``pages``: of a PDF.  ``thumbnail``: JPEG of a photo."""

    media_type: str
    pages: int = 0
    thumbnail: bytes = b""


def inspect(data: bytes, accept: Accept) -> Inspected:
    """Look into a file.  Raises InspectionError."""
    if not data:
        raise InspectionError("empty")
    if len(data) > LARGEST_FILE:
        raise InspectionError("too_large")
    found = _inspect_pdf(data) if is_pdf(data) else _inspect_image(data)
    if found.media_type not in ACCEPTED[accept]:
        raise InspectionError("kind")
    return found


def is_pdf(data: bytes) -> bool:
    """Whether the first bytes are a PDF's."""
    try:
        return any(one.mime_type == PDF for one in puremagic.magic_string(data[:FIRST_BYTES]))
    except puremagic.PureError:
        return False


def _inspect_pdf(data: bytes) -> Inspected:
    if PDF_END not in data[-LAST_BYTES:]:
        raise InspectionError("broken")
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return Inspected(PDF, pages=len(pdf.pages))
    except pikepdf.PasswordError as error:
        raise InspectionError("locked") from error
    except pikepdf.PdfError as error:
        raise InspectionError("broken") from error


def _inspect_image(data: bytes) -> Inspected:
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.format not in IMAGES:
                raise InspectionError("kind")
            return Inspected(IMAGES[image.format], thumbnail=_thumbnail(image))
    except UnidentifiedImageError as error:
        raise InspectionError("kind") from error
    # A half file raises whatever its decoder thinks of: OSError, ValueError, SyntaxError, EOFError.
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise InspectionError("broken") from error


def _thumbnail(image: Image.Image) -> bytes:
    """Reads the whole file (a half one is found out), at the smallest scale that its format offers."""
    image.draft("RGB", THUMBNAIL)
    image.load()
    small = ImageOps.exif_transpose(image)
    small.thumbnail(THUMBNAIL)
    written = io.BytesIO()
    small.convert("RGB").save(written, "JPEG", quality=75)
    return written.getvalue()
