"""The words of the contractor's pages."""

from collections.abc import Mapping

from services.chassis.web import Mistake
from services.chassis.web.forms import ONE_TIME_CODE, empty, folded_digits, too_long
from services.signing.domain.contracts import CODE_DIGITS, Answer

NOT_FOUND = "この契約は見つかりません。"
# The sentence that a consent is to, and its version: both are in the evidence.
SENTENCE_VERSION = "2026-11"
SENTENCE = "契約書を最後まで読み、その内容で契約することに同意します。"
LONGEST_REASON = 400
STATES = {
    "offered": "あなたの同意を待っています",
    "given": "町の手続きを待っています",
    "consented": "町の手続きを待っています",
    "concluded": "契約を結びました",
    "declined": "同意しませんでした",
    "expired": "期限が過ぎました",
    "refused": "町が取りやめました",
}
COLORS = {"offered": "ask", "given": "key", "consented": "key", "concluded": "ok"}
# The list's parts, in order: title, states.
PARTS = (
    ("あなたの同意を待っている契約", ("offered",)),
    ("町の手続きを待っている契約", ("given", "consented")),
    ("結んだ契約", ("concluded",)),
    ("同意しなかった契約", ("declined",)),
    ("期限が過ぎた契約", ("expired",)),
    ("町が取りやめた契約", ("refused",)),
)
CLOSED = {
    "given": "この契約には、もう同意しています。",
    "consented": "この契約には、もう同意しています。",
    "concluded": "この契約は、もう結ばれています。",
    "declined": "この契約には、同意しないと答えています。",
    "expired": "期限が過ぎたため、同意できません。町の担当に電話してください。",
}
TOO_SOON = "いま送ったばかりです。1分たってから、もう一度押してください。"
TOO_MANY = "コードを何度も送りました。1時間たってから、もう一度ためしてください。"
OTHER_DOCUMENT = "画面に出ていた契約書が、いまの契約書とちがいます。もう一度読んでから、やり直してください。"
ANSWERS: Mapping[Answer, str] = {
    "wrong": "確認コードがちがいます。メールの6けたの数字を、もう一度入力してください。あと{}回ためせます。",
    "spent": "このコードは、もう使えません。新しいコードを送ってください。",
    "expired": "確認コードの期限（10分）が過ぎました。新しいコードを送ってください。",
    "unsent": "確認コードを、まだ送っていません。少し待つか、コードを送るボタンを押してください。",
}


def code_mistakes(typed: str) -> list[Mistake]:
    """What is wrong with the form of a code."""
    if not typed:
        return [Mistake(ONE_TIME_CODE, empty("確認コード"))]
    if not (typed.isascii() and typed.isdigit() and len(typed) == CODE_DIGITS):
        return [Mistake(ONE_TIME_CODE, f"確認コードは、{CODE_DIGITS}けたの数字で入力してください。")]
    return []


def code_of(text: str) -> str:
    """A code as it is compared: full-width digits and spaces are no mistake."""
    return folded_digits(text.strip())


def answer_mistake(answer: Answer, left: int) -> Mistake:
    """Why a code was not taken."""
    return Mistake(ONE_TIME_CODE, ANSWERS[answer].format(left))


def reason_mistakes(reason: str) -> list[Mistake]:
    """What is wrong with the reason of a refusal: it may be empty."""
    return [Mistake("reason", too_long("理由", LONGEST_REASON, reason))] if len(reason) > LONGEST_REASON else []


def file_name(kind: str, contract_number: str) -> str:
    """Under which a PDF is saved."""
    return f"{kind}_{contract_number}.pdf"
