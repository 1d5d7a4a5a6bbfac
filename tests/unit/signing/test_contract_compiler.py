"""The compiler reads a contract before it is approved."""

from pathlib import Path
from typing import Any

import pytest

from services.signing.compiler import expectation
from services.signing.contract_compiler import compile_contract
from services.signing.fonts import load_faces
from services.signing.rendering import SealPicture
from services.signing.rendering.agreements import AgreementRenderer, ContractOrder
from tests.unit.signing import glyphs
from tests.unit.signing.contracts import ARTICLES, goods
from tests.unit.signing.drafts import TOWN
from tests.unit.signing.test_contract_acts import TODAY

WANTED = expectation(TOWN, TOWN.type("goods-contract"), "", TODAY)
PARTY = goods()["contractor"]


def errors(contract: dict[str, Any]) -> set[str]:
    found = compile_contract(contract, WANTED, load_faces(glyphs.FONT_DIRS))
    return {finding.code for finding in found if finding.severity == "error"}


def test_a_right_contract_has_no_errors() -> None:
    assert errors(goods()) == set()
    assert errors(goods(amount=None)) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"contractor": PARTY | {"mail": ""}}, "parties"),
        ({"town": None}, "parties"),
        ({"contract_number": ""}, "number"),
        ({"seal_legend": None}, "seal"),
        ({"seal": None}, "seal"),
        ({"seal": "deputy"}, "seal"),
        ({"title": "業務委託契約書"}, "title"),
        ({"document_type": "services-contract"}, "title"),
        ({"amount": 1296001}, "amount"),
        ({"articles": []}, "articles"),
        ({"articles": [{"heading": h, "text": t} for h, t in ARTICLES[:-1]]}, "electronic"),
        ({"answer_days": 0}, "dates"),
        ({"items": [{"label": "履行期間", "value": "令和８年１１月３１日まで"}], "amount": None}, "dates"),
        ({"items": [{"label": "履行期間", "value": "平成三十一年五月一日まで"}], "amount": None}, "dates"),
        ({"subject": "辻\U000e01ef"}, "glyphs"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], code: str) -> None:
    assert code in errors(goods(**changes))


def test_the_same_contract_gives_the_same_file(tmp_path: Path) -> None:
    seal = SealPicture((Path(__file__).parents[3] / "infra" / "town" / "seals" / "mayor.svg").read_bytes(), 21)
    order = ContractOrder(goods(), seal, TODAY, b'{"acts":[]}')
    renderer = AgreementRenderer(tmp_path, glyphs.FONT_DIRS)
    assert renderer.contract(order) == renderer.contract(order)
