"""A refusal says why, at the same time: fact, rule and application (行政手続法8条, 高畠町行政手続条例8条)."""

from collections.abc import Mapping
from typing import Any

from services.messages import Finding
from services.signing.compiler.expectation import Expectation
from services.signing.compiler.naming import names_a_rule, says_nothing, words
from services.signing.fonts import Faces

PARTS = {"fact": "事実", "rule": "根拠となる規定", "application": "規定へのあてはめ"}
ACT, ORDINANCE = "行政手続法第８条", "高畠町行政手続条例第８条"


def reasons(notice: Mapping[str, Any], wanted: Expectation, _faces: Faces) -> Finding:
    """The three parts, each of which says something of its own."""
    found = notice["reasons"]
    if found is None and not wanted.reasons:
        return Finding("reasons", "ok", "理由を書く必要のない決定です")
    if mistake := _mistake(found or {}, wanted.town):
        law = ACT if wanted.basis == "act" else ORDINANCE
        return Finding("reasons", "error", f"{mistake}（{law}）。")
    return Finding("reasons", "ok", "理由に事実・規定・あてはめがあります")


def _mistake(found: Mapping[str, str], town: str) -> str:
    if missing := [label for part, label in PARTS.items() if says_nothing(found.get(part, ""))]:
        return f"理由に「{'」「'.join(missing)}」がありません"
    if len({words(found[part]) for part in PARTS}) < len(PARTS):
        return "理由の事実・規定・あてはめに、同じ文が2度あります"
    if not names_a_rule(found["rule"], town):
        return "理由の「根拠となる規定」に、どの規定かが書かれていません"
    return ""
