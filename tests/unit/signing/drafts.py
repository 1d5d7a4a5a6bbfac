"""Right drafts of each kind, as the town's data ask for them, and how the corpus makes one wrong."""

import copy
from datetime import date
from pathlib import Path
from typing import Any

from services.approval.town import read_town as read_for_approval
from services.signing.compiler import Expectation, expectation
from services.signing.town import read_town
from tests.unit.signing import notices

FOLDER = Path(__file__).parents[3] / "infra" / "town"
TOWN, APPROVAL = read_town(FOLDER), read_for_approval(FOLDER)
DAY = date(2026, 11, 24)
VARIANTS = ("both", "appeal_first", "ruling_only", "charges", "local_tax")
REASONS = {
    "fact": "工事の着工の日（令和８年１１月２日）が、申請の日より前です。",
    "rule": "要綱第４条",
    "application": "同条が定める着工前の申請に当たりません。",
}
ROAD = [
    {"label": "占用の場所", "value": "町道1号線"},
    {"label": "占用の期間", "value": "令和9年1月12日から令和9年2月12日まで"},
]
LAWS = {
    "act": "道路法第33条第1項は、やむを得ない場合に限り許可を与えることができるとしています。",
    "ordinance": "高畠町情報公開条例第７条第２号",
}


def _of(document_type: str, procedure: str, **changes: Any) -> dict[str, Any]:
    basis = TOWN.basis(procedure, DAY)
    assert basis is not None
    return notices.grant(
        procedure_id=procedure,
        appeal=appeal_of(basis.appeal),
        **heading(document_type),
        **{"conditions": [], "items": [], "summary": {"verdict": "", "amount": None}, "reasons": None} | changes,
    )


def heading(document_type: str) -> dict[str, Any]:
    """What a notice has of its type."""
    kind = TOWN.type(document_type)
    return {
        "document_type": kind.id,
        "title": kind.title,
        "seal": kind.seal.id if kind.seal else None,
        "seal_legend": kind.seal.legend if kind.seal else None,
    }


def appeal_of(variant: str) -> dict[str, str] | None:
    """As approval writes it."""
    if variant == "none":
        return None
    found = APPROVAL.letterhead("subsidy-grant", variant, DAY).appeal
    assert found is not None
    return {"variant": found.variant, "text": found.text}


def _in_words(variant: str, old: str = "", new: str = "", more: str = "") -> dict[str, Any]:
    """Of a variant, with its text changed or longer."""
    text = (appeal_of(variant) or {})["text"]
    assert old in text
    words = {"variant": variant, "text": text.replace(old, new) + more}
    return GRANT | {"appeal": words, "procedure_id": f"of:{variant}"}


def _refused(document_type: str, procedure: str, rule: str = "要綱第４条", **changes: Any) -> dict[str, Any]:
    return _of(document_type, procedure, reasons=REASONS | {"rule": rule} | changes)


GRANT = notices.grant(appeal=appeal_of("both"))
RIGHT: dict[str, dict[str, Any]] = {
    "grant": GRANT,
    "grant to a variant of 辻": GRANT | {"addressee": GRANT["addressee"] | {"name": f"{notices.TSUJI_E0102} 花子"}},
    "grant to a character outside the basic plane": GRANT
    | {"addressee": GRANT["addressee"] | {"name": f"{notices.YOSHI}田 花子"}},
    "grant with 60日以内 outside the 教示": GRANT | {"conditions": ["工事の完了後６０日以内に報告すること。"]},
    "grant with 異議申立て outside the 教示": GRANT
    | {"conditions": ["近隣から異議申立てがあったときは、届け出ること。"]},
    "grant on the 29th of February": GRANT | {"conditions": ["令和１０年２月２９日までに報告すること。"]},
    "grant with the appeal in half width": GRANT
    | {"appeal": {"variant": "both", "text": (appeal_of("both") or {})["text"].replace("３か月", "3箇月")}},
    "grant with the appeal in kanji": GRANT
    | {"appeal": {"variant": "both", "text": (appeal_of("both") or {})["text"].replace("６か月", "六月")}},
    "grant with the older words of the suit": notices.grant(),
    "grant with the words of many towns": GRANT | {"appeal": {"variant": "both", "text": notices.APPEAL_OF_MANY}},
    "grant with the shortest words": GRANT | {"appeal": {"variant": "both", "text": notices.APPEAL_IN_SHORT}},
    "grant with the whole appeal in brackets": GRANT
    | {"appeal": {"variant": "both", "text": f"（教示　{notices.APPEAL.removeprefix('（教示）')}）"}},
    "appeal first, but for urgent cases": _in_words("appeal_first", more=notices.WITHOUT_A_RULING),
    "charges with the article": _in_words("charges", "地方自治法の規定", "地方自治法第２３１条の３第１０項の規定"),
    "tax from the receipt of the notice": _in_words("local_tax", "決定があったことを知った日", "通知書を受け取った日"),
    "grant on the last and first days of eras": GRANT
    | {"conditions": ["昭和６４年１月７日、平成元年１月８日、平成３１年４月３０日、令和元年５月１日の図面による。"]},
    "grant with dates in kanji, of our time and without a year": GRANT
    | {"conditions": ["令和９年２月２６日（金）、令和十年二月二十九日、2028年2月29日又は翌年２月２９日までに報告。"]},
    "grant that names a date of birth as a word": GRANT
    | {"conditions": ["生年月日及び交付の年月日を台帳に記載する。", "令和年間の図面による。"]},
    "refusal": _refused("subsidy-refusal", "housing-reform"),
    "refusal with reasons in few words": _refused(
        "subsidy-refusal",
        "housing-reform",
        rule="高畠町補助金等の適正化に関する規則による",
        fact="領収書なし。",
        application="費用が不明のため。",
    ),
    "refusal by a law with a short name": _refused("road-occupancy-refusal", "road-occupancy", rule="道路法による。"),
    "refusal that names the rule by an outline": _refused(
        "subsidy-refusal", "housing-reform", rule="住宅リフォーム支援事業補助金交付要綱の補助対象者の定め"
    ),
    "outline": _of(
        "subsidy-grant",
        "kitchen-waste",
        items=[{"label": "交付決定額", "value": "金２０，０００円"}],
        summary={"verdict": "", "amount": 20000},
    ),
    "outline, refused": _refused("subsidy-refusal", "kitchen-waste"),
    "road": _of("road-occupancy-permit", "road-occupancy", items=ROAD),
    "road-refusal": _refused("road-occupancy-refusal", "road-occupancy", rule=LAWS["act"]),
    "dog": _of("dog-registration", "dog-registration"),
    "dismissal": _refused("dismissal", "dog-registration", rule="狂犬病予防法第４条"),
    "nursery": _of("nursery-admission", "nursery-admission"),
    "nursery-waiting": _refused(
        "nursery-waiting",
        "nursery-admission",
        rule="児童福祉法第24条",
        fact="利用できる定員に空きがありません。",
        application="選考の結果、優先する順位に達しません。",
    ),
    "disclosure": _of("disclosure", "disclosure-request"),
    "disclosure-in-part": _refused("disclosure-in-part", "disclosure-request", rule=LAWS["ordinance"]),
    "non-disclosure": _refused("non-disclosure", "disclosure-request", rule=LAWS["ordinance"]),
} | {
    variant: GRANT | {"appeal": appeal_of(variant), "procedure_id": f"of:{variant}"}
    for variant in VARIANTS
    if variant != "both"
}


def wanted(notice: dict[str, Any]) -> Expectation:
    """What the town asks of the draft's own type and procedure; of the variants that no procedure has yet, by name."""
    kind, procedure = TOWN.type(notice["document_type"]), str(notice.get("procedure_id", ""))
    found = expectation(TOWN, kind, procedure, DAY)
    name, _, variant = procedure.partition(":")
    return Expectation(**found.__dict__ | {"appeal": variant, "basis": "act"}) if name == "of" else found


def wrong(draft: dict[str, Any]) -> dict[str, Any]:
    """The right draft that it names, with its one change."""
    notice = copy.deepcopy(RIGHT[draft["of"]])
    for path, value in draft.get("set", {}).items():
        put(notice, path, None if value == "NULL" else value)
    for path in draft.get("cut", ()):
        parent, name = _place(notice, path)
        del parent[name]
    for path, old, new in draft.get("swaps", [draft["swap"]] if "swap" in draft else []):
        parent, name = _place(notice, path)
        assert old in parent[name]
        parent[name] = parent[name].replace(old, new)
    if "add" in draft:
        path, more = draft["add"]
        parent, name = _place(notice, path)
        parent[name] += more
    if taken := draft.get("take"):
        part, _, variant = taken.partition(":")
        other = appeal_of(variant) or {}
        notice["appeal"] = other if part == "appeal_of" else notice["appeal"] | {"text": other["text"]}
    assert notice != RIGHT[draft["of"]]
    return notice


def put(notice: dict[str, Any], path: str, value: Any) -> None:
    """Set what stands at a path, as items.0.label."""
    parent, name = _place(notice, path)
    parent[name] = value


def _place(notice: Any, path: str) -> tuple[Any, Any]:
    *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
    for part in way:
        notice = notice[part]
    return notice, last
