"""What approval composes of each kind of contract is what signing's compiler lets pass, and has the promised keys."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.approval.domain.contract import ContractKind, compose_contract
from services.approval.town import read_town as read_for_approval
from services.signing.compiler import expectation
from services.signing.contract_compiler import compile_contract
from services.signing.fonts import load_faces
from services.signing.town import read_town as read_for_signing
from tests.unit.signing.glyphs import FONT_DIRS

REPOSITORY = Path(__file__).parents[2]
TOWN = REPOSITORY / "infra" / "town"
DAY = date(2026, 11, 24)
APPROVAL, SIGNING = read_for_approval(TOWN), read_for_signing(TOWN)
KINDS = [pytest.param(kind, id=kind.procedure.id) for kind in APPROVAL.kinds.values()]


def composed(kind: ContractKind) -> dict[str, Any]:
    values = {one.id: 1_296_000 if one.kind == "amount" else "例として書いた文" for one in kind.outcome.fields}
    letterhead = APPROVAL.letterhead(kind.outcome.document_type, "none", DAY)
    contractor = next(iter(APPROVAL.contractors.values()))
    return compose_contract(kind, "R8-C000001", values, letterhead, APPROVAL.party(DAY), contractor)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_passes_the_compiler(kind: ContractKind) -> None:
    contract = composed(kind)
    wanted = expectation(SIGNING, SIGNING.type(kind.outcome.document_type), "", DAY)
    findings = compile_contract(contract, wanted, load_faces(FONT_DIRS))
    assert [one for one in findings if one.severity != "ok"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_data_have_the_keys_that_the_document_promises(kind: ContractKind) -> None:
    cells = re.findall(r"^\| (`[^|]+) \|", (REPOSITORY / "docs" / "contract.md").read_text("utf-8"), re.MULTILINE)
    promised = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    assert set(composed(kind)) == promised


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_contract_excludes_organised_crime_and_is_an_electronic_record(kind: ContractKind) -> None:
    headings = [one.heading for one in kind.articles]
    assert {"暴力団排除", "電磁的記録による契約"} <= set(headings)
    assert "電磁的記録" in kind.closing
