"""The compiler's rules for contracts (点検): read before the decision, so that what is approved can be concluded."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from services.messages import Finding
from services.signing.compiler import Expectation, glyphs
from services.signing.compiler.days import impossible_days
from services.signing.compiler.kinds import Places, is_text, is_texts, is_yen, list_of, or_null, texts_with, wrong_place
from services.signing.compiler.paper import AMOUNT, HALF_WIDTH, seal, title
from services.signing.fonts import Faces

PARTS = {
    "town": {"name": "町の名前", "address": "町の住所", "title": "町長の職名", "person": "町長の氏名"},
    "contractor": {
        "id": "事業者の番号", "name": "事業者の名前", "address": "事業者の住所", "title": "代表者の職名",
        "person": "代表者の氏名", "subject": "サインインする人", "mail": "メールアドレス",
    },
}  # fmt: skip
ELECTRONIC = "電磁的記録"
NUMBER = re.compile(r"R\d+-C\d{6}")
MOST_ANSWER_DAYS = 90
PLACES: Places = {
    **dict.fromkeys(("document_type", "title", "preamble", "closing", "subject"), is_text),
    **dict.fromkeys(("seal", "seal_legend", "contract_number"), or_null(is_text)),
    **dict.fromkeys(("town", "contractor", "contact"), or_null(is_texts)),
    "items": list_of(texts_with("label", "value")),
    "articles": list_of(texts_with("heading", "text")),
    "amount": or_null(is_yen),
}
Rule = Callable[[Mapping[str, Any], Expectation, Faces], Finding]


def compile_contract(contract: Mapping[str, Any], wanted: Expectation, faces: Faces) -> tuple[Finding, ...]:
    """All findings, in the order of the paper; of data that have another shape, that only."""
    if wrong := wrong_place(contract, PLACES):
        return (Finding("shape", "error", f"契約書のデータの「{wrong}」が、決められた形ではありません。"),)
    return tuple(rule(contract, wanted, faces) for rule in RULES)


def _parties(contract: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    missing = [
        label
        for party, parts in PARTS.items()
        for name, label in parts.items()
        if not (contract.get(party) or {}).get(name)
    ]
    if missing:
        return Finding("parties", "error", f"{'、'.join(missing)}がありません。")
    return Finding("parties", "ok", "甲と乙の住所と名前があります")


def _number(contract: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    if not NUMBER.fullmatch(contract.get("contract_number") or ""):
        return Finding("number", "error", "契約番号がありません。")
    return Finding("number", "ok", f"契約番号は{contract['contract_number']}です")


def _amount(contract: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    amount = contract.get("amount")
    if amount is None:
        return Finding("amount", "ok", "単価で決める契約です")
    if amount not in set(_amounts(contract)):
        return Finding("amount", "error", f"契約金額{amount:,}円が、契約書の表にありません。")
    return Finding("amount", "ok", "契約金額は、契約書の表と同じです")


def _articles(contract: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    articles = contract.get("articles") or []
    if not articles or not all(one.get("heading") and one.get("text") for one in articles):
        return Finding("articles", "error", "条文がないか、見出しか本文の欠けた条文があります。")
    return Finding("articles", "ok", f"条文が{len(articles)}条あります")


def _electronic(contract: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    """What both sign must say that the electronic record is the contract (地方自治法234条5項)."""
    if not any(ELECTRONIC in one.get("text", "") for one in contract.get("articles") or []):
        return Finding("electronic", "error", "電磁的記録で契約を結ぶことを定めた条文がありません。")
    return Finding("electronic", "ok", "電磁的記録で契約を結ぶことを定めた条文があります")


def _dates(contract: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    days = contract.get("answer_days")
    if type(days) is not int or not 1 <= days <= MOST_ANSWER_DAYS:
        return Finding("dates", "error", f"同意の期限は、1日から{MOST_ANSWER_DAYS}日までで決めてください。")
    if wrong := [day for item in contract.get("items") or () for day in impossible_days(item["value"])]:
        return Finding("dates", "error", f"「{wrong[0]}」という日はありません。")
    return Finding("dates", "ok", "日付は正しい日です")


def _amounts(contract: Mapping[str, Any]) -> Iterator[int]:
    for item in contract.get("items") or ():
        for match in AMOUNT.finditer(item["value"].translate(HALF_WIDTH)):
            yield int(match[1].replace(",", ""))


RULES: tuple[Rule, ...] = (_parties, _number, seal, title, _amount, _articles, _electronic, _dates, glyphs)
