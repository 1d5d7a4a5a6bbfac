"""Contract data as approval composes it (shape: docs/contract.md)."""

from typing import Any

ARTICLES = [
    ("総則", "甲及び乙は、この契約書に基づき、日本国の法令を守り、この契約を履行しなければならない。"),
    ("納入", "乙は、甲の指示する日時及び場所に、頭書の物品を納入するものとする。"),
    ("検査", "甲は、物品の納入を受けたときは、その日から起算して１０日以内に検査を行うものとする。"),
    ("代金の支払", "甲は、適法な請求書を受理した日から起算して３０日以内に代金を支払うものとする。"),
    ("権利義務の譲渡の禁止", "乙は、この契約により生ずる権利又は義務を第三者に譲渡してはならない。"),
    ("契約の解除", "甲は、乙がこの契約に違反したときは、この契約を解除することができる。"),
    ("損害の賠償", "乙は、その責めに帰すべき事由により甲に損害を与えたときは、これを賠償しなければならない。"),
    ("秘密の保持", "乙は、この契約の履行について知り得た秘密を他に漏らしてはならない。"),
    ("協議", "この契約に定めのない事項については、甲乙協議して定めるものとする。"),
    (
        "電磁的記録による契約",
        "この契約は、電磁的記録で作成し、乙が同意し、甲が電子署名をすることにより締結する。\n"
        "甲及び乙は、締結した電磁的記録及び合意締結証明書を、それぞれ保存する。",
    ),
]


def goods(**changes: Any) -> dict[str, Any]:
    """A right contract for goods."""
    contract: dict[str, Any] = {
        "schema": "todoke.contract/1",
        "document_type": "goods-contract",
        "title": "物品購入契約書",
        "contract_number": "R8-C000001",
        "kind": "goods",
        "subject": "学校給食用食材購入",
        "town": {
            "name": "高畠町", "address": "山形県東置賜郡高畠町大字高畠436番地", "title": "高畠町長",
            "person": "五十嵐 誠一",
        },
        "contractor": {
            "id": "okitama-seika", "name": "株式会社おきたま青果", "address": "山形県東置賜郡高畠町大字糠野目100番地",
            "title": "代表取締役", "person": "大沼 健", "subject": "c-okitama",
            "mail": "ohnuma@okitama-seika.example.jp",
        },
        "preamble": "高畠町（以下「甲」という。）と"
        "株式会社おきたま青果（以下「乙」という。）とは、次のとおり契約を締結する。",
        "items": [
            {"label": "契約金額", "value": "金１，２９６，０００円（うち消費税及び地方消費税の額　金９６，０００円）"},
            {"label": "履行期間", "value": "令和８年１２月１日から令和９年３月３１日まで"},
            {"label": "納入場所", "value": "高畠町学校給食共同調理場"},
            {"label": "契約保証金", "value": "免除"},
        ],
        "amount": 1296000,
        "articles": [{"heading": heading, "text": text * 2} for heading, text in ARTICLES],
        "closing": "この契約の成立を証するため、甲が電子署名を、"
        "乙が電磁的記録による同意を行い、各自その電磁的記録を保存する。",
        "seal": "mayor",
        "seal_legend": "高畠町長之印",
        "contact": {"section": "高畠町 教育総務課", "telephone": "0238-00-1236"},
        "retention": "5y",
        "section": "education",
        "answer_days": 14,
    }  # fmt: skip
    return contract | changes
