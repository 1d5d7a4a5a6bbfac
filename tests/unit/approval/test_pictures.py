"""Photos as the desk shows them."""

import io

import pytest
from PIL import Image

from infra.console.applying import phone_photo
from services.approval.pictures import NoPictureError, reduced


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_phones_photo_is_turned_upright_and_made_smaller() -> None:
    sent = opened(phone_photo())
    assert sent.height > sent.width
    shown = opened(reduced(phone_photo(), 320))
    assert shown.format == "JPEG"
    assert shown.size == (320, 240)


def test_a_heic_photo_becomes_one_that_every_browser_shows() -> None:
    written = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(written, "HEIF")
    shown = opened(reduced(written.getvalue(), 320))
    assert (shown.format, shown.size) == ("JPEG", (320, 240))


def test_a_drawing_with_a_transparent_ground_is_shown_too() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(written, "PNG")
    assert opened(reduced(written.getvalue(), 320)).size == (40, 30)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\xff\xd8\xff\xe0 half a photo", phone_photo()[:20_000]])
def test_what_is_no_whole_picture_is_none(data: bytes) -> None:
    with pytest.raises(NoPictureError):
        reduced(data, 320)
