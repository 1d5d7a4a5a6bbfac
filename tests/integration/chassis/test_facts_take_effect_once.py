"""Nothing accepted is lost, nothing takes effect twice, whatever is killed and whenever."""

import random
import signal
import time

import amqp
from kombu import Connection

from infra.local.system import System
from services.chassis.queues import depths
from tests.integration.chassis.conftest import Toy, eventually

EFFECTS = "SELECT count(*) FROM effect"
ONCE = "SELECT count(DISTINCT case_id) FROM effect"


def test_a_fact_that_was_said_takes_effect(sayer: Toy, hearer: Toy) -> None:
    sayer.say()
    eventually(lambda: hearer.count(EFFECTS) == 1)


def test_kills_at_random_moments_lose_nothing_and_double_nothing(sayer: Toy, hearer: Toy) -> None:
    chance = random.Random(7)
    said = 0
    for _ in range(8):
        sayer.say(count=25)
        said += 25
        time.sleep(chance.uniform(0.2, 1.5))
        victim = chance.choice([sayer, hearer])
        victim.end(signal.SIGKILL)
        victim.start()
    eventually(lambda: hearer.count(ONCE) == said, 60)
    time.sleep(1)
    assert hearer.count(EFFECTS) == said


def test_sigterm_finishes_what_is_in_hand_and_the_rest_goes_on_later(sayer: Toy, hearer: Toy) -> None:
    sayer.say(count=100)
    eventually(lambda: hearer.count(EFFECTS) > 0)
    began = time.monotonic()
    assert hearer.end(signal.SIGTERM) == 0
    assert time.monotonic() - began < 10
    hearer.start()
    eventually(lambda: hearer.count(EFFECTS) == 100)


def test_a_fact_before_its_cause_is_held_until_another_fact_of_the_service_comes(sayer: Toy, hearer: Toy) -> None:
    sayer.say("early")
    eventually(lambda: hearer.count("SELECT count(*) FROM inbox WHERE state = 'held'") == 1)
    assert hearer.count(EFFECTS) == 0
    hearer.execute("INSERT INTO switch VALUES (true)")
    eventually(lambda: hearer.count(EFFECTS) == 1)


def test_an_outage_is_waited_for_and_never_parked(sayer: Toy, hearer: Toy) -> None:
    sayer.say("waiting")
    eventually(lambda: hearer.count("SELECT count(*) FROM inbox WHERE state = 'waiting' AND tries >= 3") == 1)
    hearer.execute("INSERT INTO switch VALUES (true)")
    eventually(lambda: hearer.count(EFFECTS) == 1)


def test_a_permanent_error_is_parked_said_and_kept_whole(sayer: Toy, hearer: Toy) -> None:
    sayer.say("permanent")
    eventually(lambda: hearer.count("SELECT count(*) FROM inbox WHERE state = 'parked' AND body IS NOT NULL") == 1)
    assert hearer.count("SELECT count(*) FROM outbox WHERE routing_key = 'handling_parked.v1'") == 1
    assert hearer.count(EFFECTS) == 0


def test_what_cannot_be_decoded_goes_to_the_dead_letters(hearer: Toy) -> None:
    before = depths(hearer.settings, ["archive.dead"])["archive.dead"][0]
    with Connection(hearer.settings.amqp_uri) as connection:
        channel = connection.channel()
        message = amqp.Message("{not json", content_type="application/json", content_encoding="utf-8")
        channel.basic_publish(message, exchange="archive.retry", routing_key="archive.signing.document_signed.v1")
    eventually(lambda: depths(hearer.settings, ["archive.dead"])["archive.dead"][0] == before + 1)


def test_a_broker_that_is_away_delays_and_loses_nothing(sayer: Toy, hearer: Toy, servers: System) -> None:
    sayer.say(count=5)
    eventually(lambda: hearer.count(EFFECTS) == 5)
    servers.stop_program("rabbitmq")
    sayer.say(count=20)
    servers.start_program("rabbitmq")
    eventually(lambda: hearer.count(EFFECTS) == 25, 60)


def test_a_database_that_is_away_delays_and_loses_nothing(sayer: Toy, hearer: Toy, servers: System) -> None:
    sayer.say(count=20)
    servers.stop_program("postgres")
    time.sleep(2)
    servers.start_program("postgres")
    sayer.say(count=5)
    eventually(lambda: hearer.count(EFFECTS) == 25, 60)
