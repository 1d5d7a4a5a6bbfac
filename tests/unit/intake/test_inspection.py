"""Files are judged by what is in them."""

import io

import pikepdf
import pytest
from PIL import Image
from pillow_heif import register_heif_opener

from services.intake.domain.draft import LARGEST_FILE
from services.intake.domain.procedure import Accept
from services.intake.inspection import InspectionError, inspect

register_heif_opener()


def photo(kind: str) -> bytes:
    written = io.BytesIO()
    Image.effect_noise((640, 480), 80).convert("RGB").save(written, kind)
    return written.getvalue()


def pdf(**options: object) -> bytes:
    written = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(written, **options)
    return written.getvalue()


def refused(data: bytes, accept: Accept = Accept.DOCUMENT) -> str:
    with pytest.raises(InspectionError) as error:
        inspect(data, accept)
    return error.value.code


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("HEIF", "image/heic")])
def test_a_phones_photos_are_taken_and_shown_small(kind: str, media_type: str) -> None:
    found = inspect(photo(kind), Accept.PHOTO)
    assert found.media_type == media_type
    assert Image.open(io.BytesIO(found.thumbnail)).size == (192, 144)


def test_a_pdf_is_taken_as_a_document_and_its_pages_counted() -> None:
    assert (inspect(pdf(), Accept.DOCUMENT).pages, refused(pdf(), Accept.PHOTO)) == (1, "kind")


def test_a_pdf_with_a_password_is_locked() -> None:
    assert refused(pdf(encryption=pikepdf.Encryption(user="secret", owner="secret"))) == "locked"


def test_a_pdf_that_opens_without_a_password_is_taken() -> None:
    assert inspect(pdf(encryption=pikepdf.Encryption(user="", owner="secret")), Accept.DOCUMENT).pages == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF"])
def test_half_a_photo_is_broken(kind: str) -> None:
    data = photo(kind)
    assert refused(data[: len(data) // 2]) == "broken"


def test_half_a_pdf_is_broken() -> None:
    data = pdf()
    assert refused(data[: len(data) // 2]) == "broken"


@pytest.mark.parametrize(
    "data", [b"plain text " * 9, b"<html><script></script></html>", b"MZ" + bytes(300), photo("GIF")]
)
def test_other_kinds_are_refused_whatever_they_are_called(data: bytes) -> None:
    assert refused(data) == "kind"


def test_nothing_and_too_much_are_told_apart() -> None:
    assert refused(b"") == "empty"
    assert refused(bytes(LARGEST_FILE + 1)) == "too_large"
