"""Who may look at the archive."""

from datetime import date
from pathlib import Path

import pytest

from services.archive.town import archivists

TOWN = Path(__file__).parents[3] / "infra" / "town"

ORGANISATION = """
[[section]]
id = "general-affairs"
parent = "town"
from = 2026-04-01
[[section]]
id = "documents"
parent = "general-affairs"
from = 2026-04-01
[[section]]
id = "housing"
parent = "construction"
from = 2026-04-01
[[post]]
id = "head"
section = "general-affairs"
from = 2026-04-01
[[post]]
id = "officer"
section = "documents"
from = 2026-04-01
[[post]]
id = "housing-officer"
section = "housing"
from = 2026-04-01
[[holder]]
sub = "s-head"
posts = [{ post = "head", from = 2026-04-01, until = 2027-03-31 }, { post = "housing-officer", from = 2027-04-01 }]
[[holder]]
sub = "s-officer"
posts = [{ post = "officer", from = 2026-04-01 }]
[[holder]]
sub = "s-housing"
posts = [{ post = "housing-officer", from = 2026-04-01 }]
"""


@pytest.fixture
def town(tmp_path):
    (tmp_path / "organisation.toml").write_text(ORGANISATION)
    (tmp_path / "archive.toml").write_text('section = "general-affairs"\n')
    return tmp_path


def test_the_section_and_its_parts_may_look(town):
    assert archivists(town, date(2026, 11, 24)) == {"s-head", "s-officer"}


def test_who_has_moved_to_another_section_may_not(town):
    assert archivists(town, date(2027, 4, 1)) == {"s-officer"}


def test_in_this_town_the_seal_keeper_may_and_the_housing_officer_may_not():
    found = archivists(TOWN, date(2026, 11, 24))
    assert "s-satake" in found
    assert "s-kanno" not in found
