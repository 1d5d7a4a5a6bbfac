"""What the approvers saw is what is signed: the final notice differs in number, date, seal and code, nowhere else."""

import re
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw

from services.signing.rendering import Issue, Order, Renderer, SealPicture
from tests.unit.signing import glyphs, notices
from tests.unit.signing.drafts import RIGHT

SEAL = SealPicture((Path(__file__).parents[3] / "infra" / "town" / "seals" / "mayor.svg").read_bytes(), 21)
ISSUE = Issue("高建第1087号", date(2026, 12, 9), b'{"acts":[]}', notices.ADDRESS)
NUMBER, DATE = "高建第１０８７号", "令和８年１２月９日"
DPI = 100
POINT = DPI / 72
MILLIMETRE = 72 / 25.4
MARGIN, CODE = 26 * MILLIMETRE, 20 * MILLIMETRE
WORD = re.compile(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<')
Box = tuple[float, float, float, float]
LONG = notices.grant(conditions=[f"第{n}の条件。{'あらかじめ町長の承認を受けること。' * 4}" for n in range(1, 31)])
NOTICES = RIGHT | {"several pages": LONG, "a long name": notices.addressed_to("高畠町まほろばの里農業協同組合" * 3)}


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    yield Renderer(tmp_path_factory.mktemp("press"), glyphs.FONT_DIRS)


def words(pdf: Path) -> list[list[tuple[Box, str]]]:
    """Of each page: where each word stands, in points from the upper left corner."""
    html = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    pages = html.split("<page ")[1:]
    return [[((*map(float, found.groups()[:4]),), found[5]) for found in WORD.finditer(page)] for page in pages]  # type: ignore[misc]


def pictures(pdf: Path) -> list[Image.Image]:
    subprocess.run(["pdftoppm", "-r", str(DPI), "-gray", str(pdf), str(pdf.with_suffix(""))], check=True)
    return [Image.open(page) for page in sorted(pdf.parent.glob(f"{pdf.stem}-*.pgm"))]


def added(page: list[tuple[Box, str]]) -> Iterator[Box]:
    """Number and date, the seal's place beside the issuer's name, the code and its address."""
    for (left, top, right, bottom), word in page:
        if word in (NUMBER, DATE):
            yield left - 1, top - 1, right + 1, bottom + 1
        if word == notices.ADDRESS:
            yield left - 1, top - 1, right + 1, bottom + 1
            yield MARGIN - 1, bottom - CODE - 3, MARGIN + CODE + 1, bottom + 3
        if word == "誠一":
            middle, half = (top + bottom) / 2, SEAL.millimetres * MILLIMETRE / 2 + MILLIMETRE
            yield right, middle - half, right + 2 * half + 2 * MILLIMETRE, middle + half


def without(picture: Image.Image, boxes: list[Box]) -> Image.Image:
    masked = picture.copy()
    for box in boxes:
        ImageDraw.Draw(masked).rectangle([round(edge * POINT) for edge in box], fill=255)
    return masked


@pytest.mark.parametrize("name", NOTICES)
def test_the_final_notice_is_the_preview_with_number_date_and_seal(
    renderer: Renderer, tmp_path: Path, name: str
) -> None:
    preview, final = tmp_path / "preview.pdf", tmp_path / "final.pdf"
    seal = SEAL if NOTICES[name]["seal"] else None
    preview.write_bytes(renderer.render(Order(NOTICES[name], seal)))
    final.write_bytes(renderer.render(Order(NOTICES[name], seal, ISSUE)))
    before, after = words(preview), words(final)
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        seen = {"公印", "施行時"}
        kept = [word for word in old if word[1] not in seen]
        assert sorted(word for word in new if word[1] not in (NUMBER, DATE, notices.ADDRESS)) == sorted(kept)
    boxes = [list(added(page)) for page in after]
    assert sum(len(hidden) for hidden in boxes) == 5 + len(after) - 1  # the number stands at the head of each page
    for old, new, hidden in zip(pictures(preview), pictures(final), boxes, strict=True):
        assert ImageChops.difference(without(old, hidden), without(new, hidden)).getbbox() is None


def test_a_change_elsewhere_would_be_seen(renderer: Renderer, tmp_path: Path) -> None:
    changed = notices.grant(conditions=["補助金を他の用途に使用しないこと"])
    one, other = tmp_path / "one.pdf", tmp_path / "other.pdf"
    one.write_bytes(renderer.render(Order(notices.grant(), SEAL)))
    other.write_bytes(renderer.render(Order(changed, SEAL, ISSUE)))
    hidden = [list(added(page)) for page in words(other)]
    assert ImageChops.difference(
        without(pictures(one)[0], hidden[0]), without(pictures(other)[0], hidden[0])
    ).getbbox()
