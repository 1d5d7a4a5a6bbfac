"""Whoever runs the town sees how it is, and finds one case in the logs of all services; nobody's data are in either."""

import importlib
import json
import re
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.routing import Map

from infra.console.facts import cases
from infra.console.journeys import Grant
from infra.console.status import metrics
from infra.local.layout import SERVICES
from infra.local.service_settings import settings_of
from infra.local.system import System

REPOSITORY = Path(__file__).parents[2]
WATCHING = REPOSITORY / "infra" / "prometheus"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NAMED = re.compile(r"\b(?:todoke|process)_[a-z_]+")
SERIES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
# What names a case in the address of a page.
OF_A_CASE = {"number", "case_id", "document_id"}
SERVED = {200, 303, 422}  # 302 leads to the sign-in, before anybody's case is looked for


@pytest.fixture(scope="module")
def scrapes(town: System, journey: Grant) -> dict[str, str]:
    """What each process of the targets' file answers."""
    found = {}
    for one in json.loads((town.layout.run / "metrics.json").read_text()):
        (target,), labels = one["targets"], one["labels"]
        with urllib.request.urlopen(f"http://{target}/metrics", timeout=10) as answer:
            found[f"{labels['service']}-{labels['process']}"] = answer.read().decode()
    return found


def exported(scrapes: dict[str, str]) -> set[str]:
    """Names of all series that these processes have or can have."""
    families = (family for text in scrapes.values() for family in text_string_to_metric_families(text))
    return {family.name + end for family in families for end in SERIES.get(family.type, ())}


def asked_for() -> set[str]:
    """Names that the dashboard and the rules ask for."""
    dashboard = json.loads((WATCHING / "dashboard.json").read_text())
    rules = yaml.safe_load((WATCHING / "rules.yml").read_text())
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    queries += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    return {name for query in queries for name in NAMED.findall(re.sub(r"\{[^}]*\}|by \([^)]*\)", "", query))}


def test_every_worker_and_web_part_serves_metrics_on_this_machine_only(town: System, scrapes: dict[str, str]) -> None:
    assert set(scrapes) == {f"{service}-{process}" for service in SERVICES for process in ("worker", "web")}
    assert all(one["up"] for one in metrics(town.layout).values())
    assert town.exposed() == []


def test_whatever_the_dashboard_and_the_alarms_ask_for_is_served(scrapes: dict[str, str]) -> None:
    assert len(asked_for()) > 20
    assert asked_for() <= exported(scrapes)


def test_every_metric_of_ours_is_looked_at(scrapes: dict[str, str]) -> None:
    ours = {name for name in exported(scrapes) if name.startswith("todoke_")}
    assert {name for name in ours - asked_for() if not name.endswith(("_sum", "_count"))} == set()


def test_a_case_that_went_the_whole_way_was_counted_and_timed(scrapes: dict[str, str]) -> None:
    for service in SERVICES:
        assert re.search(r'^todoke_facts_handled_total\{.*outcome="done"\} [1-9]', scrapes[f"{service}-worker"], re.M)
        assert re.search(r"^todoke_hop_seconds_count\{.*\} [1-9]", scrapes[f"{service}-worker"], re.M)
    assert 'todoke_requests_total{page="intake.post_check",status="303"}' in scrapes["intake-web"]


def test_metrics_name_no_case_and_no_person(journey: Grant, scrapes: dict[str, str]) -> None:
    for text in scrapes.values():
        assert UUID.search(text) is None
        assert journey.number not in text
        assert all(word not in text for word in personal())


def test_one_cases_correlation_id_is_in_the_logs_of_all_services(town: System, journey: Grant) -> None:
    case = str(cases(town.layout)[journey.number].correlationid)
    for service in SERVICES:
        for event in ("fact_handled", "fact_published"):
            found = [line for line in lines(town, f"{service}-worker") if line["event"] == event]
            assert case in {line["correlation_id"] for line in found}, f"{service}: {event}"
    pressed = [line for line in lines(town, "signing-worker") if line.get("correlation_id") == case]
    assert {line["job"] for line in pressed if "job" in line} == {"check", "seal"}
    assert case in {line["correlation_id"] for line in lines(town, "signer") if line["event"] == "signature_given"}
    for service in ("intake", "approval", "signing", "delivery"):
        assert case in {line.get("correlation_id") for line in lines(town, f"{service}-web")}, service


def test_each_line_says_of_which_process_it_is(town: System, journey: Grant) -> None:
    for service in SERVICES:
        for process in ("worker", "web"):
            for line in lines(town, f"{service}-{process}"):
                assert line["service"] == service
                assert line["process"] in (process, "press")


def test_every_line_about_a_fact_and_every_page_about_a_case_says_which_case(town: System, journey: Grant) -> None:
    for service in SERVICES:
        for line in lines(town, f"{service}-worker"):
            if {"fact", "message_id", "job", "routing_key"} & line.keys():
                assert UUID.fullmatch(str(line.get("correlation_id"))), line
        about = pages_of_a_case(service, town)
        for line in lines(town, f"{service}-web"):
            if line.get("page") in about and line["status"] in SERVED:
                assert UUID.fullmatch(str(line.get("correlation_id"))), line


def test_nothing_that_a_person_is_or_typed_is_in_any_log(town: System, journey: Grant) -> None:
    for path in town.layout.log.glob("*.log"):
        text = path.read_text(errors="replace")
        assert [word for word in personal() if word in text] == [], path.name


def lines(town: System, program: str) -> Iterator[dict[str, Any]]:
    """The lines of a log that are ours."""
    for text in (town.layout.log / f"{program}.log").read_text().splitlines():
        if text.startswith("{"):
            yield json.loads(text)


def pages_of_a_case(service: str, town: System) -> set[str]:
    """Endpoints whose address names a case or a document."""
    app = importlib.import_module(f"services.{service}.web.pages").create_app(settings_of(service, town.layout))
    rules: Map = app.url_map
    return {rule.endpoint for rule in rules.iter_rules() if OF_A_CASE & rule.arguments}


def personal() -> set[str]:
    """Names, addresses and mail addresses of the residents, and what the journey types."""
    people = tomllib.loads((REPOSITORY / "infra" / "local" / "residents.toml").read_text())
    words = {Grant.mail, *(one[key] for one in people["residents"] for key in ("name", "kana", "address", "birthdate"))}
    return {part for word in words for part in (word, *word.split()) if len(part) > 1}
