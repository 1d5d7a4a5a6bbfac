"""Notice data as approval composes it (shape: docs/notice.md)."""

from typing import Any

TSUJI_E0100 = "辻\U000e0100"
TSUJI_E0102 = "辻\U000e0102"
YOSHI = "\U00020bb7"
ADDRESS = "https://todoke.town.takahata.yamagata.example/verify/q/3kT0vB6xQ2mZr8Lw1YhN5g"

APPEAL = (
    "（教示）この決定に不服があるときは、この決定があったことを知った日の翌日から起算して３か月以内に、高畠町長に対して"
    "審査請求をすることができます（この決定があった日の翌日から起算して１年を経過したときは、することができません。）。\n"
    "また、この決定があったことを知った日の翌日から起算して６か月以内に、高畠町を被告として（訴訟において高畠町を代表する者は"
    "高畠町長となります。）、処分の取消しの訴えを提起することができます（この決定の日の翌日から起算して１年を経過したときは、"
    "提起することができません。）。なお、審査請求をした場合は、その裁決があったことを知った日の翌日から起算して６か月以内に"
    "提起することができます。"
)


def grant(**changes: Any) -> dict[str, Any]:
    """A right notice of a grant under a 規則 (a 処分: both appeals open)."""
    notice: dict[str, Any] = {
        "schema": "todoke.notice/1",
        "document_type": "subsidy-grant",
        "title": "補助金等交付決定通知書",
        "addressee": {"name": "髙橋 みのり", "address": "高畠町大字深沼1234番地5", "honorific": "様"},
        "letterhead": {"name": "高畠町", "address": "山形県東置賜郡高畠町大字高畠436番地"},
        "issuer": {"title": "高畠町長", "name": "五十嵐 誠一"},
        "seal": "mayor",
        "seal_legend": "高畠町長之印",
        "preamble": "令和８年１１月２４日付けで申請のあった令和８年度高畠町住宅リフォーム支援事業補助金については、"
        "高畠町補助金等の適正化に関する規則第５条の規定により、下記のとおり交付することに決定したので通知します。",
        "items": [
            {"label": "補助対象経費", "value": "金１，９８０，０００円"},
            {"label": "交付決定額", "value": "金１９８，０００円"},
            {
                "label": "実績報告の期限",
                "value": "工事が完了した日から起算して３０日を経過した日又は令和９年２月２６日",
            },
            {
                "label": "交付決定額の算定",
                "value": "",
                "table": {
                    "head": ["補助対象経費", "補助の割合", "交付決定額"],
                    "rows": [["金１，９８０，０００円", "１０分の１（１，０００円未満切捨て）", "金１９８，０００円"]],
                },
            },
        ],
        "conditions": [
            "工事の内容を変更し、又は中止しようとするときは、あらかじめ町長の承認を受けること。",
            "補助金を他の用途に使用しないこと。",
            "この決定の内容又は条件に違反したときは、決定の全部又は一部を取り消すことがあること。",
        ],
        "reasons": None,
        "appeal": {"variant": "both", "text": APPEAL},
        "contact": {"section": "高畠町 建設課 住宅係", "telephone": "0238-00-1234"},
        "legal_basis": "規則",
        "summary": {"verdict": "補助金の交付が決まりました", "amount": 198000, "next_steps": []},
        "retention": "5y",
        "procedure_id": "housing-reform",
        "procedure_name": "住宅リフォーム支援事業補助金",
        "reception_number": "R8-000001",
        "submitted_on": "2026-11-24",
    }
    return notice | changes


def addressed_to(name: str) -> dict[str, Any]:
    """The same to another person."""
    return grant(addressee={"name": name, "address": "高畠町大字高畠436番地", "honorific": "様"})
