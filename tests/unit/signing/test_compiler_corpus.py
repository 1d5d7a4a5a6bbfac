"""The notice compiler refuses each wrong draft for its own reason and no other, and lets every right one pass."""

import copy
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.signing.compiler import compile_notice, may_be_sealed
from services.signing.fonts import load_faces
from services.signing.rendering import Order, layout_of
from tests.unit.signing.drafts import RIGHT, VARIANTS, put, wanted, wrong
from tests.unit.signing.glyphs import FONT_DIRS

WRONG = tomllib.loads((Path(__file__).parent / "corpus" / "wrong.toml").read_text("utf-8"))["draft"]
JUNK = [0, -1, True, 10**30, "", "二", [], [[]], {}, {"a": None}]
FULL = {
    "summary": {
        "verdict": "",
        "amount": None,
        "next_steps": [{"title": "待つ", "text": "待ちます。"}],
        "fees": [{"name": "手数料", "amount": 300, "unit": "", "about": "", "when": "", "how": ""}],
        "collect": [{"what": "写し", "where": "", "hours": "", "bring": ["印鑑"], "about": ""}],
    }
}
NAMES = [f"{one['code']}: {one['why']}" for one in WRONG]


def errors(notice: dict[str, Any], like: dict[str, Any]) -> list[tuple[str, str]]:
    """Code and sentence.  ``like``: the draft whose type and procedure say what is wanted."""
    findings = compile_notice(notice, wanted(like), load_faces(FONT_DIRS))
    return [(one.code, one.text) for one in findings if one.severity == "error"]


@pytest.mark.parametrize("draft", WRONG, ids=NAMES)
def test_a_wrong_draft_is_refused_for_its_own_reason_and_no_other(draft: dict[str, Any]) -> None:
    found = errors(wrong(draft), RIGHT[draft["of"]])
    assert [code for code, _ in found] == [draft["code"]], found
    assert found[0][1].endswith(("。", "）"))


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_draft_passes_without_error_or_warning(name: str) -> None:
    findings = compile_notice(RIGHT[name], wanted(RIGHT[name]), load_faces(FONT_DIRS))
    assert [one for one in findings if one.severity != "ok"] == []


def places(value: Any, way: str = "") -> Iterator[str]:
    """The path to everything in the data."""
    if isinstance(value, dict):
        value = list(value.items())
    elif isinstance(value, list):
        value = list(enumerate(value))
    else:
        value = []
    for name, one in value:
        yield f"{way}{name}"
        yield from places(one, f"{way}{name}.")


@pytest.mark.parametrize("junk", JUNK, ids=repr)
@pytest.mark.parametrize("name", ["grant", "refusal", "dog"])
def test_whatever_stands_at_a_place_is_a_finding_or_can_be_laid_out(name: str, junk: Any) -> None:
    faces = load_faces(FONT_DIRS)
    for path in places(RIGHT[name] | FULL):
        notice = copy.deepcopy(RIGHT[name] | FULL)
        put(notice, path, junk)
        findings = compile_notice(notice, wanted(RIGHT[name]), faces)
        if may_be_sealed(findings):
            layout_of(Order(notice, None), faces)


def test_the_corpus_is_as_large_as_it_must_be_and_says_nothing_twice() -> None:
    assert len(WRONG) >= 60
    assert len(RIGHT) >= 20
    assert len(set(NAMES)) == len(NAMES)
    made = [str(wrong(one)) + one["of"] for one in WRONG]
    assert len(set(made)) == len(made)


def test_every_rule_and_every_variant_is_in_the_corpus() -> None:
    codes = {one.code for one in compile_notice(RIGHT["grant"], wanted(RIGHT["grant"]), load_faces(FONT_DIRS))}
    assert codes == {one["code"] for one in WRONG}
    assert {(one["appeal"] or {"variant": "none"})["variant"] for one in RIGHT.values()} == {*VARIANTS, "none"}


def test_a_refusal_names_the_law_that_asks_for_reasons() -> None:
    for name, law in (("road-refusal", "行政手続法第８条"), ("refusal", "高畠町行政手続条例第８条")):
        ((_, text),) = errors(RIGHT[name] | {"reasons": None}, RIGHT[name])
        assert law in text
