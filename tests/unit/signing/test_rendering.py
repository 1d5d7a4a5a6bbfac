"""A notice looks as it must, shows the right glyphs, and is PDF/A-3a + PDF/UA-1 by its own word."""

import io
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from services.signing.fonts import GlyphMissingError, load_faces
from services.signing.rendering import Issue, Order, Renderer, SealPicture, missing_glyphs
from tests.unit.signing import glyphs, notices

SEAL = SealPicture((Path(__file__).parents[3] / "infra" / "town" / "seals" / "mayor.svg").read_bytes(), 21)
ISSUE = Issue("高建第1087号", date(2026, 12, 9), b'{"steps":[]}', notices.ADDRESS)


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    yield Renderer(tmp_path_factory.mktemp("press"), glyphs.FONT_DIRS)


def test_a_variant_of_noto_is_shown_by_its_own_glyph(renderer: Renderer) -> None:
    pdf = renderer.render(Order(notices.addressed_to(f"{notices.TSUJI_E0100} 花子"), SEAL, ISSUE))
    shown = glyphs.embedded(pdf, "NotoSerifCJK")
    assert glyphs.source(glyphs.NOTO, "辻", "\U000e0100") in shown
    assert glyphs.source(glyphs.NOTO, "辻") not in shown


def test_a_variant_only_ipamj_has_is_shown_by_ipamj(renderer: Renderer) -> None:
    pdf = renderer.render(Order(notices.addressed_to(f"{notices.TSUJI_E0102} 花子"), SEAL, ISSUE))
    wanted = glyphs.source(glyphs.IPAMJ, "辻", "\U000e0102")
    assert wanted in glyphs.embedded(pdf, "IPAmjMincho")
    assert glyphs.source(glyphs.NOTO, "辻") not in glyphs.embedded(pdf, "NotoSerifCJK")


def test_a_character_outside_the_basic_plane_is_shown(renderer: Renderer) -> None:
    pdf = renderer.render(Order(notices.addressed_to(f"{notices.YOSHI}田 花子"), SEAL, ISSUE))
    assert glyphs.source(glyphs.NOTO, notices.YOSHI) in glyphs.embedded(pdf, "NotoSerifCJK")


def test_a_pair_that_no_font_has_is_refused_and_named(renderer: Renderer) -> None:
    nobody_has = "辻\U000e01ef"
    with pytest.raises(GlyphMissingError, match=r"U\+8FBB U\+E01EF"):
        renderer.render(Order(notices.addressed_to(nobody_has), SEAL, ISSUE))


def test_missing_glyphs_are_found_wherever_they_stand() -> None:
    notice = notices.grant(conditions=["\ue000は私用領域です"], preamble="辻\U000e01ef")
    assert set(missing_glyphs(notice, load_faces(glyphs.FONT_DIRS))) == {"\ue000", "辻\U000e01ef"}


def test_the_same_order_gives_the_same_file(renderer: Renderer) -> None:
    order = Order(notices.addressed_to(f"{notices.TSUJI_E0100} {notices.YOSHI}子"), SEAL, ISSUE)
    assert renderer.render(order) == renderer.render(order)


@pytest.mark.parametrize("family", [notices.TSUJI_E0100, notices.TSUJI_E0102])
def test_a_name_can_be_copied_out_of_the_notice_unchanged(renderer: Renderer, tmp_path: Path, family: str) -> None:
    name = f"{family} {notices.YOSHI}子"
    file = tmp_path / "notice.pdf"
    file.write_bytes(renderer.render(Order(notices.addressed_to(name), SEAL, ISSUE)))
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
    assert name in text


def test_the_file_says_what_it_is(renderer: Renderer) -> None:
    with pikepdf.open(io.BytesIO(renderer.render(Order(notices.grant(), SEAL, ISSUE)))) as pdf:
        assert str(pdf.Root.Lang).lower().startswith("ja")
        assert pdf.Root.MarkInfo.Marked
        with pdf.open_metadata() as xmp:
            assert xmp["dc:title"] == "補助金等交付決定通知書（高建第1087号）"
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("3", "A", "1")


def test_the_decision_chain_travels_inside_the_final_notice_only(renderer: Renderer) -> None:
    with pikepdf.open(io.BytesIO(renderer.render(Order(notices.grant(), SEAL, ISSUE)))) as pdf:
        attached = pdf.attachments["decision-chain.json"]
        assert attached.get_file().read_bytes() == ISSUE.chain
        assert pdf.Root.AF[0].AFRelationship == "/Data"
    with pikepdf.open(io.BytesIO(renderer.render(Order(notices.grant(), SEAL)))) as preview:
        assert not preview.attachments


def test_a_long_notice_goes_over_several_pages(renderer: Renderer) -> None:
    long = "あらかじめ町長の承認を受けること。" * 4
    notice = notices.grant(conditions=[f"第{n}の条件。{long}" for n in range(1, 31)])
    with pikepdf.open(io.BytesIO(renderer.render(Order(notice, SEAL, ISSUE)))) as pdf:
        assert len(pdf.pages) > 1


def test_the_code_on_the_paper_gives_the_address_and_a_reader_hears_it(renderer: Renderer, tmp_path: Path) -> None:
    file = tmp_path / "notice.pdf"
    file.write_bytes(renderer.render(Order(notices.grant(), SEAL, ISSUE)))
    picture = file.with_suffix("")
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", str(file), str(picture)], check=True)
    read = ["zbarimg", "--quiet", "--raw", str(picture.with_suffix(".png"))]
    assert subprocess.run(read, capture_output=True, text=True, check=True).stdout.strip() == notices.ADDRESS
    with pikepdf.open(file) as pdf:
        links = [note.A.URI for note in pdf.pages[0].Annots if note.Subtype == "/Link"]
        alternatives = {str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one}
    assert set(map(str, links)) == {notices.ADDRESS}
    assert f"確かめるページのQRコード：{notices.ADDRESS}" in alternatives


def test_a_refusal_shows_fact_rule_and_application(renderer: Renderer) -> None:
    reasons = {"fact": "着工の日が申請より前である。", "rule": "要綱第４条", "application": "同条の要件を満たさない。"}
    notice = notices.grant(title="補助金等不交付決定通知書", items=[], conditions=[], reasons=reasons, contact=None)
    assert renderer.render(Order(notice, None, ISSUE)).startswith(b"%PDF-1.7")


def test_a_table_has_a_head_that_each_page_repeats_and_a_reader_hears(renderer: Renderer, tmp_path: Path) -> None:
    rows = [[f"第{n}工区の舗装の補修", "令和９年２月２６日", "金１，０００円"] for n in range(1, 60)]
    table = {"head": ["工事の名称", "期限", "金額"], "rows": rows}
    notice = notices.grant(items=[{"label": "内訳", "value": "次のとおりです。", "table": table}])
    file = tmp_path / "notice.pdf"
    file.write_bytes(renderer.render(Order(notice, SEAL, ISSUE)))
    read = ["pdftotext", "-layout", str(file), "-"]
    *pages, _ = subprocess.run(read, capture_output=True, text=True, check=True).stdout.split("\f")
    assert sum("工事の名称" in page for page in pages) == sum("工区の舗装" in page for page in pages) > 1
    with pikepdf.open(file) as pdf:
        elements = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
    heads = [one for one in elements if one.S == "/TH"]
    attributes = [one.A if isinstance(one.A, pikepdf.Dictionary) else one.A[0] for one in heads]
    assert [str(one.Scope) for one in attributes] == ["/Column"] * 3
    assert sum(one.S == "/TD" for one in elements) == len(rows) * 3


def test_each_page_but_the_first_says_whose_it_is_and_the_first_has_the_letterhead(
    renderer: Renderer, tmp_path: Path
) -> None:
    notice = notices.grant(conditions=[f"第{n}の条件。{'町長の承認を受けること。' * 6}" for n in range(1, 31)])
    file = tmp_path / "notice.pdf"
    file.write_bytes(renderer.render(Order(notice, SEAL, ISSUE)))
    read = ["pdftotext", "-layout", str(file), "-"]
    *pages, _ = subprocess.run(read, capture_output=True, text=True, check=True).stdout.split("\f")
    assert "山形県東置賜郡高畠町大字高畠４３６番地" in pages[0].splitlines()[0]
    for page in pages[1:]:
        first = page.splitlines()[0]
        assert "補助金等交付決定通知書" in first
        assert "高建第１０８７号" in first


def test_a_number_and_its_unit_stay_on_one_line(renderer: Renderer, tmp_path: Path) -> None:
    for filler in range(30):
        sentence = "令和１２年１２月２６日までに金１，９８０，０００円を納めること。"
        file = tmp_path / "notice.pdf"
        file.write_bytes(renderer.render(Order(notices.grant(preamble="あ" * filler + sentence), None)))
        read = ["pdftotext", "-layout", str(file), "-"]
        text = subprocess.run(read, capture_output=True, text=True, check=True).stdout
        assert "１，９８０，０００円" in text
        assert "２６日" in text
