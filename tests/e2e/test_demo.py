"""What `make demo` leaves behind is what scripts and outside validators rely on."""

import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from infra.console.journeys import Grant
from infra.console.status import status
from infra.local.layout import REPOSITORY
from infra.local.system import System
from tests.validators import Validators, flipped, signed_bytes

DOCUMENTS = [
    "notice.pdf", "refusal.pdf", "outline.pdf", "corrected.pdf", "contract.pdf", "contract-certificate.pdf",
]  # fmt: skip
CONTRACT_PATH = ["drafted", "checked", "decided", "offered", "consented", "permitted", "concluded", "archived"]
MAIN_PATH = ["accepted", "examining", "drafted", "checked", "decided", "permitted", "signed", "available", "opened"]


@pytest.fixture(scope="module")
def left(town: System, journey: Grant) -> Path:
    """The folder that the whole demo leaves behind, run by its command."""
    layout = town.layout
    where = {"TODOKE_STATE": str(layout.state), "TODOKE_PORT": str(layout.port), "TODOKE_BASE": str(layout.base)}
    subprocess.run([sys.executable, "-m", "infra.console", "demo"], check=True, env=os.environ | where, cwd=REPOSITORY)
    return town.layout.state / "demo"


@pytest.fixture(scope="module")
def written(left: Path) -> dict[str, object]:
    """report.json."""
    return dict(json.loads((left / "report.json").read_text()))


@pytest.fixture(scope="module")
def validators(town: System, tmp_path_factory: pytest.TempPathFactory) -> Validators:
    """With what the report gives them."""
    pki = town.layout.state / "pki"
    lists = (path.read_bytes() for path in sorted((pki / "crls").glob("*.crl")))
    return Validators.prepared(tmp_path_factory.mktemp("trust"), (pki / "root.pem").read_bytes(), lists)


def test_the_case_goes_through_every_state_in_order_and_each_names_its_service(written: dict) -> None:
    case = written["cases"][0]
    states = [one["state"] for one in case["states"]]
    assert [state for state in states if state in MAIN_PATH] == MAIN_PATH
    times = [datetime.fromisoformat(one["at"]) for one in case["states"]]
    assert times == sorted(times)
    assert {one["service"] for one in case["states"]} == {"intake", "approval", "signing", "delivery", "archive"}


def test_the_report_names_both_copies_and_the_hash_of_the_file_that_was_downloaded(left: Path, written: dict) -> None:
    case = written["cases"][0]
    pdf = (left / "notice.pdf").read_bytes()
    assert case["document"]["sha256"] == hashlib.sha256(pdf).hexdigest()
    assert case["document"]["size"] == len(pdf)
    assert all(case["document"]["sites"][site]["version_id"] for site in ("a", "b"))


def test_the_report_tells_a_contract_by_its_number_with_both_its_files(left: Path, written: dict) -> None:
    case = next(one for one in written["cases"] if "contract_number" in one)
    assert re.fullmatch(r"R\d+-C\d{6}", case["contract_number"])
    assert case["outcome"] == "concluded"
    states = dict.fromkeys(one["state"] for one in case["states"])
    assert list(states) == CONTRACT_PATH
    for what, name in (("document", "contract.pdf"), ("certificate", "contract-certificate.pdf")):
        pdf = (left / name).read_bytes()
        assert case[what]["sha256"] == hashlib.sha256(pdf).hexdigest()
        assert case[what]["path"].endswith(f"demo/{name}")
        assert all(case[what]["sites"][site]["version_id"] for site in ("a", "b"))


def test_the_report_gives_an_outside_validator_the_root_and_a_list_for_every_authority(written: dict) -> None:
    assert "BEGIN CERTIFICATE" in (REPOSITORY / str(written["trust"])).read_text()
    assert len(written["crls"]) >= 2
    for name in written["crls"]:
        shown = subprocess.run(
            ["openssl", "crl", "-inform", "DER", "-noout", "-nextupdate", "-in", REPOSITORY / name],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert "nextUpdate" in shown.stdout


def test_every_server_tells_its_version(written: dict) -> None:
    assert written["servers"]["rabbitmq"]
    assert all(written["servers"].values())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_document_is_accepted_by_all_three_validators(left: Path, validators: Validators, name: str) -> None:
    pdf = (left / name).read_bytes()
    assert validators.pdfsig_is_satisfied(pdf)
    assert validators.pyhanko_is_satisfied(pdf)
    assert validators.todoke(pdf)[0] == 0


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_document_with_a_signed_byte_changed_is_refused_by_all_three(
    left: Path, validators: Validators, name: str
) -> None:
    pdf = (left / name).read_bytes()
    for place in signed_bytes(pdf):
        altered = flipped(pdf, place)
        assert "Signature is Valid." not in validators.pdfsig(altered), place
        assert not validators.pyhanko_is_satisfied(altered), place
        assert validators.todoke(altered)[0] == 1, place


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_document_cut_short_or_with_bytes_after_its_end_is_refused_by_todoke(
    left: Path, validators: Validators, name: str
) -> None:
    pdf = (left / name).read_bytes()
    for altered in (pdf[:-1], pdf[:-700], pdf[: len(pdf) // 2], pdf + b"\n", pdf + pdf[-200:]):
        assert validators.todoke(altered)[0] == 1


def test_the_report_tells_how_long_each_step_took(journey: Grant, written: dict) -> None:
    case = written["cases"][0]
    assert case["reception_number"] != journey.number
    assert {"form", "submit", "draft", "check", "approve", "decide", "permit", "sign", "open"} <= set(case["seconds"])
    assert all(seconds >= 0 for seconds in case["seconds"].values())


def test_the_status_shows_everything_alive_and_the_sum_holds(town: System, journey: Grant) -> None:
    shown = status(town.layout)
    assert shown["cases"]["holds"] is True
    assert shown["cases"]["decided"] >= 1
    assert shown["dead_letters"] == 0
    assert all(one["state"] == "RUNNING" for one in shown["processes"])
    assert all(site["up"] for site in shown["sites"].values())
    assert all(not service["kept"] and not service["set_aside"] for service in shown["services"].values())
