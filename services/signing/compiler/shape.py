"""Notice data are of one shape (docs/notice.md), canonical, and free of what is added at the issue only."""

import json
from collections.abc import Mapping
from typing import Any

from services.chassis.canonical import canonical_json
from services.messages import Finding

SCHEMA = "todoke.notice/1"
TEXTS = ("document_type", "title", "preamble", "legal_basis", "submitted_on", "procedure_id")
PARTS = ("addressee", "issuer", "summary")
LISTS = ("items", "conditions")
MAY_BE_NULL = ("reasons", "appeal", "contact")
# The approved hash is of what does not have these: they come with the issue (docs/notice.md).
OF_THE_ISSUE = ("document_number", "number", "issued_on", "date", "chain", "qr")


def canonical(text: bytes) -> bool:
    """Whether the bytes are the one form of their data, so that their hash is the hash of the content."""
    try:
        return canonical_json(json.loads(text)) == text
    except (ValueError, TypeError):
        return False


def shape(notice: Mapping[str, Any]) -> Finding:
    """Nothing that a rule reads is missing or of another kind."""
    if early := [name for name in OF_THE_ISSUE if name in notice]:
        text = f"番号・日付・決裁の記録は、施行のときに付きます。案に「{early[0]}」があります。"
        return Finding("shape", "error", text)
    if wrong := _wrong(notice):
        return Finding("shape", "error", f"通知書のデータの「{wrong}」が、決められた形ではありません。")
    return Finding("shape", "ok", "通知書のデータは決められた形です")


def _wrong(notice: Mapping[str, Any]) -> str:
    if notice.get("schema") != SCHEMA:
        return "schema"
    kinds = dict.fromkeys(TEXTS, str) | dict.fromkeys(PARTS, Mapping) | dict.fromkeys(LISTS, list)
    for name, kind in kinds.items():
        if not isinstance(notice.get(name), kind):
            return name
    for name in MAY_BE_NULL:
        if notice.get(name) is not None and not _is_texts(notice[name]):
            return name
    if not all(_is_entry(one) for one in notice["items"]):
        return "items"
    return "" if all(isinstance(one, str) for one in notice["conditions"]) else "conditions"


def _is_texts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values())


def _is_entry(value: Any) -> bool:
    return _is_texts(value) and {"label", "value"} <= set(value)
