"""The town's data as approval reads them."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from services.approval.domain.notice import propose
from services.approval.town import TownDataError, UnknownDocumentTypeError, UnknownProcedureError, read_town
from tests.unit.approval.memory import TOWN

SOURCE = Path(__file__).parents[3] / "infra" / "town"
DAY = date(2026, 11, 24)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SOURCE, tmp_path / "town"))


def test_every_outcome_of_every_procedure_finds_its_decider_title_and_words() -> None:
    for procedure in TOWN.procedures.values():
        for outcome in procedure.outcomes:
            head = TOWN.letterhead(outcome.document_type, procedure.appeal_variant, DAY)
            route = TOWN.rulebook.route(
                matter=outcome.matter, amount=None, section=procedure.section, drafter="s-kanno", day=DAY
            )
            assert head.title
            assert route.steps


def test_the_form_of_a_draft_offers_the_rules_share_up_to_its_limit() -> None:
    procedure = TOWN.procedure("housing-reform", date(2026, 4, 1))
    granted = procedure.outcome("granted")
    assert granted
    for cost, where, amount in ((1_980_000, "in", 198_000), (9_000_000, "in", 200_000), (9_000_000, "out", 100_000)):
        answers = {"work": {"cost": cost, "builder_town": where}}
        assert propose(procedure, granted, answers)["amount"] == amount


def test_a_matter_without_appeal_instruction_has_none() -> None:
    assert TOWN.letterhead("subsidy-grant", "none", DAY).appeal is None
    appeal = TOWN.letterhead("subsidy-grant", "both", DAY).appeal
    assert appeal and "審査請求" in appeal.text


def test_what_the_town_does_not_have_is_named() -> None:
    with pytest.raises(UnknownProcedureError, match="housing-reform from 2020-04-01"):
        TOWN.procedure("housing-reform", date(2020, 4, 1))
    with pytest.raises(UnknownDocumentTypeError, match="charter"):
        TOWN.letterhead("charter", "both", DAY)


def test_wrong_data_name_their_file_and_place(folder: Path) -> None:
    path = folder / "procedures" / "housing-reform" / "decision.toml"
    path.write_text(path.read_text("utf-8").replace('kind = "amount"', 'kind = "colour"', 1), "utf-8")
    with pytest.raises(TownDataError, match=r"decision\.toml: outcomes\.0\.fields\.0\.kind"):
        read_town(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("procedure.toml", 'outcomes = ["granted"]', 'outcomes = ["given"]', "fees.registration.outcomes: .* given"),
        ("decision.toml", "{fee_registration}円", "{fee_registry}円", "outcome.granted: .*{fee_registry}"),
        ("decision.toml", "「{call}」を", "「{procedure}」を", "outcome.granted: .*{procedure}"),
        ("decision.toml", 'fact = "{fact}"', 'fact = "{fakt}"', "outcome.dismissed: .*{fakt}"),
    ],
)
def test_what_nothing_fills_in_is_refused_at_the_start(
    folder: Path, file: str, old: str, new: str, place: str
) -> None:
    path = folder / "procedures" / "dog-registration" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(TownDataError, match=place) as error:
        read_town(folder)
    assert error.value.path == path


def test_a_file_that_is_no_toml_is_named(folder: Path) -> None:
    (folder / "appeals.toml").write_text("text = [", "utf-8")
    with pytest.raises(TownDataError, match="appeals"):
        read_town(folder)


def test_a_second_procedure_is_a_folder_and_nothing_else(folder: Path) -> None:
    added = Path(shutil.copytree(folder / "procedures" / "housing-reform", folder / "procedures" / "well-water"))
    for name in ("procedure.toml",):
        text = (added / name).read_text("utf-8").replace('id = "housing-reform"', 'id = "well-water"')
        (added / name).write_text(text, "utf-8")
    assert read_town(folder).procedure("well-water", date(2026, 4, 1)).section == "housing"
