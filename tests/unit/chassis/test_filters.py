"""Words and numbers as pages write them."""

from datetime import date

import pytest

from services.chassis.web.filters import masked_mail, phrases, unbroken, wareki, wareki_text


def test_a_date_inside_a_sentence_is_one_piece_and_readable_by_machines() -> None:
    assert unbroken("報告は令和9年2月26日（金）まで。") == (
        '報告は<time datetime="2027-02-26">令和9年2月26日（金）</time>まで。'
    )
    assert unbroken("令和９年２月２６日") == '<time datetime="2027-02-26">令和９年２月２６日</time>'
    assert unbroken("令和元年5月1日") == '<time datetime="2019-05-01">令和元年5月1日</time>'


def test_a_number_does_not_break_and_what_is_no_date_stays_a_number() -> None:
    assert unbroken("１２３４番地5") == '<span class="num">１２３４</span>番地<span class="num">5</span>'
    assert unbroken("令和8年13月1日") == '<span class="num">令和8年13月1日</span>'


def test_what_people_have_typed_is_never_markup() -> None:
    assert unbroken("<b>1</b>") == '&lt;b&gt;<span class="num">1</span>&lt;/b&gt;'
    assert phrases("<b>") == "&lt;b&gt;"


def test_a_name_without_marked_phrases_is_left_to_the_browser() -> None:
    assert phrases("補助金の交付が決まりました") == "補助金の交付が決まりました"
    assert phrases("住宅リフォーム|支援事業補助金") == '<span class="keep">住宅リフォーム<wbr>支援事業補助金</span>'


def test_the_day_of_the_week_is_left_out_on_request() -> None:
    day = date(1958, 11, 3)
    assert wareki_text(day) == "昭和33年11月3日（月・祝）"
    assert wareki_text(day, weekday=False) == "昭和33年11月3日"
    assert wareki(day, weekday=False) == '<time datetime="1958-11-03">昭和33年11月3日</time>'


@pytest.mark.parametrize(("address", "shown"), [("minori@example.jp", "m＊＊＊@example.jp"), ("", "")])
def test_a_masked_address_shows_only_its_first_letter(address: str, shown: str) -> None:
    assert masked_mail(address) == shown
