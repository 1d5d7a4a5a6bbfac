"""The 教示: that one can have the decision looked at again, by whom, and until when, in the words of the law of today.

行政不服審査法82条 (whether, to whom, until when), 18条 (three months, one year); 行政事件訴訟法46条 (defendant, time),
14条 (six months, one year).  Which of the six variants it is follows from the procedure's legal basis.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.messages import Finding
from services.signing.compiler.expectation import Expectation
from services.signing.fonts import Faces

NONE = "none"
KANJI = str.maketrans("〇一二三四五六七八九", "0123456789")
MONTHS = r"(か|ヶ|ヵ|カ|ケ|箇|個)?月"
FROM_NEXT_DAY = "翌日から起算して"
REVIEW_PERIOD = re.compile(rf"{FROM_NEXT_DAY}3{MONTHS}以内")
SUIT_PERIOD = re.compile(rf"{FROM_NEXT_DAY}6{MONTHS}以内")
OUTER_LIMIT = re.compile(rf"{FROM_NEXT_DAY}1年を経過")
APPEAL_FIRST = re.compile(r"裁決を経た後でなければ")
SUIT_AGAINST_RULING = re.compile(r"裁決の取消しの訴え")
SUIT_AGAINST_DECISION = re.compile(r"(処分|決定)の取消しの訴えを?提起することができます")
REVIEW = re.compile(r"審査請求をすることができます")
SUIT = re.compile(r"取消しの訴え")
# Before 2016-04-01; only inside the 教示: 「完了後60日以内に報告」 elsewhere is right (practice C21).
OLD_LAW = {
    "異議申立て": re.compile(r"異議申し?立て?"),
    "60日以内": re.compile(r"(60|6十)日以内"),
}


@dataclass(frozen=True)
class Variant:
    """``says``: what its text must say, with how a finding calls it; ``never``: what belongs to another variant."""

    says: Mapping[str, re.Pattern[str]]
    never: Mapping[str, re.Pattern[str]]


Patterns = dict[str, re.Pattern[str]]
REVIEW_SAYS: Patterns = {
    "審査請求ができること": REVIEW,
    "審査請求の期間（3か月）": REVIEW_PERIOD,
    "1年の期限": OUTER_LIMIT,
}
SUIT_SAYS: Patterns = {"取消しの訴え": SUIT, "取消しの訴えの期間（6か月）": SUIT_PERIOD}
FIRST_SAYS: Patterns = REVIEW_SAYS | SUIT_SAYS | {"裁決を経た後でなければ訴えられないこと": APPEAL_FIRST}
VARIANTS: Mapping[str, Variant] = {
    "both": Variant(REVIEW_SAYS | SUIT_SAYS, {"裁決を経た後でなければ": APPEAL_FIRST}),
    "appeal_first": Variant(FIRST_SAYS, {}),
    "charges": Variant(FIRST_SAYS | {"地方自治法": re.compile("地方自治法")}, {"地方税法": re.compile("地方税法")}),
    "local_tax": Variant(FIRST_SAYS | {"地方税法": re.compile("地方税法")}, {"地方自治法": re.compile("地方自治法")}),
    "ruling_only": Variant(
        REVIEW_SAYS | SUIT_SAYS | {"裁決の取消しの訴え": SUIT_AGAINST_RULING},
        {"決定の取消しの訴え": SUIT_AGAINST_DECISION},
    ),
}


def appeal(notice: Mapping[str, Any], wanted: Expectation, _faces: Faces) -> Finding:
    """The variant of the procedure's legal basis, with all that its text must say, and nothing of another's."""
    found = notice["appeal"] or {}
    variant, text = found.get("variant", NONE), found.get("text", "")
    if wanted.appeal is None:
        return Finding("appeal", "warning", "手続きの根拠がわからないため、教示を確かめられません。")
    if variant != wanted.appeal:
        return Finding("appeal", "error", _other_variant(wanted.appeal))
    if wanted.appeal == NONE:
        if text.strip():
            return Finding("appeal", "error", "要綱による決定は処分ではないため、教示を付けません。")
        return Finding("appeal", "ok", "教示のいらない決定です")
    if mistake := _mistake(normal(text), VARIANTS[variant], wanted):
        return Finding("appeal", "error", mistake)
    return Finding("appeal", "ok", "教示は手続きの根拠と合っています")


def old_law(notice: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    """行政不服審査法 of 2014 is in force since 2016-04-01."""
    text = normal((notice["appeal"] or {}).get("text", ""))
    if found := [name for name, pattern in OLD_LAW.items() if pattern.search(text)]:
        return Finding("old_law", "error", f"教示に、平成28年3月までの法律の言葉「{found[0]}」があります。")
    return Finding("old_law", "ok", "教示に古い法律の言葉はありません")


def normal(text: str) -> str:
    """Digits of every kind alike, and no spaces or line ends between the words."""
    plain = unicodedata.normalize("NFKC", text).translate(KANJI)
    return re.sub(r"\s", "", plain)


def _other_variant(wanted: str) -> str:
    if wanted == NONE:
        return "要綱による決定は処分ではないため、教示を付けません。"
    return "教示の種類が、手続きの根拠と合いません（行政不服審査法第８２条、行政事件訴訟法第４６条）。"


def _mistake(text: str, variant: Variant, wanted: Expectation) -> str:
    says = {
        **variant.says,
        f"審査請求をする先（{wanted.office}）": re.compile(f"{wanted.office}に対(して|し)"),
        f"訴えの相手（{wanted.town}）": re.compile(f"{wanted.town}を被告として"),
    }
    # What the law before 2016 said in the place of a period is named by its own rule.
    if missing := [name for name, pattern in says.items() if not pattern.search(_of_today(text))]:
        return f"教示に「{'」「'.join(missing)}」が書かれていません。"
    if other := [name for name, pattern in variant.never.items() if pattern.search(text)]:
        return f"教示に、この手続きには当てはまらない「{other[0]}」があります。"
    return ""


def _of_today(text: str) -> str:
    """As if the old words were today's, so that each mistake has one finding."""
    today = OLD_LAW["60日以内"].sub("3か月以内", text)
    return OLD_LAW["異議申立て"].sub("審査請求", today)
