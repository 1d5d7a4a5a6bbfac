"""The words of contracts at the desk, and of states, which both kinds of cases have."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.approval.domain.case import State
from services.approval.web import forms

NO_CONTRACT = "この契約は見つかりません。"
NOT_KNOWN = "契約の種類と相手方を、もう一度選んでください。"
# Why a contract is not concluded: a heading for its page, and a line of its way.
ENDS: Mapping[State, tuple[str, str]] = {
    State.DECLINED: ("事業者が同意しませんでした", "事業者の同意なし"),
    State.EXPIRED: ("期限までに同意がありませんでした", "期限が過ぎました"),
    State.NOT_SEALED: ("公印管守者が、公印の使用を承認しませんでした", "公印の承認なし"),
}
LATER = {
    State.OFFERED: "事業者への提示",
    State.CONSENTED: "事業者の同意",
    State.PERMITTED: "公印の承認",
    State.CONCLUDED: "締結",
}
EVENTS = {
    State.OFFERED: ("契約書を事業者に見せました", "mail"),
    State.CONSENTED: ("事業者が同意しました", "check"),
    State.PERMITTED: ("公印の使用が承認されました", "seal"),
    State.CONCLUDED: ("町が署名し、契約を結びました", "lock"),
    State.DECLINED: ("事業者が同意しませんでした", "back"),
    State.EXPIRED: ("同意の期限が過ぎました", "back"),
    State.NOT_SEALED: ("公印の使用が承認されませんでした", "back"),
}


@dataclass(frozen=True)
class Texts:
    """States in a word with its colour, what is asked in a list, and what comes next on the page."""

    states: Mapping[State, tuple[str, str]]
    asked: Mapping[State, str]
    next: Mapping[State, str]


APPLICATION = Texts(forms.STATES, forms.ASKED, forms.NEXT)
CONTRACT = Texts(
    {
        **forms.STATES,
        State.EXAMINING: ("起案中", "key"),
        State.DECIDED: ("提示の準備中", "key"),
        State.OFFERED: ("事業者の同意待ち", "key"),
        State.CONSENTED: ("公印の承認待ち", "key"),
        State.CONCLUDED: ("締結", "ok"),
        State.DECLINED: ("同意なし", "warn"),
        State.EXPIRED: ("期限切れ", "warn"),
        State.NOT_SEALED: ("公印の承認なし", "warn"),
    },
    {
        **forms.ASKED,
        State.DECIDED: "契約書を用意しています",
        State.OFFERED: "事業者が答えるのを待っています",
        State.CONSENTED: "公印管守者を待っています",
        State.CONCLUDED: "終わりました",
        State.DECLINED: "終わりました",
        State.EXPIRED: "終わりました",
        State.NOT_SEALED: "終わりました",
    },
    {
        **forms.NEXT,
        State.EXAMINING: "{officer}さんが起案しています。",
        State.DECIDED: "契約書を、事業者に見せる用意をしています。",
        State.OFFERED: "契約書を事業者に見せました。次は、事業者の同意です。",
        State.CONSENTED: "事業者が同意しました。次は、公印管守者の承認です。",
        State.PERMITTED: "契約書に署名しています。",
        State.CONCLUDED: "契約を結びました。この案件は終わりです。",
        State.DECLINED: "契約は結んでいません。この案件は終わりです。",
        State.EXPIRED: "契約は結んでいません。この案件は終わりです。",
        State.NOT_SEALED: "契約は結んでいません。この案件は終わりです。",
    },
)


def texts_of(kind: str) -> Texts:
    """Of an application, or of a contract."""
    return CONTRACT if kind == "contract" else APPLICATION
