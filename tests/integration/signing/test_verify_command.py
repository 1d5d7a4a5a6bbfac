"""``todoke verify`` as a script uses it: exit codes, words, the report, other towns."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from services.signing.verifier.report import VR
from tests.integration.signing.pki import Pki
from tests.validators import REPOSITORY, Validators


@pytest.fixture(scope="module")
def folder(signed: bytes, unsigned: bytes, pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("verify")
    Validators.prepared(found, pki.root_pem.read_bytes(), iter(pki.trust.crls))
    files = {"signed": signed, "altered": signed[:9000] + b"x" + signed[9001:], "unsigned": unsigned}
    for name, data in files.items():
        (found / f"{name}.pdf").write_bytes(data)
    return found


def verify(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "infra.console", "verify", "--trust", str(folder / "root.pem"), *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=60)


def test_a_valid_file_says_whose_since_when_and_until_when(folder: Path) -> None:
    done = verify(folder, str(folder / "signed.pdf"))
    assert done.returncode == 0
    first, signer, until = done.stdout.splitlines()
    assert first == f"valid: {folder / 'signed.pdf'}"
    assert "signed by 高畠町長（試験） (高畠町)" in signer
    assert "until 2036-01-01" in until


def test_one_file_that_is_not_valid_makes_the_exit_code_one(folder: Path) -> None:
    names = ("signed", "altered", "unsigned")
    done = verify(folder, *(str(folder / f"{name}.pdf") for name in names), str(folder / "missing.pdf"), "--json")
    assert done.returncode == 1
    found = [one["verdict"] for one in json.loads(done.stdout)]
    assert found == ["valid", "invalid", "indeterminate", "indeterminate"]


@pytest.mark.parametrize(("name", "indication"), [("signed", "total-passed"), ("altered", "total-failed")])
def test_a_report_can_be_written(folder: Path, tmp_path: Path, name: str, indication: str) -> None:
    verify(folder, str(folder / f"{name}.pdf"), "--report", str(tmp_path / "report.xml"))
    (found,) = ElementTree.parse(tmp_path / "report.xml").getroot().iter(f"{{{VR}}}MainIndication")
    assert found.text == f"urn:etsi:019102:mainindication:{indication}"


def test_a_report_is_about_one_file(folder: Path, tmp_path: Path) -> None:
    both = (str(folder / "signed.pdf"), str(folder / "altered.pdf"))
    assert verify(folder, *both, "--report", str(tmp_path / "report.xml")).returncode == 2
    assert not (tmp_path / "report.xml").exists()


def test_another_town_is_known_by_its_folder(folder: Path, pki: Pki, tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(pki.root_pem.read_bytes())
    (tmp_path / "towns.toml").write_text('[[town]]\nname = "川西町"\nroots = "root.pem"\n', "utf-8")
    (tmp_path / "crls").mkdir()
    (tmp_path / "own.pem").write_bytes((pki.directory / "tsa.cert.pem").read_bytes())
    arguments = ("--trust", str(tmp_path / "own.pem"), "--towns", str(tmp_path), "--json")
    for number, der in enumerate(pki.trust.crls):
        (tmp_path / "crls" / f"{number}.crl").write_bytes(der)
    (found,) = json.loads(verify(folder, str(folder / "signed.pdf"), *arguments).stdout)
    assert (found["verdict"], found["town"]) == ("valid", "川西町")
