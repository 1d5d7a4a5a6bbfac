"""Notice data are of one shape (docs/notice.md), canonical, and free of what is added at the issue only."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from services.chassis.canonical import canonical_json
from services.messages import Finding
from services.signing.compiler.kinds import (
    Places,
    is_day,
    is_entry,
    is_id,
    is_mapping,
    is_text,
    is_texts,
    is_yen,
    list_of,
    or_null,
    texts_but,
    texts_with,
    wrong_place,
)

SCHEMA = "todoke.notice/1"
# The approved hash is of what does not have these: they come with the issue (docs/notice.md).
OF_THE_ISSUE = ("document_number", "number", "issued_on", "date", "chain", "qr")
PLACES: Places = {
    "schema": lambda value: value == SCHEMA,
    "document_type": is_text,
    "title": is_text,
    "preamble": is_text,
    "legal_basis": is_text,
    "submitted_on": is_day,
    "procedure_id": is_id,
    "procedure_name": or_null(is_text),
    "reception_number": or_null(is_text),
    "retention": or_null(is_text),
    "seal": or_null(is_text),
    "seal_legend": or_null(is_text),
    "addressee": is_texts,
    "letterhead": or_null(texts_with("name", "address")),
    "issuer": is_texts,
    "items": list_of(is_entry),
    "conditions": list_of(is_text),
    "reasons": or_null(is_texts),
    "appeal": or_null(texts_with("variant", "text")),
    "contact": or_null(texts_with("section", "telephone")),
    "summary": is_mapping,
    "summary.verdict": or_null(is_text),
    "summary.amount": or_null(is_yen),
    "summary.next_steps": or_null(list_of(texts_with("title", "text"))),
    "summary.fees": or_null(list_of(texts_but("amount", or_null(is_yen)))),
    "summary.collect": or_null(list_of(texts_but("bring", or_null(list_of(is_text))))),
}


def canonical(text: bytes) -> bool:
    """Whether the bytes are the one form of their data, so that their hash is the hash of the content."""
    try:
        return canonical_json(json.loads(text)) == text
    except (ValueError, TypeError, RecursionError):
        return False


def shape(notice: Any) -> Finding:
    """Nothing that a rule or a page reads is missing or of another kind."""
    if not isinstance(notice, Mapping):
        return Finding("shape", "error", "データの全体が、決められた形ではありません。")
    if early := [name for name in _names(notice) if name in OF_THE_ISSUE]:
        text = f"番号・日付・決裁の記録は、施行のときに付きます。案に「{early[0]}」があります。"
        return Finding("shape", "error", text)
    if wrong := wrong_place(notice, PLACES):
        return Finding("shape", "error", f"通知書のデータの「{wrong}」が、決められた形ではありません。")
    return Finding("shape", "ok", "通知書のデータは決められた形です")


def _names(value: Any) -> Iterator[str]:
    """Every key, at every depth."""
    if isinstance(value, Mapping):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _names(one)
