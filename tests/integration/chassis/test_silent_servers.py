"""A server that hangs is one that is down: nobody waits for it for ever, and staff are told what waits for long."""

import signal
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from infra.local.layout import Layout
from infra.local.system import System
from services.chassis import delays
from services.chassis.database import engine, work_on
from services.chassis.objects import ref_of
from tests.chaos.proxy import Proxy
from tests.conftest import ports
from tests.integration.chassis.conftest import Toy, eventually, signed

DETOUR = 50
PATIENCE, LONGEST = 1, 6.0
DELAYED = "SELECT count(*) FROM outbox WHERE routing_key = 'handling_delayed.v1'"
RESUMED = "SELECT count(*) FROM outbox WHERE routing_key = 'handling_resumed.v1'"


@pytest.fixture
def proxy(servers: System) -> Iterator[Proxy]:
    found = Proxy(Layout(servers.layout.state, *ports("servers"), DETOUR), ["postgres"])
    yield found
    found.end()


@pytest.fixture
def detoured(sayer: Toy, servers: System, proxy: Proxy) -> Iterator[sa.Engine]:
    """The sayer's database, reached through the proxy."""
    url = sayer.settings.database_url.get_secret_value()
    port = servers.layout.at("postgres")
    moved = type(sayer.settings.database_url)(url.replace(f":{port}/", f":{port + DETOUR}/"))
    found = engine(sayer.settings.model_copy(update={"database_url": moved}), patience=PATIENCE)
    yield found
    found.dispose()


def ask(source: sa.Engine) -> float:
    """Seconds that a question to the database takes."""
    begun = time.monotonic()
    with source.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
    return time.monotonic() - begun


def refused_after(source: sa.Engine) -> float:
    begun = time.monotonic()
    with pytest.raises(sa.exc.OperationalError):
        ask(source)
    return time.monotonic() - begun


def test_a_database_that_hangs_is_found_out_once_and_asked_again_when_it_is_back(
    detoured: sa.Engine, proxy: Proxy
) -> None:
    ask(detoured)
    proxy.become("postgres", "hang")
    assert refused_after(detoured) < LONGEST
    assert refused_after(detoured) < PATIENCE  # known by now
    proxy.become("postgres", "pass")
    eventually(lambda: answers(detoured))


def test_a_statement_in_hand_ends_when_the_database_hangs(detoured: sa.Engine, proxy: Proxy) -> None:
    with detoured.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        proxy.become("postgres", "hang")
        begun = time.monotonic()
        with pytest.raises(sa.exc.OperationalError):
            connection.execute(sa.text("SELECT 2"))
        assert time.monotonic() - begun < LONGEST
        assert connection.invalidated


def answers(source: sa.Engine) -> bool:
    try:
        return ask(source) < LONGEST
    except sa.exc.OperationalError:
        return False


def test_a_worker_stops_in_time_while_the_broker_is_away(hearer: Toy, servers: System) -> None:
    eventually(lambda: hearer.count("SELECT count(*) FROM liveness") > 0)
    servers.stop_program("rabbitmq")
    try:
        time.sleep(3)
        begun = time.monotonic()
        assert hearer.end(signal.SIGTERM) == 0
        assert time.monotonic() - begun < 10
    finally:
        servers.start_program("rabbitmq")


def test_a_long_wait_is_told_once_and_taken_back_when_it_is_over(sayer: Toy, hearer: Toy) -> None:
    sayer.say("waiting")
    eventually(lambda: hearer.count("SELECT count(*) FROM inbox WHERE state = 'waiting'") == 1)
    assert hearer.count(DELAYED) == 0
    hearer.execute("UPDATE inbox SET received_at = received_at - interval '2 minutes'")
    eventually(lambda: hearer.count(DELAYED) == 1)
    delays.tell(hearer.engine, "archive")
    assert hearer.count(DELAYED) == 1
    hearer.execute("INSERT INTO switch VALUES (true)")
    eventually(lambda: hearer.count(RESUMED) == 1)
    assert hearer.count("SELECT count(*) FROM told_delays") == 0


def test_a_fact_whose_document_no_site_takes_is_told_too(sayer: Toy) -> None:
    sayer.end(signal.SIGKILL)
    (case,) = sayer.say()
    with work_on(sayer.engine, "signing") as work:
        work.attach(ref_of(str(case), b"form", "application/json"), b"form")
        work.say(signed(case, "granted"))
    sayer.execute("UPDATE outbox SET said_at = said_at - interval '2 minutes'")
    delays.tell(sayer.engine, "signing")
    assert sayer.count(DELAYED) == 1
    assert sayer.count("SELECT count(*) FROM outbox WHERE body::json #>> '{data,server}' = 'store'") == 1
    sayer.execute("DELETE FROM unstored_documents")
    delays.tell(sayer.engine, "signing")
    assert sayer.count(RESUMED) == 1


def test_what_the_broker_has_not_taken_shows_in_the_services_own_tables(sayer: Toy) -> None:
    sayer.end(signal.SIGKILL)
    (case,) = sayer.say()
    sayer.execute("UPDATE outbox SET said_at = said_at - interval '2 minutes'")
    with sayer.engine.connect() as connection:
        (waits,) = delays.unpublished(connection, "signing")
    assert (waits.case_id, waits.server, waits.fact) == (case, "broker", "jp.todoke.signing.document_signed.v1")
