"""The words of the desk that are not in a template, what its forms ask, and what is said when an act is refused."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from services.approval.domain.act import Kind
from services.approval.domain.bylaws import Part
from services.approval.domain.case import State
from services.approval.domain.handover import Handover
from services.approval.domain.notice import Field, Outcome, Values
from services.chassis.clock import TOKYO, now, today
from services.chassis.delays import BATCH
from services.chassis.web import Mistake
from services.chassis.web.filters import wareki_text
from services.chassis.web.forms import Typed, amount_range, empty, folded_digits, number, too_long

NOT_FOUND = "この受付番号の案件は見つかりません。"
NOT_PARKED = "この引き継ぎの失敗は見つかりません。"
LONGEST_COMMENT, LONGEST_TEXT = 400, 1_000
LEAST_AMOUNT, MOST_AMOUNT = 1, 999_999_999
MOST_DIGITS = 12
FIELD = "field-"

STATES: Mapping[State, tuple[str, str]] = {
    State.ACCEPTED: ("受付", "key"),
    State.EXAMINING: ("審査中", "key"),
    State.CORRECTION_REQUESTED: ("補正中", "key"),
    State.IN_APPROVAL: ("回議中", "key"),
    State.SEAL_REFUSED: ("公印の承認なし", "warn"),
    State.WITHDRAWN: ("取下げ", ""),
    State.DECIDED: ("公印の承認待ち", "key"),
    State.PERMITTED: ("署名中", "key"),
    State.SIGNED: ("交付待ち", "key"),
    State.AVAILABLE: ("交付済（未開封）", "ok"),
    State.OPENED: ("到達・開封", "ok"),
    State.FALLBACK: ("書面交付（発送待ち）", "warn"),
    State.POSTED: ("書面交付（発送済）", "ok"),
}
ASKED = {
    State.ACCEPTED: "審査を始めます",
    State.EXAMINING: "起案します",
    State.CORRECTION_REQUESTED: "申請者の回答待ち　期限{until}",
    State.SEAL_REFUSED: "直して起案します",
    State.WITHDRAWN: "終わりました",
    State.DECIDED: "公印管守者を待っています",
    State.PERMITTED: "署名しています",
    State.SIGNED: "交付を待っています",
    State.AVAILABLE: "開くのを待っています",
    State.OPENED: "終わりました",
    State.FALLBACK: "写しを印刷して、郵便で送ります",
    State.POSTED: "終わりました",
}
AGAIN = "{officer}さんが直して、起案し直します。"
NEXT = {
    State.ACCEPTED: "{section}の人が、審査を始めます。",
    State.EXAMINING: "{officer}さんが審査しています。",
    State.CORRECTION_REQUESTED: "申請者が、{until}までに答えます。待つ間は、標準処理期間に数えません。",
    State.SEAL_REFUSED: AGAIN,
    State.WITHDRAWN: "申請者が申請を取り下げました。この案件は終わりです。",
    State.DECIDED: "次は、公印管守者の承認です。",
    State.PERMITTED: "通知書に署名しています。",
    State.SIGNED: "署名した通知書を、受信箱に届けています。",
    State.AVAILABLE: "受信箱に届きました。申請者は、まだ開いていません。",
    State.OPENED: "申請者が通知書を開きました。この案件は終わりです。",
    State.FALLBACK: "申請者は、紙で受け取ります。{section}の人が、写しを印刷して郵便で送ります。",
    State.POSTED: "通知書を郵便で送りました。この案件は終わりです。",
}
OVERDUE = "申請者の回答の期限（{until}）が過ぎました。待つことも、{officer}さんが審査を進めることもできます。"
PARTS = {Part.APPROVE: "承認", Part.DECIDE: "決裁"}
KINDS = {
    Kind.EXAMINE: "審査",
    Kind.DRAFT: "起案",
    Kind.APPROVE: "承認",
    Kind.DECIDE: "決裁",
    Kind.SEND_BACK: "差戻し",
    Kind.REQUEST_CORRECTION: "補正の求め",
    Kind.GO_ON: "審査の続行",
}
ACTS = {
    Kind.EXAMINE: "審査を始めました",
    Kind.DRAFT: "起案しました",
    Kind.APPROVE: "承認しました",
    Kind.DECIDE: "決裁しました",
    Kind.SEND_BACK: "差し戻しました",
    Kind.REQUEST_CORRECTION: "補正を求めました",
    Kind.GO_ON: "補正を待たずに審査を進めました",
}
# What a list can be narrowed to: days from today until the last day.
WITHIN = {"soon": 3, "late": -1}
HOUR, DAY = 60, 24 * 60
# Five tries at 1, 2, 4 and 8 seconds, and the way there and back.
FAILS_WITHIN = timedelta(minutes=5)
SERVICES = {"intake": "受付", "approval": "決裁", "signing": "署名", "delivery": "交付", "archive": "保存"}
FACTS = {
    "application_submitted": "申請の受け付け",
    "application_corrected": "補正の回答",
    "correction_requested": "補正の求め",
    "examination_started": "審査の開始",
    "decision_drafted": "起案",
    "draft_checked": "通知書の点検",
    "decision_made": "決裁",
    "seal_permitted": "公印の承認",
    "seal_refused": "公印の不承認",
    "document_signed": "通知書の署名",
    "notice_delivered": "通知書の交付",
    "notice_opened": "通知書の開封",
    "notice_arrived": "通知書の到達",
    "delivery_chosen": "受け取り方の変更",
    "delivery_failed": "書面交付への切り替え",
    "paper_posted": "書面の発送",
    "document_archived": "文書の保存",
    "contract_approved": "契約の決裁",
    "contract_offered": "事業者への契約書の提示",
    "contract_consented": "事業者の同意",
    "contract_declined": "事業者の不同意",
    "contract_expired": "同意の期限切れ",
    "contract_concluded": "契約の締結",
    "consent_code_requested": "確認コードの送信",
    "consent_given": "同意の時刻の証明",
    "handling_parked": "引き継ぎの失敗",
    "handling_delayed": "待ちの知らせ",
    "handling_resumed": "待ちの終わりの知らせ",
    "retry_requested": "もう一度送る指示",
    "replica_lost": "片方の拠点の文書の欠け",
    "replica_repaired": "片方の拠点の文書の修復",
}
# Outside servers, as a Waiting names them.
SERVERS = {
    "broker": "サービスの間の連絡のサーバー",
    "store": "文書の保存先（2つの拠点）",
    "tsa": "時刻の証明のサーバー",
    "crl": "証明書の失効を知らせるサーバー",
    "pin": "電子公印の鍵の暗証番号の修正",
    "token_full": "電子公印の鍵を入れた装置の空き",
    "font": "署名する機械に入っていない、通知書の書体",
    "clock": "時計の修正（機械の時計が、時刻の証明のサーバーと合いません）",
    "signer": "電子署名の装置",
    "press": "通知書を作る装置",
    "mail": "メールのサーバー",
}
ERRORS = {
    "ContentDiffersError": "点検した通知書が、起案した内容とちがいます。",
    "DamagedDocumentError": "もとになる文書が、どちらの拠点でもこわれています。",
    "UnknownCorrectionError": "この町が求めていない補正の回答です。",
    "UnreadableFormError": "申請書の中身を読み取れません。",
    "UnknownProcedureError": "手続きの定義に、この申請の版がありません。",
    "UnknownDocumentTypeError": "文書の種類が、町の定義にありません。",
    "NotCanonicalError": "通知書のデータが、決められた形で書かれていません。",
    "NoticeShapeError": "通知書のデータの中身が、決められた形ではありません。",
    "DocumentTypeDiffersError": "通知書の種類か題名が、決裁された文書の種類とちがいます。",
    "GlyphMissingError": "印字できない文字があります。",
    "MailRefusedError": "メールサーバーが、あて先を受け付けません。",
    "NotTheConsentedDocumentError": "署名する契約書が、事業者の同意した契約書とちがいます。",
    "SealCertificateError": "公印の証明書が、有効期間のうちにありません。",
    "SealedFileNotValidError": "署名した結果が、町の検査に通りませんでした。",
}


def moment(at: datetime) -> str:
    """10時32分; on another day 11月22日（日）10時32分."""
    local = at.astimezone(TOKYO)
    return f"{local.hour}時{local.minute}分" if local.date() == today() else wareki_text(at)


def clean(text: str) -> str:
    """Without what cannot be seen or kept; line breaks as the browser showed them."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(char for char in line if char.isprintable() or char == "　") for line in lines).strip()


def comment_mistakes(comment: str, *, needed: bool) -> list[Mistake]:
    """What is wrong with a comment (意見), or with the reason for sending back."""
    label = "差し戻す理由" if needed else "意見"
    if needed and not comment:
        return [Mistake("comment", empty(label))]
    if len(comment) > LONGEST_COMMENT:
        return [Mistake("comment", too_long(label, LONGEST_COMMENT, comment))]
    return []


def offered(values: Values) -> Typed:
    """Values as the fields of the draft show them."""
    return {FIELD + name: [f"{value:,}" if isinstance(value, int) else value] for name, value in values.items()}


def read_values(outcome: Outcome, typed: Typed) -> tuple[dict[str, int | str], list[Mistake]]:
    """The fields of an outcome, and what is wrong with them."""
    values: dict[str, int | str] = {}
    mistakes: list[Mistake] = []
    for field in outcome.fields:
        text = clean("".join(typed.get(FIELD + field.id, [])[:1]))
        said = _mistake(field, text)
        if said:
            mistakes.append(Mistake(FIELD + field.id, said))
        else:
            values[field.id] = _amount(text) if field.kind == "amount" else text
    return values, mistakes


def _mistake(field: Field, text: str) -> str:
    if not text:
        return empty(field.label)
    if field.kind == "text":
        return too_long(field.label, LONGEST_TEXT, text) if len(text) > LONGEST_TEXT else ""
    if not _digits(text).isascii() or not _digits(text).isdigit():
        return number(field.label)
    if len(_digits(text)) > MOST_DIGITS or not LEAST_AMOUNT <= _amount(text) <= MOST_AMOUNT:
        return amount_range(field.label, LEAST_AMOUNT, MOST_AMOUNT)
    return ""


def _digits(text: str) -> str:
    return folded_digits(text).removesuffix("円")


def _amount(text: str) -> int:
    return int(_digits(text))


def what_stopped(handover: Handover) -> str:
    """Which service could not take what over, in plain words."""
    service = SERVICES.get(handover.service, handover.service)
    return f"{service}が「{FACTS.get(_fact(handover.fact), handover.fact)}」を引き継げませんでした"


def why_stopped(handover: Handover) -> str:
    """The error in plain words, with its name for those who look into it."""
    return f"{ERRORS.get(handover.error, '思いがけない問題が起きました。')}（{handover.error}）"


def waits_for(server: str) -> str:
    """What is waited for, in plain words."""
    return SERVERS.get(server, server)


def how_many(count: int) -> str:
    """A service tells of so many of a kind at most, the oldest."""
    return f"{count}件以上" if count >= BATCH else f"{count}件"


def age(at: datetime) -> str:
    """3日前, 5時間前, 12分前."""
    minutes = int((now() - at).total_seconds()) // 60
    if minutes >= DAY:
        return f"{minutes // DAY}日前"
    return f"{minutes // HOUR}時間前" if minutes >= HOUR else f"{max(minutes, 0)}分前"


def is_resolved(handover: Handover, failed_again: bool) -> bool:
    """Whether work that was sent again has had the time to fail again, and has not."""
    return handover.asked_at is not None and not failed_again and now() - handover.asked_at > FAILS_WITHIN


def _fact(kind: str) -> str:
    """draft_checked of the CloudEvents type jp.todoke.signing.draft_checked.v1."""
    parts = kind.split(".")
    return parts[-2] if len(parts) > 1 else kind
