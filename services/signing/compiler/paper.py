"""Rules about what stands on the paper: whom it is for, who issues it, the seal, the title, amounts and dates."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.messages import Finding
from services.signing.compiler.days import impossible_days
from services.signing.compiler.expectation import Expectation
from services.signing.fonts import Faces, code_points
from services.signing.rendering import missing_glyphs

HALF_WIDTH = str.maketrans("０１２３４５６７８９，", "0123456789,")
AMOUNT = re.compile(r"金?([0-9][0-9,]*)円")
# A name in braces, circles or a line, and a date of which the era only is written.
PLACEHOLDER = re.compile(r"\{[a-z_]+\}|[○◯●△▲＿_]{2,}|(令和|平成)[\s_＿]*年(?!間)|年[\s_＿]+月[\s_＿]*日")
DECIDED_AMOUNT = re.compile("(決定|確定|支給|給付|助成|還付)額")
DECIDED_HEAD = re.compile("(交付|支給)?(決定|確定|支給|給付|助成|還付)額")


def addressee(notice: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    """Somebody, with an address where there is one."""
    found = notice["addressee"]
    if not str(found.get("name") or "").strip():
        return Finding("addressee", "error", "宛先の氏名がありません。")
    if not str(found.get("address") or "").strip():
        return Finding("addressee", "warning", "宛先の住所がありません。")
    return Finding("addressee", "ok", "宛先の住所と氏名があります")


def issuer(notice: Mapping[str, Any], wanted: Expectation, _faces: Faces) -> Finding:
    """The office and its holder, and the town at the head of the paper."""
    found = notice["issuer"]
    if not str(found.get("title") or "").strip() or not str(found.get("name") or "").strip():
        return Finding("issuer", "error", "発行者の職名か氏名がありません。")
    if found["title"] != wanted.office:
        return Finding("issuer", "error", f"発行者の職名が「{found['title']}」です。正しくは「{wanted.office}」です。")
    head = notice.get("letterhead")
    if head and (head["name"], head["address"]) != (wanted.town, wanted.address):
        right = f"{wanted.town}　{wanted.address}"
        return Finding("issuer", "error", f"用紙の上の町名か所在地がちがいます。正しくは「{right}」です。")
    return Finding("issuer", "ok", f"発行者は{found['title']}です")


def seal(notice: Mapping[str, Any], wanted: Expectation, _faces: Faces) -> Finding:
    """公印規程: the seal of the document type, or （公印省略）; of contracts too."""
    named = notice.get("seal") or None, notice.get("seal_legend") or None
    if named != (wanted.seal, wanted.legend):
        return Finding("seal", "error", f"公印が文書の種類と合いません。正しくは{wanted.legend or '公印省略'}です。")
    return Finding("seal", "ok", f"公印は{wanted.legend}です" if wanted.legend else "公印を省略する文書です")


def title(notice: Mapping[str, Any], wanted: Expectation, _faces: Faces) -> Finding:
    """The document type that was asked for, and its title; of contracts too."""
    if notice.get("document_type") != wanted.document_type:
        return Finding("title", "error", f"文書の種類がちがいます。正しくは「{wanted.title}」の種類です。")
    if notice.get("title") != wanted.title:
        return Finding("title", "error", f"題名が文書の種類と合いません。正しくは「{wanted.title}」です。")
    return Finding("title", "ok", "題名は文書の種類と合っています")


def body(notice: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    """A sentence before 「記」, and no entry without its text, nor a place that was left to be filled in."""
    if not notice["preamble"].strip():
        return Finding("body", "error", "「記」の前の文がありません。")
    for item in notice["items"]:
        label = item["label"].strip()
        if not label or not (item["value"].strip() or item.get("table")):
            return Finding("body", "error", f"「{label or '（見出しなし）'}」に書かれていることがありません。")
    if left := [found[0] for text in _written(notice) if (found := PLACEHOLDER.search(text))]:
        return Finding("body", "error", f"うめられていないところ「{left[0]}」があります。")
    return Finding("body", "ok", "本文に空いているところはありません")


def amount(notice: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    """The page's summary says no other amount than the paper."""
    found = notice["summary"].get("amount")
    if found is None:
        return Finding("amount", "ok", "金額のない通知です")
    if found not in _amounts(notice) or any(found not in cell for cell in _decided_cells(notice)):
        return Finding("amount", "error", f"まとめの金額{found:,}円が、通知書の本文にありません。")
    return Finding("amount", "ok", "本文とまとめの金額は同じです")


def dates(notice: Mapping[str, Any], _wanted: Expectation, _faces: Faces) -> Finding:
    """Every date in the texts and the reasons is a day of the calendar, and of its era."""
    if wrong := [day for text in _written(notice) for day in impossible_days(text)]:
        return Finding("dates", "error", f"「{wrong[0]}」という日はありません。")
    return Finding("dates", "ok", "日付は正しい日です")


def glyphs(notice: Mapping[str, Any], _wanted: Expectation, faces: Faces) -> Finding:
    """Every character can be printed: of notices and contracts alike."""
    missing = missing_glyphs(notice, faces)
    if missing:
        named = "、".join(f"「{cluster}」（{code_points(cluster)}）" for cluster in missing)
        return Finding("glyphs", "error", f"次の文字は、どの書体にもないため印字できません：{named}")
    return Finding("glyphs", "ok", "すべての文字を正しい字形で印字できます")


def shown(notice: Mapping[str, Any]) -> Iterator[str]:
    """The texts of the paper's body, without reasons and 教示."""
    yield notice["preamble"]
    for item in notice["items"]:
        yield item["value"]
        yield from _cells(item)
    yield from notice["conditions"]


def _cells(item: Mapping[str, Any]) -> Iterator[str]:
    table = item.get("table") or {"head": [], "rows": []}
    yield from table["head"]
    for row in table["rows"]:
        yield from row


def _written(notice: Mapping[str, Any]) -> Iterator[str]:
    yield from shown(notice)
    yield from (notice["reasons"] or {}).values()


def _amounts(notice: Mapping[str, Any]) -> list[int]:
    """Of the entry that tells what was decided, where there is one with an amount; else of the whole text."""
    decided = [item["value"] for item in notice["items"] if DECIDED_AMOUNT.search(item["label"])]
    return _amounts_in(decided) or _amounts_in(shown(notice))


def _decided_cells(notice: Mapping[str, Any]) -> Iterator[list[int]]:
    """Amounts of the column of a table with one row that is called, like an entry, by what was decided."""
    tables = [item["table"] for item in notice["items"] if item.get("table")]
    for table in tables:
        for head, *cells in zip(table["head"], *table["rows"], strict=True):
            if len(cells) == 1 and DECIDED_HEAD.fullmatch(head) and (found := _amounts_in(cells)):
                yield found


def _amounts_in(texts: Iterable[str]) -> list[int]:
    found = (match for text in texts for match in AMOUNT.finditer(text.translate(HALF_WIDTH)))
    return [int(match[1].replace(",", "")) for match in found]
