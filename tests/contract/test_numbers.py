"""``todoke trace`` finds a case by a number that one of its facts tells: the fact must promise to tell it."""

import json
from pathlib import Path

import pytest

from infra.console.facts import NUMBERED

SCHEMAS = Path(__file__).parents[2] / "services" / "messages" / "schemas"


@pytest.mark.parametrize(("service", "routing_key", "field"), NUMBERED)
def test_the_fact_that_gives_a_case_its_number_always_has_it(service: str, routing_key: str, field: str) -> None:
    assert field in json.loads((SCHEMAS / f"{service}.{routing_key}.json").read_text())["required"]
