"""One wrong word anywhere in a 教示 is found: each word that the law gives is changed at each place where it stands."""

import re
from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

import pytest

from services.signing.compiler.appeals import appeal, old_law
from services.signing.fonts import load_faces
from tests.unit.signing import notices
from tests.unit.signing.drafts import GRANT, VARIANTS, appeal_of, wanted
from tests.unit.signing.glyphs import FONT_DIRS

CHANGES = {
    "３か月": ["６か月", "２か月", "１３か月", "３年", "３週間"],
    "６か月": ["３か月", "３６か月", "１年", "六十日"],
    "１年": ["２年", "１１年", "１か月"],
    "の翌日": ["", "の翌々日", "の前日"],
    "知った": ["", "通知した"],
    "起算して": ["", "起算し、おおむね"],
    "以内": ["以後", "を過ぎてから"],
    "経過": ["超過"],
    "その裁決": ["この決定", "その決定"],
    "審査請求に対する裁決": ["審査請求に対する決定", "異議に対する裁決"],
    "高畠町長": ["山形県知事", "高畠町議会", "高畠町副町長", "町長"],
    "高畠町を": ["山形県を", "高畠町長を", "国を"],
    "審査請求をすることができます": ["異議の申立てをすることができます", "審査請求をすることができません"],
    "取消しの訴え": ["無効等確認の訴え"],
    "提起することができます": ["提起することができません"],
}
TAKES_TOO_LONG = 2


def text_of(variant: str) -> str:
    return (appeal_of(variant) or {})["text"]


def changed(text: str) -> Iterator[str]:
    for word, others in CHANGES.items():
        for found in re.finditer(word, text):
            yield from (text[: found.start()] + other + text[found.end() :] for other in others)


def codes(variant: str, text: str, town: str = "高畠町") -> list[str]:
    notice = GRANT | {"appeal": {"variant": variant, "text": text}, "procedure_id": f"of:{variant}"}
    asked = replace(wanted(notice), town=town, office=f"{town}長")
    findings = (rule(notice, asked, load_faces(FONT_DIRS)) for rule in (appeal, old_law))
    return [one.code for one in findings if one.severity == "error"]


@pytest.mark.parametrize("variant", VARIANTS)
def test_any_one_wrong_word_of_the_law_is_found(variant: str) -> None:
    assert [text for text in changed(text_of(variant)) if not codes(variant, text)] == []


def test_any_one_wrong_word_is_found_in_the_words_of_many_towns_too() -> None:
    assert codes("both", notices.APPEAL_OF_MANY) == []
    assert [text for text in changed(notices.APPEAL_OF_MANY) if not codes("both", text)] == []


@pytest.mark.parametrize("town", ["三川町", "十日町市", "六戸町", "二本松市", "にかほ市", "南アルプス市"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_town_with_a_number_or_kana_in_its_name_is_known(variant: str, town: str) -> None:
    assert codes(variant, text_of(variant).replace("高畠町", town), town) == []
    assert codes(variant, text_of(variant), town) == ["appeal"]


def test_a_text_without_end_costs_no_time() -> None:
    began = perf_counter()
    for endless in ("（", "（）", "審査請求を", "訴えは、", "日の翌日から起算して", "1", "高畠町"):
        assert codes("both", endless * 2_000) == ["appeal"]
    assert perf_counter() - began < TAKES_TOO_LONG
