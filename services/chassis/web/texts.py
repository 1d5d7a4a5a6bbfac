"""The words of error pages.  The words of the frames are in the templates, marked for gettext with ``_()``."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType


@dataclass(frozen=True)
class ErrorText:
    """What happened (title), what it means, what to do."""

    title: str
    meaning: str
    advice: str


STALE_FORM = ErrorText(
    "もう一度送ってください",
    "画面を開いてから時間がたったため、いまの送信を受け取れませんでした。",
    "下のボタンで送れないときは、前の画面にもどって、もう一度送ってください。",
)
ERRORS: Mapping[int, ErrorText] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: ErrorText(
            "送られた内容を読み取れませんでした",
            "通信の途中で、内容が欠けたようです。",
            "前の画面にもどって、もう一度送ってください。",
        ),
        HTTPStatus.FORBIDDEN: ErrorText(
            "この画面は、見られません",
            "いまサインインしている人は、この画面を見ることができません。",
            "別の人としてサインインしているときは、サインアウトしてから、サインインし直してください。",
        ),
        HTTPStatus.NOT_FOUND: ErrorText(
            "画面が見つかりません",
            "アドレスがちがうか、画面が移っています。",
            "アドレスを確かめるか、最初の画面からさがしてください。",
        ),
        HTTPStatus.METHOD_NOT_ALLOWED: ErrorText(
            "この画面は、直接開けません",
            "前の画面のボタンから開く画面です。",
            "最初の画面から、もう一度進んでください。",
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ErrorText(
            "送られたものが大きすぎます",
            "ファイルは、1つ30 MBまで、全部で100 MBまで送れます。",
            "前の画面にもどって、ファイルを減らすか、小さくしてください。前につけたファイルと入力は残っています。",
        ),
        HTTPStatus.INTERNAL_SERVER_ERROR: ErrorText(
            "うまく動きませんでした",
            "町のシステムに問題が起きました。前に保存した内容は残っています。",
            "少し待って、もう一度ためしてください。くり返すときは、下の番号を電話で伝えてください。",
        ),
        HTTPStatus.SERVICE_UNAVAILABLE: ErrorText(
            "いま使えません",
            "町のシステムの一部が止まっています。前に保存した内容と、受け付けた申請は残っています。",
            "数分待って、もう一度ためしてください。",
        ),
    }
)
# The same for programmes (RFC 9457): title and detail.
PROBLEMS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: (
            "送られた内容を読み取れませんでした",
            "形が、このAPIの説明（openapi.json）とちがいます。",
        ),
        HTTPStatus.UNAUTHORIZED: ("サインインが必要です", "サインインしてから、もう一度送ってください。"),
        HTTPStatus.NOT_FOUND: ("見つかりません", "アドレスを確かめてください。"),
        HTTPStatus.METHOD_NOT_ALLOWED: ("この方法では使えません", "使える方法は、Allowヘッダーにあります。"),
        HTTPStatus.CONFLICT: ("いまは受け付けられません", "手続きの内容を、もう一度読みこんでください。"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
            "送られたものが大きすぎます",
            "大きなファイルがあるときは、画面から申請してください。",
        ),
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ("JSONで送ってください", "Content-Typeは、application/jsonです。"),
        HTTPStatus.UNPROCESSABLE_ENTITY: ("直していただきたいところがあります", "errorsの内容を確かめてください。"),
        HTTPStatus.INTERNAL_SERVER_ERROR: (
            "うまく動きませんでした",
            "町のシステムに問題が起きました。少し待って、同じIdempotency-Keyで、もう一度送ってください。",
        ),
        HTTPStatus.SERVICE_UNAVAILABLE: (
            "いま使えません",
            "町のシステムの一部が止まっています。少し待って、同じIdempotency-Keyで、もう一度送ってください。",
        ),
    }
)
