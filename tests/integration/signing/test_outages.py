"""Signing's real processes while what they need is down, hangs or is killed: work waits, resumes, is done once."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.console.consenting import CODE, MAIL
from infra.console.receiving import newest_mail, read_mail
from infra.console.visitor import Visitor
from infra.local.layout import HOST
from infra.local.system import System
from services.chassis.database import engine
from services.chassis.objects import Objects
from services.messages import ContractConcluded, DocumentSigned
from services.signing import queries
from services.signing.pades import load_trust
from services.signing.revocation import CrlCache
from services.signing.settings import load
from services.signing.verification import verify
from tests.conftest import instance
from tests.integration.signing.cases import KEEPER, Case, House
from tests.integration.signing.deals import Deal

PROGRAMS = ("signing-worker", "signer", "pki", "mail", "bucket-a", "bucket-b")
PATIENCE = 90


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """Signing alone, as ``make up`` runs it, with the servers and the stand-in authority that it needs."""
    with instance("signing", PROGRAMS) as found:
        yield found


@pytest.fixture(scope="module")
def house(system: System) -> Iterator[House]:
    """Approval's side of it, and the seal keeper's; the signing itself is the real worker's."""
    settings = load(_env_file=system.layout.run / "signing.env")
    found = House(settings, engine(settings), Objects.of(settings))
    yield found
    found.press.close()
    found.engine.dispose()


@pytest.fixture
def case(house: House) -> Case:
    found = Case.at(house)
    found.up_to_the_keeper()
    return found


def held_by(case: Case) -> str:
    """The server that the permitted document waits for, as its keeper's page says it."""
    with case.house.engine.connect() as connection:
        sheet = queries.sheet(connection, case.document_id, KEEPER.posts)
    return sheet.hold.reason if sheet and sheet.hold else ""


def until(found: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < deadline, f"waited {PATIENCE} s for {what}"
        time.sleep(0.1)


def is_signed(case: Case) -> bool:
    return bool(case.said(DocumentSigned))


def assert_signed_once(case: Case) -> None:
    """One fact, one file on both sites, valid by our own verifier."""
    until(lambda: is_signed(case), "the signed document")
    (signed,) = case.said(DocumentSigned)
    house, at = case.house, signed.signed_at
    copies = [house.objects.check(signed.document, site) for site in ("a", "b")]
    assert [copy.version_id for copy in copies if copy.ok] == [signed.versions.a, signed.versions.b]
    settings = house.settings
    lists = CrlCache(settings.state_dir / "crls", settings.crl_urls).current(at)
    assert verify(house.objects.get(signed.document), load_trust(settings.trust_root, lists)).status == "valid"


@contextmanager
def hanging(pid: int) -> Iterator[None]:
    """The process and its children accept what comes and never answer."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    everybody = [pid, *map(int, children)]
    for one in everybody:
        os.kill(one, signal.SIGSTOP)
    try:
        yield
    finally:
        for one in reversed(everybody):
            os.kill(one, signal.SIGCONT)


def test_a_permit_is_signed_by_the_real_worker(case: Case) -> None:
    case.permit()
    assert_signed_once(case)


def test_a_time_authority_that_is_down_is_waited_for(case: Case, system: System) -> None:
    system.stop_program("pki")
    case.permit()
    until(lambda: held_by(case) == "tsa", "the page to say so")
    assert not is_signed(case)
    system.start_program("pki")
    assert_signed_once(case)


def test_a_time_authority_that_hangs_is_waited_for(case: Case, system: System) -> None:
    with hanging(system.pid("pki")):
        case.permit()
        until(lambda: held_by(case) == "tsa", "the page to say so")
        assert not is_signed(case)
    assert_signed_once(case)


@pytest.mark.parametrize("site", ["site-a", "site-b"])
def test_with_one_site_down_nothing_is_called_signed(case: Case, system: System, site: str) -> None:
    system.stop_program(site)
    case.permit()
    until(lambda: held_by(case) == "store", "the page to say so")
    assert not is_signed(case)
    system.start_program(site)
    assert_signed_once(case)


@pytest.mark.parametrize("program", ["signer", "signing-worker"])
def test_a_process_killed_among_permits_loses_and_repeats_nothing(house: House, system: System, program: str) -> None:
    cases = [Case.at(house, f"高建第{number}号") for number in range(1, 7)]
    for case in cases:
        case.up_to_the_keeper()
    for case in cases:
        case.permit()
    until(lambda: any(is_signed(case) for case in cases), "the first of them")
    system.kill(program)
    for case in cases:
        assert_signed_once(case)


def test_a_contract_is_concluded_by_the_real_worker_after_mail_and_time_authority_were_down(
    house: House, system: System
) -> None:
    deal = Deal.at(house)
    deal.up_to_the_contractor()
    reader = Visitor(f"http://{HOST}:{system.layout.at('mail')}")
    before = newest_mail(reader, MAIL)
    until(lambda: newest_mail(reader, MAIL) != before, "the mail that a contract waits")
    before = newest_mail(reader, MAIL)
    system.stop_program("mail")
    deal.ask_for_code()
    time.sleep(2)
    system.start_program("mail")
    found = CODE.search(read_mail(reader, MAIL, before).text)
    assert found is not None
    system.stop_program("pki")
    assert deal.give(found[1]) == "right"
    time.sleep(2)
    assert deal.state == "given"
    system.start_program("pki")
    until(lambda: deal.state == "consented", "the timestamp")
    deal.permit()
    time.sleep(0.5)
    system.kill("signing-worker")
    until(lambda: deal.state == "concluded", "the conclusion")
    (said,) = deal.said(ContractConcluded)
    for ref in (said.document, said.certificate):
        assert all(house.objects.check(ref, site).ok for site in ("a", "b"))
