"""Queue names are wire: what lies in a renamed queue is lost."""

import importlib
from pathlib import Path

import yaml

from infra.rabbitmq.definitions import definitions, heard
from services.chassis.inbox import Worker

REPOSITORY = Path(__file__).parents[2]
SERVICES = ("intake", "approval", "signing", "delivery", "archive")
WIRE = Path(__file__).with_name("queues.txt")


def worker_of(service: str) -> type[Worker]:
    module = importlib.import_module(f"services.{service}.worker")
    (found,) = [
        kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Worker) and kind.name
    ]
    return found


def consumed(service: str) -> set[str]:
    marks = [
        getattr(method, "heard", [])
        for method in (getattr(worker_of(service), name) for name in dir(worker_of(service)) if name.startswith("on_"))
    ]
    return {f"{service}.{sender}.{fact.routing_key()}" for mark in marks for fact, sender in mark}


def declared(service: str) -> set[str]:
    return {f"{service}.{sender}.{fact}.v1" for sender, facts in heard()[service].items() for fact in facts}


def test_each_service_consumes_exactly_the_queues_that_the_broker_declares_for_it() -> None:
    for service in SERVICES:
        assert consumed(service) == declared(service), service


def test_the_list_of_queue_names_is_the_one_that_was_agreed() -> None:
    names = sorted(queue["name"] for queue in definitions({})["queues"])
    assert names == WIRE.read_text().split()


def test_every_queue_is_a_quorum_queue() -> None:
    assert {queue["arguments"]["x-queue-type"] for queue in definitions({})["queues"]} == {"quorum"}


def test_each_worker_says_how_many_handlers_run_at_once() -> None:
    for service in SERVICES:
        config = yaml.safe_load((REPOSITORY / "services" / service / "config.yaml").read_text())
        assert 1 <= config["max_workers"] <= 10
