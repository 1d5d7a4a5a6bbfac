"""``todoke trace``: a case's way through the services, as the command prints it."""

import json
import os
import subprocess
import sys
from datetime import datetime

from rich.console import Console

from infra.console.journeys import Contract, Grant
from infra.local.system import System


def traced(town: System, *arguments: str) -> subprocess.CompletedProcess[str]:
    layout = town.layout
    environment = os.environ | {"TODOKE_STATE": str(layout.state), "TODOKE_PORT": str(layout.port)}
    command = [sys.executable, "-m", "infra.console", "trace", *arguments]
    environment |= {"TODOKE_BASE": str(layout.base), "COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_every_service_is_on_the_way_of_a_case_that_went_the_whole_way(town: System, journey: Grant) -> None:
    facts = json.loads(traced(town, journey.number, "--json").stdout)["facts"]
    assert {fact["service"] for fact in facts} == {"intake", "approval", "signing", "delivery", "archive"}
    assert facts[0]["fact"] == "application_submitted"
    assert {one["service"] for one in facts[0]["heard"]} == {"approval", "delivery"}


def test_nothing_is_handled_before_it_is_said(town: System, journey: Grant) -> None:
    facts = json.loads(traced(town, journey.number, "--json").stdout)["facts"]
    handled = [(fact["said_at"], one["handled_at"]) for fact in facts for one in fact["heard"] if one["handled_at"]]
    assert handled
    assert all(datetime.fromisoformat(said) < datetime.fromisoformat(done) for said, done in handled)


def test_an_effect_is_committed_after_its_fact_and_after_it_was_taken_up(town: System, journey: Grant) -> None:
    facts = json.loads(traced(town, journey.number, "--json").stdout)["facts"]
    assert all(fact["said_at"] <= fact["committed_at"] for fact in facts)
    effects = [(fact, one) for fact in facts for one in fact["heard"] if one["state"] == "done"]
    assert effects
    assert all(fact["committed_at"] < one["effect_at"] for fact, one in effects)
    assert all(one["handled_at"] <= one["effect_at"] for _, one in effects)


def test_the_table_shows_the_same_case(town: System, journey: Grant) -> None:
    shown = traced(town, journey.number).stdout
    assert journey.number in shown
    assert json.loads(traced(town, journey.number, "--json").stdout)["correlation_id"] in shown
    assert "application_submitted" in shown


def test_an_unknown_number_is_said_to_be_unknown(town: System) -> None:
    answer = traced(town, "R1-999999")
    assert (answer.returncode, answer.stderr) == (1, "todoke: no case has the number R1-999999\n")


def test_a_contract_is_found_as_soon_as_it_has_its_number(town: System) -> None:
    contract = Contract(town.layout, Console(quiet=True))
    contract.begin()
    facts = json.loads(traced(town, contract.number, "--json").stdout)["facts"]
    assert facts[0]["fact"] == "decision_drafted"
