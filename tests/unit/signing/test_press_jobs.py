"""What the press says of drafts and orders that nobody of ours composes, before it lays anything out."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest

from services.approval.web import forms as of_the_desk
from services.chassis.canonical import canonical_json
from services.signing.press import PressRefusedError, SealOrder
from services.signing.press.jobs import check, seal
from services.signing.press.machine import Machine
from services.signing.web import forms as of_the_keeper
from tests.unit.signing import notices
from tests.unit.signing.contracts import goods
from tests.unit.signing.drafts import FOLDER, RIGHT
from tests.unit.signing.glyphs import FONT_DIRS

# It neither renders nor signs.
MACHINE = cast(Machine, SimpleNamespace(settings=SimpleNamespace(town_dir=FOLDER, font_dirs=FONT_DIRS)))
UNTOLD = {"思いがけない問題で止まりました。"}
MANY = 100_000


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in notices.grant().items() if key != name}


WRONG_SHAPES = {
    "no day of the application": without("submitted_on"),
    "a day that is none": notices.grant(submitted_on="11月24日"),
    "no procedure": without("procedure_id"),
    "an amount in words": notices.grant(summary={"amount": "198,000"}),
    "an addressee of numbers": notices.grant(addressee={"name": 1, "address": 2}),
    "no object": [notices.grant()],
    "a mere text": "通知書",
    "nothing": None,
}


def order(notice: Any, document_type: str = "subsidy-grant") -> SealOrder:
    at = datetime(2026, 12, 9, tzinfo=UTC)
    return SealOrder(
        uuid4(), document_type, canonical_json(notice), b"{}", "高建第1号", "public", date(2026, 12, 9), at, at
    )


def refusal(notice: Any, document_type: str = "subsidy-grant") -> str:
    with pytest.raises(PressRefusedError) as refused:
        seal(MACHINE, order(notice, document_type))
    return refused.value.code


@pytest.mark.parametrize("notice", WRONG_SHAPES.values(), ids=WRONG_SHAPES)
def test_data_of_another_shape_are_a_finding_of_the_desk_and_no_crash(notice: Any) -> None:
    checked = check(MACHINE, canonical_json(notice), "subsidy-grant")
    assert [(one.code, one.severity) for one in checked.findings] == [("shape", "error")]
    assert checked.preview is None


@pytest.mark.parametrize(
    "contract",
    [
        [],
        goods(amount="1,296,000円"),
        goods(items=[{"label": "履行期間"}]),
        goods(town="高畠町"),
        goods(articles=["総則"]),
    ],
)
def test_a_contract_of_another_shape_is_a_finding_too(contract: Any) -> None:
    checked = check(MACHINE, canonical_json(contract), "goods-contract")
    assert [(one.code, one.severity) for one in checked.findings] == [("shape", "error")]
    assert checked.preview is None


@pytest.mark.parametrize("notice", WRONG_SHAPES.values(), ids=WRONG_SHAPES)
def test_data_of_another_shape_are_not_sealed(notice: Any) -> None:
    assert refusal(notice) == "NoticeShapeError"


@pytest.mark.parametrize(
    ("notice", "document_type"),
    [
        (RIGHT["refusal"], "subsidy-grant"),
        (RIGHT["grant"], "letter"),
        (notices.grant(title="別の題名"), "subsidy-grant"),
        (notices.grant(document_type="subsidy-refusal"), "subsidy-grant"),
    ],
)
def test_a_notice_gets_no_seal_as_another_type_than_its_own(notice: dict[str, Any], document_type: str) -> None:
    assert refusal(notice, document_type) == "DocumentTypeDiffersError"


@pytest.mark.parametrize("text", [b"{", b'{"a": 1}', b"[" * MANY, b'"\\ud800"'])
def test_what_is_not_canonical_is_refused_by_name(text: bytes) -> None:
    with pytest.raises(PressRefusedError, match="NotCanonicalError"):
        check(MACHINE, text, "subsidy-grant")


@pytest.mark.parametrize("code", ["NoticeShapeError", "DocumentTypeDiffersError", "NotCanonicalError"])
def test_each_refusal_has_its_sentence_at_the_desk_and_at_the_keepers(code: str) -> None:
    assert of_the_keeper.error(code) not in UNTOLD
    assert code in of_the_desk.ERRORS


def test_no_finding_tells_what_the_data_say_of_a_person() -> None:
    for notice in WRONG_SHAPES.values():
        told = check(MACHINE, canonical_json(notice), "subsidy-grant").findings[0].text
        assert not any(word in told for word in ("髙橋", "深沼", "198,000", "11月24日"))
