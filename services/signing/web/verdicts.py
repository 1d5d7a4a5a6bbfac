"""The words of the verifier: one of four plain verdicts, what it means, what to do, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.web import Mistake
from services.chassis.web.filters import file_size
from services.signing.verdict import BROKEN, TOO_COMPLEX, UNREADABLE, UNSIGNED, Found, Verdict

LARGEST = 30_000_000
BUSY = "いま、ほかの文書を確かめています。少し待って、もう一度ためしてください。"
NO_REPORT = "この検証結果は、もう保存できません。もう一度、PDFを選んで確かめてください。"
NO_CODE = "この符号の文書は、ありません。アドレスを確かめるか、受信箱のPDFを「通知書を確かめる」で選んでください。"
CHOOSE = "PDFのファイルを選んでください。"
EMPTY = "「{}」には何も入っていません。ほかのファイルを選んでください。"
TOO_LARGE = "「{}」は{}あります。{}までのファイルにしてください。"


@dataclass(frozen=True)
class Words:
    """``type``: of the verdict's panel.  ``title``: with phrase breaks.  ``advice``: what to do next."""

    type: str
    title: str
    meaning: str
    advice: str


# The four verdicts (docs/decisions/0071).
GENUINE, ALTERED, UNSURE = "本物です", "書きかえられて|います", "確かめられません"
NOT_THERE = "署名がありません・|読めません"
ASK_THE_ISSUER = "この文書を出したところに、電話などでたずねてください。"
VALID = Words(
    "granted",
    GENUINE,
    "出したあとに書きかえられていません。",
    "このまま使えます。ほかの人に渡すときは、印刷せずに、PDFのまま渡してください。",
)
INVALID = Words(
    "invalid",
    ALTERED,
    "署名したあとに、中身が変わっています。",
    "この文書は使わないでください。受信箱から保存し直すと、元の文書が手に入ります。わからないときは、町に電話してください。",
)
REVOKED = Words("unknown", UNSURE, "署名に使った証明書が、有効ではありません。", ASK_THE_ISSUER)
UNKNOWN = Words(
    "unknown",
    UNSURE,
    "本物かどうかを、ここでは決められません。書きかえられたという意味ではありません。",
    ASK_THE_ISSUER,
)
NO_SIGNATURE = Words(
    "unknown",
    NOT_THERE,
    "電子署名のないPDFです。本物かどうかは、わかりません。",
    "印刷した紙を写した画像や、別のアプリで保存し直したPDFには、署名が残りません。元のファイルを選んでください。",
)
NOT_READABLE = Words(
    "unknown",
    NOT_THERE,
    "このファイルは読めません。PDFでないか、ファイルがこわれています。",
    "PDFのファイルを選んでください。途中で切れたときは、保存し直してください。",
)
DOUBTS = {UNSIGNED: NO_SIGNATURE, UNREADABLE: NOT_READABLE}
OF_THE_CERTIFICATE = frozenset({"REVOKED", "NOT_YET_VALID", "EXPIRED"})
REASONS = {
    UNSIGNED: "電子署名がありません。",
    UNREADABLE: "PDFとして読めません。",
    BROKEN: "署名の部分がこわれています。",
    TOO_COMPLEX: "ファイルのつくりが複雑で、決めた時間のうちに調べ終わりませんでした。",
    "HASH_FAILURE": "文書の中身が、署名したときとちがいます。",
    "SIG_CRYPTO_FAILURE": "署名の値が、証明書の鍵と合いません。",
    "FORMAT_FAILURE": "署名の形式がこわれています。",
    "BYTES_AFTER_SIGNATURE": "署名のあとに、何かが書き足されています。",
    "MODIFIED": "署名のあとに、文書が変えられています。",
    "DOCMDP": "署名のあとに、許されていない変更があります。",
    "COVERAGE": "署名が、文書の全体を守っていません。",
    "REVOKED": "証明書は、署名の前に取り消されています。",
    "NOT_YET_VALID": "証明書の有効期間の前に署名されています。",
    "EXPIRED": "証明書の有効期間が終わっています。",
    "NO_CERTIFICATE_CHAIN_FOUND": "ここで知られていない認証局の証明書です。",
    "ISSUER_UNKNOWN": "ここで知られていない認証局の証明書です。",
    "TRY_LATER": "証明書が取り消されていないかを、いま調べられません。",
    "CHAIN_CONSTRAINTS_FAILURE": "ここで知られていない認証局の証明書です。",
    "SUBFILTER": "町の通知書とはちがう種類の電子署名です。",
    "CERTIFICATE_CHAIN_GENERAL_FAILURE": "証明書のつながりを確かめられません。",
    "REVOCATION_OUT_OF_BOUNDS_NO_POE": "証明書が取り消されていないかを、いま調べられません。",
}
CHANGED = "署名のあとに、文書が変えられています。"
REASONS |= {
    "ACTIVE": "開くと動きだす部分や、開くたびに変わる部分があります。",
    "FORM_FIELDS": "あとから書きこめる欄があります。",
    "ANNOTATIONS": "ページの上に、注釈が重ねてあります。",
    "HIDDEN_OBJECT": "見えないところに、別の中身が入っています。",
    "TIMESTAMP_CHAIN": "時刻の証明を確かめられません。",
    "PURPOSE": "証明書が、文書に署名するためのものではありません。",
    "DSS_FORM": CHANGED,
    "VALIDATION_DATA": "署名を確かめるための資料が、書きかえられています。",
    "COUNT": "署名の数が合いません。",
    "SIGNATURE_ELSEWHERE": "署名が、あるべき場所にありません。",
    "CERTIFICATION": "署名のあとの変更についての決まりが、こわれています。",
    "STARTXREF": "署名が、文書の全体を守っていません。",
    "HYBRID": "ファイルのつくりが、読む方法によって変わります。",
}
OF_CHANGES = (
    *("CHANGED", "ADDED", "OBJECT_REMOVED", "OLD_OBJECT", "CATALOG_REPLACED", "TRAILER", "REVISIONS"),
    "BYTES_BETWEEN",
)
OTHER_REASON = "署名の部分が、町の署名の形とちがいます。"


@dataclass(frozen=True)
class VerdictView:
    """What the page shows.  ``reasons``: (sentence, codes)."""

    verdict: Verdict
    words: Words
    name: str
    size: int
    reasons: Sequence[tuple[str, str]]

    @property
    def whose(self) -> str:
        """Who has signed, and for whom, where the name does not say so: as the authority has certified it."""
        verdict = self.verdict
        signatures = [one for one in verdict.found if one.kind == "signature"]
        organization = (signatures[-1].organization if signatures else "") or verdict.town
        return verdict.signer if organization in verdict.signer else f"{verdict.signer}（{organization}）"

    @property
    def others(self) -> Sequence[Found]:
        """Signatures and document timestamps besides the one that the page speaks of."""
        signatures = [one for one in self.verdict.found if one.kind == "signature"]
        return [one for one in self.verdict.found if one not in signatures[-1:]]

    @property
    def agreed(self) -> str:
        """What both examinations found."""
        return "どちらも「有効」" if self.verdict.status == "valid" else "「有効」と言えません"


def view_of(verdict: Verdict, name: str, size: int) -> VerdictView:
    """The verdict in plain words."""
    reasons: dict[str, list[str]] = {}
    for code in verdict.reasons:
        reasons.setdefault(reason_of(code), []).append(code)
    told = [(sentence, ", ".join(codes)) for sentence, codes in reasons.items()]
    return VerdictView(verdict, words_for(verdict), name, size, told)


def reason_of(code: str) -> str:
    """A code in words."""
    return REASONS.get(code) or (CHANGED if code.startswith(OF_CHANGES) else OTHER_REASON)


def words_for(verdict: Verdict) -> Words:
    """A certificate that is not in force is no forgery, and a file without signature no accusation."""
    if verdict.status == "valid":
        return VALID
    if verdict.status == "invalid":
        return REVOKED if OF_THE_CERTIFICATE.issuperset(verdict.reasons) else INVALID
    return next((DOUBTS[code] for code in verdict.reasons if code in DOUBTS), UNKNOWN)


def mistakes(name: str, data: bytes, size: int) -> list[Mistake]:
    """What is wrong with the file before it is examined."""
    if not name:
        return [Mistake("pdf", CHOOSE)]
    if not data:
        return [Mistake("pdf", EMPTY.format(name))]
    if size > LARGEST:
        return [Mistake("pdf", TOO_LARGE.format(name, file_size(size), file_size(LARGEST)))]
    return []
