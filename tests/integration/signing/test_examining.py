"""Whatever a stranger sends costs its own process, little, and nobody else's turn."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest

from services.chassis.handling import Waiting
from services.signing.examining import Examined, Examiners
from services.signing.pades import add_validation_data, certify
from services.signing.verdict import TOO_COMPLEX
from services.signing.verifier.examiner import CHILD_BYTES, CHILD_CPU_LIMIT
from services.signing.verifier.known import Authority, Known
from services.signing.verifier.turns import Turns
from tests.integration.signing.attacks.forging import Forger
from tests.integration.signing.attacks.originals import sealing_of
from tests.integration.signing.hostile import HOSTILE, with_many_pages
from tests.integration.signing.pki import Pki

PATIENCE = 60


@pytest.fixture(scope="module")
def examiners() -> Iterator[Examiners]:
    found = Examiners()
    yield found
    found.close()


@pytest.fixture(scope="module")
def known(pki: Pki) -> Known:
    return Known((Authority("高畠町", pki.root_pem.read_bytes()),), pki.trust.crls)


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_a_hostile_file_costs_two_seconds_and_200_megabytes_at_most_while_another_visitor_is_served(
    make: Callable[[], bytes], signed: bytes, examiners: Examiners, known: Known
) -> None:
    found: list[Examined] = []
    pdf = make()
    hostile = threading.Thread(target=lambda: found.append(examiners.examine(pdf, known, "hostile")))
    hostile.start()
    assert examiners.verify(signed, known, "honest").status == "valid"
    hostile.join(PATIENCE)
    (examined,) = found
    assert examined.verdict.status != "valid"
    assert examined.cpu_seconds is not None
    assert examined.cpu_seconds <= CHILD_CPU_LIMIT
    assert examined.bytes is not None
    assert examined.bytes <= CHILD_BYTES


def test_an_honest_file_costs_a_small_part_of_what_it_may(signed: bytes, examiners: Examiners, known: Known) -> None:
    examined = examiners.examine(signed, known, "honest")
    assert examined.verdict.status == "valid"
    assert examined.cpu_seconds is not None
    assert examined.cpu_seconds < CHILD_CPU_LIMIT / 4


def test_six_hundred_pages_are_no_attack(unsigned: bytes, pki: Pki, examiners: Examiners, known: Known) -> None:
    signed = certify(with_many_pages(unsigned, 600), sealing_of(pki), datetime.now(UTC))
    examined = examiners.examine(add_validation_data(signed, pki.trust), known, "honest")
    assert (examined.verdict.status, examined.verdict.level) == ("valid", "B-LT")


def test_a_large_file_is_no_attack(unsigned: bytes, pki: Pki, examiners: Examiners, known: Known) -> None:
    forger = Forger(unsigned)
    picture = b"<</Length 28000000>>\nstream\n%b\nendstream" % bytes(28_000_000)
    signed = certify(forger.revise({forger.size: picture}), sealing_of(pki), datetime.now(UTC))
    assert examiners.verify(signed, known, "honest").status == "valid"


def test_the_program_is_started_anew_when_it_dies(signed: bytes, known: Known) -> None:
    before = set(children_of(os.getpid()))
    examiners = Examiners()
    assert examiners.verify(signed, known).status == "valid"
    (program,) = set(children_of(os.getpid())) - before
    os.kill(program, signal.SIGKILL)
    answer = examiners.verify(signed, known).status
    examiners.close()
    assert answer == "valid"
    assert set(children_of(os.getpid())) <= before


def test_a_child_that_dies_costs_its_own_answer_only(signed: bytes, known: Known) -> None:
    before = set(children_of(os.getpid()))
    examiners = Examiners()
    examiners.verify(signed, known)
    (program,) = set(children_of(os.getpid())) - before
    found: list[Examined] = []
    slow = threading.Thread(target=lambda: found.append(examiners.examine(HOSTILE[0](), known, "slow")))
    slow.start()
    until = monotonic() + PATIENCE
    while not (children := children_of(program)) and monotonic() < until:
        sleep(0.005)
    os.kill(children[0], signal.SIGKILL)
    slow.join(PATIENCE)
    assert found[0].verdict.reasons == (TOO_COMPLEX,)
    assert examiners.verify(signed, known).status == "valid"
    assert children_of(program) == []
    examiners.close()


def test_the_program_knows_no_secret_of_the_web_process(
    signed: bytes, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TODOKE_PKCS11_PIN", "1234")
    before = set(children_of(os.getpid()))
    examiners = Examiners()
    examiners.verify(signed, known)
    (program,) = set(children_of(os.getpid())) - before
    environment = Path(f"/proc/{program}/environ").read_bytes()
    examiners.close()
    assert b"TODOKE" not in environment


def test_a_visitor_has_one_turn_and_one_place_in_the_queue() -> None:
    turns = Turns(places=2, waiting=3)
    with turns.taken_by("a", 1):
        with pytest.raises(Waiting), turns.taken_by("a", 0.01):
            pass
        with turns.taken_by("b", 1), pytest.raises(Waiting), turns.taken_by("c", 0.01):
            pass
        with turns.taken_by("c", 1):
            pass


def test_the_second_file_of_a_visitor_stands_behind_everybody_who_has_none_inside() -> None:
    turns, order, inside = Turns(places=2, waiting=3), [], threading.Event()

    def come(visitor: str) -> None:
        with turns.taken_by(visitor, PATIENCE):
            order.append(visitor)
            inside.wait(PATIENCE)

    with turns.taken_by("many", 1):
        second = threading.Thread(target=come, args=("many",))
        second.start()
        other = threading.Thread(target=come, args=("other",))
        other.start()
        until = monotonic() + PATIENCE
        while order != ["other"] and monotonic() < until:
            sleep(0.005)
        assert order == ["other"]
    inside.set()
    second.join(PATIENCE)
    other.join(PATIENCE)
    assert order == ["other", "many"]


def test_more_than_may_wait_are_sent_away_at_once() -> None:
    turns, started = Turns(places=1, waiting=1), monotonic()
    with turns.taken_by("a", 1):
        waiting = threading.Thread(target=lambda: turns.taken_by("b", PATIENCE).__enter__())
        waiting.start()
        until = monotonic() + PATIENCE
        while not turns.queue and monotonic() < until:
            sleep(0.005)
        with pytest.raises(Waiting), turns.taken_by("c", PATIENCE):
            pass
        assert monotonic() - started < PATIENCE / 2
    waiting.join(PATIENCE)
