"""The notice compiler (点検): reads a notice before the decision, so that what is approved is what can be sealed.

Each rule gives one finding: ok, warning or error, with a sentence for staff.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.messages import Finding
from services.signing.fonts import Faces, code_points
from services.signing.rendering import missing_glyphs

# Before 2016-04-01; only inside the 教示: 「完了後60日以内に報告」 elsewhere is right (practice C21).
OLD_LAW = ("異議申立て", "６０日以内", "60日以内", "六十日以内")
HALF_WIDTH = str.maketrans("０１２３４５６７８９，", "0123456789,")
AMOUNT = re.compile(r"金?([0-9][0-9,]*)円")
REVIEW, SUIT = "審査請求", "取消しの訴え"
# What the text of each variant must speak of (行政不服審査法82条, 行政事件訴訟法46条).
SPEAKS_OF: Mapping[str, tuple[str, ...]] = {
    "both": (REVIEW, SUIT),
    "appeal_first": (REVIEW, SUIT, "裁決"),
    "ruling_only": (REVIEW, "裁決"),
    "charges": (REVIEW, SUIT),
    "local_tax": (REVIEW, SUIT),
}


@dataclass(frozen=True)
class Expectation:
    """What the town's data ask of this notice.  ``appeal``: the variant, "none", or None when nobody knows."""

    title: str
    legend: str | None
    appeal: str | None


def compile_notice(notice: Mapping[str, Any], wanted: Expectation, faces: Faces) -> tuple[Finding, ...]:
    """All findings, in the order of the paper."""
    return tuple(rule(notice, wanted, faces) for rule in RULES)


def may_be_sealed(findings: tuple[Finding, ...]) -> bool:
    """Whether no finding is an error."""
    return all(finding.severity != "error" for finding in findings)


def _addressee(notice: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    addressee = notice.get("addressee") or {}
    if not addressee.get("name"):
        return Finding("addressee", "error", "宛先の氏名がありません。")
    if not addressee.get("address"):
        return Finding("addressee", "warning", "宛先の住所がありません。")
    return Finding("addressee", "ok", "宛先の住所と氏名があります")


def _issuer(notice: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    issuer = notice.get("issuer") or {}
    if not issuer.get("title") or not issuer.get("name"):
        return Finding("issuer", "error", "発行者の職名か氏名がありません。")
    return Finding("issuer", "ok", f"発行者は{issuer['title']}です")


def _seal(notice: Mapping[str, Any], wanted: Expectation, _faces: Faces) -> Finding:
    if (notice.get("seal_legend") or None) != wanted.legend:
        return Finding("seal", "error", f"公印が文書の種類と合いません。正しくは{wanted.legend or '公印省略'}です。")
    return Finding("seal", "ok", f"公印は{wanted.legend}です" if wanted.legend else "公印を省略する文書です")


def _title(notice: Mapping[str, Any], wanted: Expectation, _faces: Faces) -> Finding:
    if notice.get("title") != wanted.title:
        return Finding("title", "error", f"題名が文書の種類と合いません。正しくは「{wanted.title}」です。")
    return Finding("title", "ok", "題名は文書の種類と合っています")


def _amount(notice: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    amount = (notice.get("summary") or {}).get("amount")
    if amount is None:
        return Finding("amount", "ok", "金額のない通知です")
    if amount not in set(_amounts(notice)):
        return Finding("amount", "error", f"まとめの金額{amount:,}円が、通知書の本文にありません。")
    return Finding("amount", "ok", "本文とまとめの金額は同じです")


def _reasons(notice: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    """行政手続法8条: fact, rule and application, at the same time."""
    reasons = notice.get("reasons")
    if reasons is None:
        return Finding("reasons", "ok", "理由を書く必要のない決定です")
    if not all(reasons.get(part) for part in ("fact", "rule", "application")):
        return Finding("reasons", "error", "理由には、事実・規定・当てはめの3つが必要です。")
    return Finding("reasons", "ok", "理由に事実・規定・当てはめがあります")


def _appeal(notice: Mapping[str, Any], wanted: Expectation, _faces: Faces) -> Finding:
    appeal = notice.get("appeal") or {}
    variant, text = appeal.get("variant", "none"), appeal.get("text", "")
    if wanted.appeal is None:
        return Finding("appeal", "warning", "手続きの根拠がわからないため、教示を確かめられません。")
    if variant != wanted.appeal:
        return Finding("appeal", "error", "教示の種類が、手続きの根拠と合いません。")
    if missing := [word for word in SPEAKS_OF.get(variant, ()) if word not in text]:
        return Finding("appeal", "error", f"教示に「{'」「'.join(missing)}」がありません。")
    return Finding("appeal", "ok", "教示は手続きの根拠と合っています" if text else "教示のいらない決定です")


def _old_law(notice: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    text = (notice.get("appeal") or {}).get("text", "")
    if found := [word for word in OLD_LAW if word in text]:
        return Finding("old_law", "error", f"教示に、平成28年3月までの法律の言葉「{found[0]}」があります。")
    return Finding("old_law", "ok", "教示に古い法律の言葉はありません")


def glyphs(notice: Mapping[str, Any], _wanted: Expectation, faces: Faces) -> Finding:
    """Every character can be printed: of notices and contracts alike."""
    missing = missing_glyphs(notice, faces)
    if missing:
        named = "、".join(f"「{cluster}」（{code_points(cluster)}）" for cluster in missing)
        return Finding("glyphs", "error", f"次の文字は、どの書体にもないため印字できません：{named}")
    return Finding("glyphs", "ok", "すべての文字を正しい字形で印字できます")


def _amounts(value: Any) -> Iterator[int]:
    """Every amount of money in the texts that the paper shows."""
    shown = (value.get("preamble", ""), *(item["value"] for item in value.get("items") or ()))
    for text in shown:
        for match in AMOUNT.finditer(text.translate(HALF_WIDTH)):
            yield int(match[1].replace(",", ""))


Rule = Callable[[Mapping[str, Any], Expectation, Faces], Finding]
RULES: tuple[Rule, ...] = (_addressee, _issuer, _seal, _title, _amount, _reasons, _appeal, _old_law, glyphs)
