"""What `make demo` leaves behind is what scripts and outside validators rely on."""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from infra.console import report
from infra.console.applying import PROCEDURE
from infra.console.journeys import Grant
from infra.console.status import status
from infra.console.verify import verify_files
from infra.local.layout import REPOSITORY
from infra.local.system import System

MAIN_PATH = ["accepted", "examining", "drafted", "checked", "decided", "permitted", "signed", "available", "opened"]


@pytest.fixture(scope="module")
def written(town: System, journey: Grant) -> dict[str, object]:
    """report.json of the journey."""
    layout = town.layout
    case = report.case_document(journey.number, PROCEDURE, journey.case_id, journey.steps.seconds, layout)
    return dict(json.loads(report.write([case], layout).read_text()))


def test_the_case_goes_through_every_state_in_order_and_each_names_its_service(written: dict) -> None:
    (case,) = written["cases"]
    states = [one["state"] for one in case["states"]]
    assert [state for state in states if state in MAIN_PATH] == MAIN_PATH
    times = [datetime.fromisoformat(one["at"]) for one in case["states"]]
    assert times == sorted(times)
    assert {one["service"] for one in case["states"]} == {"intake", "approval", "signing", "delivery", "archive"}


def test_the_report_names_both_copies_and_the_hash_of_the_file_that_was_downloaded(town: System, written: dict) -> None:
    import hashlib

    (case,) = written["cases"]
    pdf = (town.layout.state / "demo" / "notice.pdf").read_bytes()
    assert case["document"]["sha256"] == hashlib.sha256(pdf).hexdigest()
    assert case["document"]["size"] == len(pdf)
    assert all(case["document"]["sites"][site]["version_id"] for site in ("a", "b"))


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


def test_todoke_verify_says_valid_and_refuses_the_file_with_one_byte_changed(
    town: System, journey: Grant, tmp_path: Path
) -> None:
    pdf = town.layout.state / "demo" / "notice.pdf"
    changed = bytearray(pdf.read_bytes())
    changed[len(changed) // 3] ^= 1
    forged = tmp_path / "forged.pdf"
    forged.write_bytes(changed)
    command = [sys.executable, "-m", "infra.console", "verify", "--trust", str(town.layout.state / "pki" / "root.pem")]
    good = subprocess.run([*command, str(pdf)], capture_output=True, text=True, check=False)
    bad = subprocess.run([*command, str(pdf), str(forged)], capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout.split(":")[0]) == (0, "valid")
    assert bad.returncode == 1
    assert [one["verdict"] for one in verify_files([pdf, forged], None, town.layout)] == ["valid", "invalid"]


def test_the_report_tells_how_long_each_step_took(journey: Grant, written: dict) -> None:
    (case,) = written["cases"]
    assert case["reception_number"] == journey.number
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
