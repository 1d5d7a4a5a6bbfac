"""Why an act on a case was not done, in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from services.approval.domain.act import (
    Act,
    CommentMissingError,
    MovedOnError,
    NotCheckedError,
    NotYoursError,
    OwnDraftError,
    WithdrawnError,
)
from services.approval.domain.bylaws import NoDeciderError
from services.approval.domain.correction import NothingAskedError, StillWaitingError, TooSoonError
from services.approval.domain.organisation import VacantPostError
from services.approval.web import asking, forms
from services.chassis.web.filters import wareki_text
from services.chassis.web.forms import empty

NameOf = Callable[[str], str]
CHANGED = "この案件は、画面を開いたあとに変わりました。いまの内容を読みこみました。"


@dataclass(frozen=True)
class Refusal:
    """``status``: of HTTP."""

    title: str
    text: str
    status: HTTPStatus


WRONG = Refusal(
    "このままでは施行できません",
    "点検で、誤りが見つかっています。差し戻して、起案した人に直してもらってください。",
    HTTPStatus.CONFLICT,
)
UNCHECKED = Refusal(
    "点検しています",
    "点検が終わると、進められます。少し待って、もう一度押してください。",
    HTTPStatus.CONFLICT,
)
OWN_DRAFT = Refusal(
    "自分の起案です",
    "自分が起案したものは、承認も決裁もできません。係のほかの人に、起案し直してもらってください。",
    HTTPStatus.FORBIDDEN,
)
NOBODY = Refusal(
    "決裁する人が決まりません",
    "事務決裁規程に、この件を決裁できる人がいません。起案は残していません。総務課に知らせてください。",
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
NO_REASON = Refusal("差し戻しませんでした", empty("差し戻す理由"), HTTPStatus.UNPROCESSABLE_ENTITY)

NOTHING_ASKED = Refusal(
    "補正を求めませんでした",
    "申請の内容が変わったので、選んだ質問がなくなりました。いまの内容で、もう一度選んでください。",
    HTTPStatus.CONFLICT,
)
TOO_SOON = Refusal("補正を求めませんでした", asking.TOO_SOON, HTTPStatus.UNPROCESSABLE_ENTITY)


def refusal(error: Exception, name_of: NameOf) -> Refusal:
    """What is said of a refused act.  ``name_of``: 鈴木さん for a sub."""
    return SAID[type(error)](error, name_of)


def moved_on(last: Act | None, name_of: NameOf) -> Refusal:
    """この案件は、10時32分に鈴木さんが承認しました。いまの内容を読みこみました。"""
    title, text = "画面を開いたあとに、変わりました", CHANGED
    if last is not None:
        when, act = forms.moment(last.at), forms.ACTS[last.kind]
        text = f"この案件は、{when}に{name_of(last.sub)}が{act}。いまの内容を読みこみました。"
    return Refusal(title, text, HTTPStatus.CONFLICT)


def not_yours(post_name: str) -> Refusal:
    """Whose turn it is; without a post it is the office's."""
    whose = f"いまは、{post_name}の番です。" if post_name else "審査と起案は、担当の係の人がします。"
    return Refusal("この操作はできません", f"{whose}あなたの役職では、この操作はできません。", HTTPStatus.FORBIDDEN)


def withdrawn(at: datetime) -> Refusal:
    """The applicant was first."""
    text = f"申請者が、{forms.moment(at)}に申請を取り下げました。することは、もうありません。"
    return Refusal("申請が取り下げられました", text, HTTPStatus.CONFLICT)


def still_waiting(answer_by: date) -> Refusal:
    """The applicant has the whole day."""
    text = f"申請者は、{wareki_text(answer_by)}まで答えられます。次の日から、待たずに進められます。"
    return Refusal("まだ、回答を待っています", text, HTTPStatus.CONFLICT)


def vacant(post: str) -> Refusal:
    """A vacant post is filled by 職務代理, never by 代決."""
    text = f"「{post}」の職が、空いています。総務課に、職務代理の発令を確かめてください。"
    return Refusal(NOBODY.title, text, NOBODY.status)


SAID: Mapping[type[Exception], Callable[[Any, NameOf], Refusal]] = {
    CommentMissingError: lambda *_: NO_REASON,
    NothingAskedError: lambda *_: NOTHING_ASKED,
    TooSoonError: lambda *_: TOO_SOON,
    StillWaitingError: lambda error, _: still_waiting(error.answer_by),
    MovedOnError: lambda error, name_of: moved_on(error.last, name_of),
    NoDeciderError: lambda *_: NOBODY,
    NotCheckedError: lambda error, _: WRONG if error.checked else UNCHECKED,
    NotYoursError: lambda error, _: not_yours(error.post_name),
    OwnDraftError: lambda *_: OWN_DRAFT,
    VacantPostError: lambda error, _: vacant(error.post),
    WithdrawnError: lambda error, _: withdrawn(error.at),
}
REFUSALS = tuple(SAID)
