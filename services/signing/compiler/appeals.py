"""The 教示: that one can have the decision looked at again, by whom, and until when, in the words of the law of today.

行政不服審査法82条 (whether, to whom, until when), 18条 (three months, one year); 行政事件訴訟法46条 (defendant, time),
14条 (six months, one year; after a ruling, from the ruling).  Which of the six variants it is follows from the
procedure's legal basis.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.messages import Finding
from services.signing.compiler.expectation import Expectation
from services.signing.compiler.numbers import plain
from services.signing.compiler.paper import shown
from services.signing.compiler.periods import (
    COUNTER,
    DAY,
    DECISION,
    KNOWN,
    MONTHS,
    REVIEW,
    RULING,
    SUIT,
    UNREAD,
    Period,
    flat,
    periods,
)
from services.signing.fonts import Faces

NONE = "none"
Patterns = Mapping[str, re.Pattern[str]]
REVIEW_OPEN = re.compile(r"審査請求をすることができます")
REMEDY_OPEN = re.compile(r"審査請求を?することができ|訴え(を|の)提起(することが|が)でき")
AFTER_RULING = r"裁決(を経|があっ|を受け)(た後|てから|た上)?"
APPEAL_FIRST = re.compile(rf"{AFTER_RULING}(で)?(なければ|ないと|に限り|のみ)")
# In a sentence of its own, not as the end of a period.
NO_PERIOD = "(?:^|。)(?:(?!経過|過ぎ|。).)*"
NO_SUIT = re.compile(rf"{NO_PERIOD}訴え[はを](?:(?!経過|過ぎ|。).){{0,40}}(できません|できない)")
NO_REVIEW = re.compile(rf"{NO_PERIOD}審査請求[はを](?:(?!経過|過ぎ|。|訴え).){{0,40}}(できません|できない)")
# Remedies that no law opens here, or that are called by another name; 「決定に異議があるときは」 is everybody's word.
OTHER_REMEDY = re.compile(r"再審査請求|再調査の請求|無効等確認|異議(?!が)")
RULING_ON_WHAT = re.compile(
    r"(?<!審査請求)に対する裁決|この裁決(に不服|の取り?消し|について|そのもの)|審査請求に対する(決定|処分)"
)
NOT_WITHIN = re.compile(r"以内に(?:(?!経過|過ぎ|。).)*できません")
AFTER_ALL = re.compile(r"(経過した|経過する|過ぎた|過ぎる)[^。()]*できます")
SUIT_OPEN = re.compile(r"(提起|訴えを起こ|訴え)[すことがもる]{0,6}できます")
SUIT_AGAINST_RULING = re.compile(r"裁決の取り?消しの訴え")
SUIT_AGAINST_DECISION = re.compile(r"(?<!裁決の)(取り?消しの訴え|取消訴訟)")
OF_DECISION_OPEN = re.compile(r"(処分|決定)の取り?消しの訴えを?提起することができます")
RULING_LATE = re.compile(rf"(?<!\d)(?!3{MONTHS})\d+{MONTHS}を?経過しても?、?(なお)?、?裁決")
AUTONOMY, TAXES = re.compile("地方自治法"), re.compile("地方税法")
# 地方税法19条の12, 地方自治法229条 and 231条の3 are the articles that ask for the appeal first.
OTHER_TAX_ARTICLE = re.compile(r"地方税法第(?!19条の12(?![\d]|の\d)|19条(?!の\d))")
OTHER_AUTONOMY_ARTICLE = re.compile(r"地方自治法第(?!229条(?!の\d)|231条の3(?!\d|の\d))")
NAMED_LENGTH = re.compile(rf"(?<![\d成和正治])(\d+)({COUNTER}年(?!度|法律)|{MONTHS}(?!\d))")
LAWFUL_LENGTHS = ("1年", "3月", "6月")
OFFICES = "長|知事|大臣|委員会|委員|議会|審査会|局|署"
DEFENDANT = re.compile(r"([^、。()]{0,40})(?:\([^()]*\))?を被告と")


@dataclass(frozen=True)
class Old:
    """Words of the law before 2016-04-01.  ``today``: what stands in their place, so that each mistake is one."""

    name: str
    words: re.Pattern[str]
    today: str


# Only inside the 教示: 「完了後60日以内に報告」 elsewhere is right (practice C21).
OLD_LAW = (
    Old("異議申立て", re.compile(r"異議(の|を)?申し?立てる"), "審査請求をする"),
    Old("異議申立て", re.compile(r"異議(の|を)?(申し?|もうし)(立|た)て?"), "審査請求"),
    Old("60日以内", re.compile(r"(?<!\d)60日間?(以?内|のうち|まで)"), "3か月以内"),
    Old("60日以内", re.compile(r"(?<!\d)60日間?を(経過|過ぎ)"), "3か月を経過"),
    Old("30日以内", re.compile(r"(?<!\d)30日間?(以?内|のうち|まで)"), "3か月以内"),
    Old("昭和37年法律第160号", re.compile(r"昭和37年法律第160号"), "平成26年法律第68号"),
)


@dataclass(frozen=True)
class Variant:
    """``says`` and ``never``: what its text must say or must not, with how a finding calls it.

    ``needs``: the periods it must name; ``may``: those that it may name beside them.
    """

    says: Patterns
    never: Patterns
    needs: tuple[Period, ...]
    may: tuple[Period, ...] = field(default=())


REVIEW_PERIODS = (Period(REVIEW, DECISION, KNOWN, "3か月"), Period(REVIEW, DECISION, DAY, "1年"))
SUIT_PERIODS = (Period(SUIT, DECISION, KNOWN, "6か月"), Period(SUIT, DECISION, DAY, "1年"))
RULED_PERIODS = (Period(SUIT, RULING, KNOWN, "6か月"), Period(SUIT, RULING, DAY, "1年"))
AFTER_THE_RULING = REVIEW_PERIODS + RULED_PERIODS
OPEN: Patterns = {"審査請求ができること": REVIEW_OPEN, "訴えを提起できること": SUIT_OPEN}
BOTH_SAY: Patterns = {**OPEN, "処分の取消しの訴え": SUIT_AGAINST_DECISION}
FIRST_SAYS: Patterns = {**BOTH_SAY, "裁決を経た後でなければ訴えられないこと": APPEAL_FIRST}
FIRST_NEVER: Patterns = {"3か月でない、裁決を待つ期間": RULING_LATE}
VARIANTS: Mapping[str, Variant] = {
    "both": Variant(
        BOTH_SAY,
        {"裁決を経た後でなければ": APPEAL_FIRST, "訴えを提起できないこと": NO_SUIT},
        REVIEW_PERIODS + SUIT_PERIODS,
        RULED_PERIODS,
    ),
    "appeal_first": Variant(
        FIRST_SAYS, {**FIRST_NEVER, "地方自治法": AUTONOMY, "地方税法": TAXES}, AFTER_THE_RULING
    ),
    "charges": Variant(
        {**FIRST_SAYS, "地方自治法": AUTONOMY},
        {**FIRST_NEVER, "地方税法": TAXES, "地方自治法の別の条": OTHER_AUTONOMY_ARTICLE},
        AFTER_THE_RULING,
    ),
    "local_tax": Variant(
        {**FIRST_SAYS, "地方税法": TAXES},
        {**FIRST_NEVER, "地方自治法": AUTONOMY, "地方税法の別の条": OTHER_TAX_ARTICLE},
        AFTER_THE_RULING,
    ),
    "ruling_only": Variant(
        {**OPEN, "裁決の取消しの訴え": SUIT_AGAINST_RULING},
        {**FIRST_NEVER, "決定の取消しの訴え": OF_DECISION_OPEN},
        AFTER_THE_RULING,
    ),
}


def appeal(notice: Mapping[str, Any], wanted: Expectation, _faces: Faces) -> Finding:
    """The variant of the procedure's legal basis, with all that its text must say, and nothing of another's."""
    if wanted.appeal is None:
        return Finding("appeal", "warning", "手続きの根拠がわからないため、教示を確かめられません。")
    found = notice["appeal"] or {"variant": NONE, "text": ""}
    if mistake := _elsewhere(notice) or _mistake(found["variant"], found["text"], wanted.appeal, wanted):
        return Finding("appeal", "error", mistake)
    none = wanted.appeal == NONE
    return Finding("appeal", "ok", "教示のいらない決定です" if none else "教示は手続きの根拠と合っています")


def old_law(notice: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    """行政不服審査法 of 2014 is in force since 2016-04-01."""
    text = normal((notice["appeal"] or {}).get("text", ""))
    if found := [old.name for old in OLD_LAW if old.words.search(text)]:
        return Finding("old_law", "error", f"教示に、平成28年3月までの法律の言葉「{found[0]}」があります。")
    return Finding("old_law", "ok", "教示に古い法律の言葉はありません")


def normal(text: str) -> str:
    """Numbers of every kind alike, and no spaces or line ends between the words."""
    return re.sub(r"\s", "", plain(text))


def _other_variant(wanted: str) -> str:
    if wanted == NONE:
        return "要綱による決定は処分ではないため、教示を付けません。"
    return "教示の種類が、手続きの根拠と合いません（行政不服審査法第８２条、行政事件訴訟法第４６条）。"


def _elsewhere(notice: Mapping[str, Any]) -> str:
    found = any(REMEDY_OPEN.search(normal(text)) for text in shown(notice))
    return "審査請求や訴えのことが、教示のほかのところに書かれています。" if found else ""


def _mistake(variant: str, text: str, right: str, wanted: Expectation) -> str:
    if variant != right or (right == NONE and text.strip()):
        return _other_variant(right)
    return "" if right == NONE else _mistake_in(_of_today(normal(text)), VARIANTS[right], wanted)


def _mistake_in(text: str, variant: Variant, wanted: Expectation) -> str:
    named = periods(text)
    if wrong := [str(one) for one in named if one not in variant.needs + variant.may] + _other_lengths(text):
        return f"教示の「{wrong[0]}」は、この手続きの期間ではありません。"
    if missing := _missing(text, variant, wanted) + [str(one) for one in variant.needs if one not in named]:
        return f"教示に「{'」「'.join(missing)}」が書かれていません。"
    either = f"{text}。{flat(text)}"
    if other := [name for name, pattern in _never(variant, wanted).items() if pattern.search(either)]:
        return f"教示に、この手続きには当てはまらない「{other[0]}」があります。"
    return ""


def _other_lengths(text: str) -> list[str]:
    named = (found[1] + found[2][-1] for found in NAMED_LENGTH.finditer(text))
    return [length for length in named if length not in LAWFUL_LENGTHS] + [found[0] for found in UNREAD.finditer(text)]


def _missing(text: str, variant: Variant, wanted: Expectation) -> list[str]:
    says = {**variant.says, f"審査請求をする先（{wanted.office}）": _to_office(wanted)}
    missing = [name for name, pattern in says.items() if not pattern.search(text)]
    defendants = DEFENDANT.findall(text)
    if not defendants or not all(one.endswith(normal(wanted.town)) for one in defendants):
        missing.append(f"訴えの相手（{wanted.town}）")
    return missing


def _to_office(wanted: Expectation) -> re.Pattern[str]:
    return re.compile(f"{re.escape(normal(wanted.office))}に対して?[^。]*審査請求をする")


def _never(variant: Variant, wanted: Expectation) -> Patterns:
    office, town = re.escape(normal(wanted.office)), re.escape(normal(wanted.town))
    return {
        **variant.never,
        "審査請求ができないこと": NO_REVIEW,
        "審査請求と取消しの訴えのほかの手段": OTHER_REMEDY,
        "審査請求に対するものでない裁決": RULING_ON_WHAT,
        "期間のうちにできないこと": NOT_WITHIN,
        "期間の後にできること": AFTER_ALL,
        "審査請求をする別の先": re.compile(rf"({OFFICES})(?<!{office})に対し(?!、?訴え)"),
        "町を代表する別の者": re.compile(
            rf"(?<!{town})を代表する者は|を代表する者は、?(?!{office}(と|で|、|\)|。))"
        ),
    }


def _of_today(text: str) -> str:
    """As if the old words were today's, so that each mistake has one finding."""
    for old in OLD_LAW:
        text = old.words.sub(old.today, text)
    return text
