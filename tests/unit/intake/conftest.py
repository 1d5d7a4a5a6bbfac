"""The town's own data, read once."""

import uuid
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.intake.domain.draft import Draft
from services.intake.domain.procedure import Procedure
from services.intake.town import Town, read_town

TOWN = Path(__file__).parents[3] / "infra" / "town"
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def town() -> Town:
    return read_town(TOWN)


@pytest.fixture(scope="session")
def procedure(town: Town) -> Procedure:
    found = town.procedure("housing-reform", TODAY)
    assert found
    return found


@pytest.fixture
def fields() -> dict[str, dict[str, list[str]]]:
    """What a resident types, topic by topic."""
    return {
        "applicant": {
            "name": ["辻󠄀 𠮷子"],
            "kana": ["つじ よしこ"],
            "birthdate-era": ["showa"],
            "birthdate-y": ["64"],
            "birthdate-m": ["1"],
            "birthdate-d": ["7"],
            "address": ["高畠町大字高畠436番地"],
            "telephone": ["０２３８－００－１２３４"],
            "mail": ["yoshiko@example.jp"],
        },
        "house": {
            "place": ["home"],
            "owner": ["self"],
            "structure": ["wood"],
            "built-era": ["showa"],
            "built-y": ["58"],
        },
        "work": {
            "kinds": ["roof", "snow"],
            "cost": ["１，９８０，０００円"],
            "start-y": ["8"],
            "start-m": ["12"],
            "start-d": ["14"],
            "end-y": ["9"],
            "end-m": ["1"],
            "end-d": ["29"],
            "builder": ["株式会社まほろば工務店"],
            "builder_town": ["in"],
        },
        "files": {},
        "account": {
            "bank": ["やまがた信用金庫"],
            "branch": ["高畠支店"],
            "account_kind": ["ordinary"],
            "account_number": ["１２３４５６７"],
            "account_holder": ["ツジ ヨシコ"],
        },
        "delivery": {"how": ["digital"]},
    }


@pytest.fixture
def draft() -> Draft:
    return Draft(case_id=uuid.uuid4(), sub="r-tsuji", procedure_id="housing-reform", keep_until=TODAY)
