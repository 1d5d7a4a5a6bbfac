"""A procedure is a file: adding one needs no code, and a wrong one is refused by name."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from services.intake.domain.search import examples, find, nearest
from services.intake.town import Town, TownDataError, read_town
from tests.unit.intake.conftest import TODAY, TOWN

ADDED = Path(__file__).parents[2] / "procedures" / "association-certificate"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TOWN, tmp_path / "town"))


def test_the_towns_own_data_is_right(town: Town) -> None:
    assert {"housing-reform", "road-occupancy"} <= {procedure.id for procedure in town.on(TODAY)}


def test_adding_a_procedure_needs_no_code(folder: Path) -> None:
    shutil.copytree(ADDED, folder / "procedures" / ADDED.name)
    added = read_town(folder).procedure("association-certificate", TODAY)
    assert added
    assert [topic.name for topic in added.form.topics] == ["請求する人", "団体", "結果の受け取り方"]
    assert [(one.name, one.amount, one.unit) for one in added.fees] == [("証明の手数料", 1300, "1通")]
    assert [one.bring for one in added.collect] == [("この通知書",)]


def test_the_version_of_the_day_is_chosen(folder: Path) -> None:
    replace(folder, "procedure.toml", "valid_from = 2026-04-01", "valid_from = 2027-04-01", "housing-2027")
    town = read_town(folder)
    for day, valid_from in ((TODAY, date(2026, 4, 1)), (date(2027, 4, 1), date(2027, 4, 1))):
        procedure = town.procedure("housing-reform", day)
        assert procedure
        assert procedure.valid_from == valid_from
    assert town.procedure("housing-reform", date(2026, 3, 31)) is None


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("procedure.toml", 'retention = "5y"', 'retention = "6y"', "retention"),
        ("procedure.toml", 'kana = "', 'kanna = "', "kana"),
        ("procedure.toml", "days = 14", 'days = "two weeks"', "standard_period.days"),
        ("procedure.toml", 'appeal = "both"', 'appeal = "some"', "legal_basis.appeal"),
        ("form.toml", 'kind = "telephone"', 'kind = "telefone"', "topics.0.questions.4.kind"),
        ("form.toml", 'hint = "住民票にある住所"', 'tip = "住民票にある住所"', "topics.0.questions.3.tip"),
        ("form.toml", 'after = "start"', 'after = "begin"', "work.end"),
        ("form.toml", 'id = "branch"', 'id = "bank"', "account.bank"),
        ("form.toml", 'id = "account"', 'id = "check"', "check"),
        ("form.toml", "digits = 7", "", "account.account_number"),
        ("form.toml", "[[topics]]", "[[topics]", "*"),
    ],
)
def test_wrong_data_is_refused_with_its_file_and_key(folder: Path, file: str, old: str, new: str, key: str) -> None:
    replace(folder, file, old, new)
    with pytest.raises(TownDataError) as error:
        read_town(folder)
    assert (error.value.path.name, error.value.key) == (file, key)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("amount = 3000", "amount = 0", "fees.registration.amount"),
        (
            'amount = 3000\nunit = "1頭"\nabout = "高畠町手数料条例で定めた、町の額です。"',
            "",
            "fees.registration.amount",
        ),
        ("amount = 3000", 'amount = "3,000円"', "fees.0.amount"),
        ("amount = 3000", "price = 3000", "fees.0.price"),
        ('id = "vaccination"', 'id = "registration"', "fees.registration"),
        ('when = "鑑札を受け取るとき"', "", "fees.0.when"),
        ('where = "高畠町役場1階', 'place = "高畠町役場1階', "collect.0.where"),
    ],
)
def test_wrong_fees_are_refused_with_their_file_and_key(folder: Path, old: str, new: str, key: str) -> None:
    replace(folder, "procedure.toml", old, new, "dog-registration")
    with pytest.raises(TownDataError) as error:
        read_town(folder)
    assert (error.value.path.name, error.value.key) == ("procedure.toml", key)


def test_two_folders_with_one_version_are_refused(folder: Path) -> None:
    shutil.copytree(folder / "procedures" / "housing-reform", folder / "procedures" / "again")
    with pytest.raises(TownDataError, match="the same version"):
        read_town(folder)


def test_residents_find_a_procedure_by_their_own_words(town: Town) -> None:
    for query in ("リフォーム", "りふぉーむ", "ﾘﾌｫｰﾑ", "屋根 補助金", "じゅうたく"):
        assert [one.id for one in find(town.on(TODAY), query)] == ["housing-reform"]


def test_what_is_not_found_leads_to_the_nearest(town: Town) -> None:
    assert find(town.on(TODAY), "パスポート") == []
    assert nearest(town.on(TODAY), "パスポート")


def replace(folder: Path, file: str, old: str, new: str, version: str = "housing-reform") -> None:
    target = folder / "procedures" / version
    if not target.exists():
        shutil.copytree(folder / "procedures" / "housing-reform", target)
    content = (target / file).read_text()
    assert old in content
    (target / file).write_text(content.replace(old, new, 1))


def test_the_examples_beside_the_search_find_something_and_the_frequent_come_first(town: Town) -> None:
    procedures = town.on(TODAY)
    found = examples(procedures)
    assert found[0] == "リフォーム"
    assert len(found) == 3
    assert all(find(procedures, word) for word in found)
    assert examples([]) == []
