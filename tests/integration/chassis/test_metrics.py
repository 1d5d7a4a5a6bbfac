"""A worker serves its metrics beside its work: neither waits for the other, and nothing of a case is in them."""

import re
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client.parser import text_string_to_metric_families

from infra.local.listeners import listeners
from infra.local.system import System
from tests.integration.chassis.conftest import Toy, eventually

EFFECTS = "SELECT count(*) FROM effect"
FACT = "document_signed.v1"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def port(hearer: Toy) -> Iterator[int]:
    """The hearer, started anew with a port for its metrics."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    hearer.end(signal.SIGKILL)
    hearer.environment["TODOKE_METRICS_PORT"] = str(number)
    hearer.start()
    eventually(lambda: any(one.port == number for one in listeners()))
    return number


def scraped(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return str(answer.read().decode())


def value(port: int, name: str, **labels: str) -> float | None:
    for family in text_string_to_metric_families(scraped(port)):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return float(sample.value)
    return None


def test_a_fact_is_counted_by_its_outcome_and_its_hop_is_timed(sayer: Toy, hearer: Toy, port: int) -> None:
    sayer.say(count=3)
    sayer.say("permanent")
    eventually(lambda: value(port, "todoke_facts_handled_total", fact=FACT, outcome="done") == 3)
    eventually(lambda: value(port, "todoke_facts_handled_total", fact=FACT, outcome="parked") == 1)
    eventually(lambda: value(port, "todoke_hop_seconds_count", fact=FACT) == 3)
    assert UUID.search(scraped(port)) is None


def test_what_waits_is_told_with_its_reason_and_age(sayer: Toy, hearer: Toy, port: int) -> None:
    sayer.say("waiting")
    eventually(lambda: value(port, "todoke_inbox_kept", state="waiting", reason="store") == 1)
    eventually(lambda: (value(port, "todoke_inbox_kept_oldest_seconds", state="waiting", reason="store") or 0) > 0)
    assert value(port, "todoke_thread_state", thread="relay", state="running") == 1
    eventually(lambda: value(port, "todoke_queue_messages", queue="archive.dead") is not None)


def test_callers_that_never_finish_their_request_hold_up_neither_facts_nor_scrapes(
    sayer: Toy, hearer: Toy, port: int
) -> None:
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    for one in silent:
        one.sendall(b"GET /metrics HTTP/1.1\r\n")
    with ThreadPoolExecutor(8) as pool:
        scrapes = [pool.submit(scraped, port) for _ in range(40)]
        sayer.say(count=20)
        eventually(lambda: hearer.count(EFFECTS) == 20)
        assert all("todoke_hop_seconds" in scrape.result() for scrape in scrapes)
    for one in silent:
        one.close()


def test_metrics_are_answered_while_the_database_is_away_and_their_age_says_so(
    hearer: Toy, port: int, servers: System
) -> None:
    eventually(lambda: value(port, "todoke_queue_messages", queue="archive.dead") is not None)  # all was read once
    servers.stop_program("postgres")
    try:
        time.sleep(7)
        assert (value(port, "todoke_sign_of_life_age_seconds") or 0) > 5
        assert (value(port, "todoke_backlog_age_seconds") or 0) > 5
    finally:
        servers.start_program("postgres")
    eventually(lambda: (value(port, "todoke_backlog_age_seconds") or 99) < 5)


def test_numbers_that_were_never_read_do_not_look_fresh(hearer: Toy, port: int, servers: System) -> None:
    servers.stop_program("postgres")
    try:
        hearer.end(signal.SIGKILL)
        hearer.start()
        eventually(lambda: any(one.port == port for one in listeners()))
        eventually(lambda: (value(port, "todoke_backlog_age_seconds") or 0) > 5)
    finally:
        servers.start_program("postgres")
    eventually(lambda: (value(port, "todoke_backlog_age_seconds") or 99) < 5)


def test_the_door_is_open_to_this_machine_only_and_closes_with_the_worker(hearer: Toy, port: int) -> None:
    (door,) = [one for one in listeners() if one.port == port]
    assert door.loopback
    began = time.monotonic()
    assert hearer.end(signal.SIGTERM) == 0
    assert time.monotonic() - began < 10
