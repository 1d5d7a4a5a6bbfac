"""A refusal says why, at the same time: fact, rule and application (行政手続法8条, 高畠町行政手続条例8条)."""

import re
from collections.abc import Mapping
from typing import Any

from services.messages import Finding
from services.signing.compiler.expectation import Expectation
from services.signing.fonts import Faces

PARTS = {"fact": "事実", "rule": "根拠となる規定", "application": "規定へのあてはめ"}
# Says nothing: whoever reads it cannot answer (最高裁 平成23年6月7日, 一級建築士免許取消処分等取消請求事件).
EMPTY_WORDS = ("なし", "特になし", "無し", "同上", "上記のとおり", "別紙のとおり", "別紙", "略", "省略", "[-ー―－]+")
SAYS_NOTHING = re.compile(rf"[\s　。、.]*({'|'.join(EMPTY_WORDS)})?[\s　。、.]*")
# A rule is named: by an article, or at least by the law, ordinance, rule or outline that it stands in.
NAMED_RULE = re.compile(r"[0-9０-９一二三四五六七八九十百]+(条|項|号)|別表|附則|(法|令|条例|規則|規程|要綱|要領|基準)")
ACT, ORDINANCE = "行政手続法第８条", "高畠町行政手続条例第８条"


def reasons(notice: Mapping[str, Any], wanted: Expectation, _faces: Faces) -> Finding:
    """The three parts, each of which says something of its own."""
    found = notice["reasons"]
    if found is None and not wanted.reasons:
        return Finding("reasons", "ok", "理由を書く必要のない決定です")
    law = ACT if wanted.basis == "act" else ORDINANCE
    if missing := _missing(found or {}):
        return Finding("reasons", "error", f"理由に「{'」「'.join(missing)}」がありません（{law}）。")
    texts = [_plain((found or {})[part]) for part in PARTS]
    if len(set(texts)) < len(texts):
        return Finding("reasons", "error", f"理由の事実・規定・あてはめに、同じ文が2度あります（{law}）。")
    if not NAMED_RULE.search((found or {})["rule"]):
        return Finding("reasons", "error", f"理由の「根拠となる規定」に、どの規定かが書かれていません（{law}）。")
    return Finding("reasons", "ok", "理由に事実・規定・あてはめがあります")


def _missing(found: Mapping[str, Any]) -> list[str]:
    return [label for part, label in PARTS.items() if SAYS_NOTHING.fullmatch(str(found.get(part) or ""))]


def _plain(text: str) -> str:
    return re.sub(r"[\s　。、]", "", text)
