"""The words of delivery's pages that are not in a template, and what its forms ask."""

from datetime import date

from services.chassis.web import Mistake
from services.chassis.web.forms import Typed, day_of, empty, folded_digits
from services.delivery.domain.appeals import RemedyKind
from services.delivery.domain.paper import Posting, PostingNumberError

NOT_FOUND = "このお知らせは見つかりません。"
NO_APPLICATION = "この受付番号の申請は見つかりません。"
REMEDIES: dict[RemedyKind, str] = {
    "review": "町に見直しを求める（審査請求）",
    "suit": "裁判所に訴える（取消訴訟）",
    "ruling_suit": "裁判所に訴える（裁決の取消訴訟）",
}


def file_name(document_number: str) -> str:
    """Under which the PDF is saved: the document's number, nobody's name."""
    return f"通知書_{document_number}.pdf"


NOT_TO_POST = "この文書は見つかりません。紙で送る文書は、担当の係の人だけが見られます。"
STAFF_ONLY = "この画面は、町の職員だけが見られます。"
NUMBER, DAY = "引受番号", "郵便局に出した日"
MISTYPED = "引受番号の数字がちがうようです。受領証と見くらべて、入力し直してください。"
WRONG_LENGTH = "引受番号は、受領証にある11けたの数字で入力してください。例：123-45-67890-3"
WRONG_DAY = "郵便局に出した日を確かめてください。例：8年11月26日"
NOT_THIS_DAY = "郵便局に出した日は、通知書に署名した日から今日までの日にしてください。"
OTHER_POSTING = "この通知書は、別の引受番号で送ったと、先に記録されています。いまの内容を読みこみました。"
WHY_PAPER = {
    "no_consent": "申請のときに、紙で受け取ることを選んだため",
    "consent_ended": "申請のあとに、紙で受け取ることに変えたため",
}


def posting_of(typed: Typed) -> tuple[Posting | None, list[Mistake]]:
    """What the office typed, and what is wrong with it."""
    day, mistakes = day_of(typed, "on"), []
    number = folded_digits("".join(typed.get("number", [])[:1]))
    try:
        posting = Posting.of(number, day or date.min)
    except PostingNumberError as error:
        mistakes.append(Mistake("number", (MISTYPED if error.mistyped else WRONG_LENGTH) if number else empty(NUMBER)))
    if day is None:
        mistakes.append(Mistake("on", WRONG_DAY, "on-y"))
    return (None, mistakes) if mistakes else (posting, [])


def copy_name(document_number: str) -> str:
    """Of the window that shows a copy."""
    return f"写し {document_number}"
