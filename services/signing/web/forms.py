"""The words of signing's pages that are not in a template, and what its forms ask."""

from collections.abc import Mapping

from services.chassis.web import Mistake
from services.chassis.web.forms import empty, too_long

KEEPER_ONLY = "この画面は、公印管守者だけが見られます。"
NOT_FOUND = "この文書は見つかりません。"
LONGEST_REASON = 400
WHY_REFUSED, WHY_ENDED, WHAT_WAS_DONE = "認めない理由", "やめる理由", "確かめて、直したこと"
STATES = {"waiting": "公印の承認待ち", "permitted": "署名中", "refused": "承認しなかったもの", "signed": "署名ずみ"}
COLORS = {"waiting": "warn", "permitted": "key", "refused": "", "signed": "ok"}
OUTCOMES = {
    "granted": "認める",
    "partly": "一部を認める",
    "refused": "認めない",
    "dismissed": "却下",
    "contract": "契約を結ぶ",
}
ACTS = {"draft": "起案", "approve": "承認", "decide": "決裁"}
SERVERS = {
    "tsa": "時刻認証局",
    "signer": "署名の鍵を使う装置",
    "crl": "認証局の失効リスト",
    "store": "文書を保存する2つの拠点",
    "press": "通知書を組む処理",
    "clock": "時計の修正",
    "pin": "鍵の暗証番号の修正",
    "token_full": "鍵を入れた装置の空き",
    "font": "通知書の書体",
    "mail": "メール",
    "broker": "システムの間の連絡",
}
ERRORS = {
    "GlyphMissingError": "印字できない文字があります。",
    "UnknownDocumentTypeError": "文書の種類が、公印規程の別表にありません。",
    "SealCertificateError": "公印の証明書が、有効期間のうちにありません。署名していません。",
    "SealedFileNotValidError": "署名した結果が、町の検査に通りませんでした。文書は出していません。",
    "SignatureMismatchError": "署名の鍵と証明書が合いません。",
    "SignerRefusedError": "同じ文書に、ちがう内容の署名が求められました。署名していません。",
    "DocumentNumberError": "文書番号が、町の番号の形ではありません。署名していません。",
    "IssuedTooEarlyError": "施行の日付が、申請か決裁の日より前です。署名していません。",
    "IssuedInFutureError": "施行の日付が、今日より後です。機械の時計を確かめてください。署名していません。",
    "NotCanonicalError": "通知書のデータが、決められた形で書かれていません。",
    "NoticeShapeError": "通知書のデータの中身が、決められた形ではありません。署名していません。",
    "DocumentTypeDiffersError": "通知書の種類か題名が、決裁された文書の種類とちがいます。署名していません。",
    "NotPermittedError": "公印の承認がありません。",
    "NoLongerValidError": "保存している文書が、署名したときのものと合わないか、証明の期限が切れています。",
    "NotArchivedError": "新しい時刻の証明をつけても、検証に通りませんでした。時刻認証局の証明書を確かめてください。",
    "NotExtendedError": "新しいファイルが、前のファイルの続きになっていませんでした。",
    "DamagedDocumentError": "もとになる文書が、どちらの拠点でもこわれています。",
}


WAITING = {
    "clock": "機械の時計が、時刻認証局の時刻と合っていません",
    "pin": "電子公印の鍵の暗証番号がちがいます",
    "token_full": "電子公印の鍵を入れた装置に、空きがありません",
    "font": "通知書の書体が、署名する機械に入っていません",
}
REFUSED = "seal refused"
USES = {
    "seal permitted": "使用を承認",
    "seal permitted by standing permit": "包括の承認による使用",
    REFUSED: "使用を承認しない",
    "document signed": "電子署名",
    "contract and certificate signed": "電子署名（契約書と証明書）",
}
OF_THE_SYSTEM = "署名のしくみ（自動）"


def act(name: str) -> str:
    """What was done with a seal."""
    return USES.get(name, name)


def actor(sub: str, members: Mapping[str, str]) -> str:
    """Who did it.  ``members``: name by sub."""
    return members.get(sub, OF_THE_SYSTEM if sub == "signing" else sub)


def server(name: str) -> str:
    """What a permitted document waits for."""
    return SERVERS.get(name, name)


def waiting(name: str) -> str:
    """The same as a heading."""
    return WAITING.get(name) or f"{server(name)}の応答を待っています"


def error(code: str) -> str:
    """Why a document was not signed, in a sentence."""
    return ERRORS.get(code, "思いがけない問題で止まりました。")


def reason_mistakes(label: str, reason: str) -> list[Mistake]:
    """What is wrong with a reason.  ``label``: as its field is called."""
    if not reason.strip():
        return [Mistake("reason", empty(label))]
    if len(reason) > LONGEST_REASON:
        return [Mistake("reason", too_long(label, LONGEST_REASON, reason))]
    return []


def file_name(form: str, document_number: str, signed: bool) -> str:
    """Under which a PDF is saved: the document's number, nobody's name.  ``form``: of its type."""
    return f"{'契約書' if form == 'contract' else '通知書'}_{document_number}{'' if signed else '_見本'}.pdf"
