"""Consumers state the fields they read: all else of a message its sender may change."""

import ast
import importlib
import json
import pkgutil
import tomllib
import types
import typing
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.rabbitmq.definitions import heard
from services.messages import Fact

SERVICES = ("intake", "approval", "signing", "delivery", "archive")
REPOSITORY = Path(__file__).parents[2]
PACTS = Path(__file__).parent / "pacts"
SCHEMAS = REPOSITORY / "services" / "messages" / "schemas"
# The chassis reads this one for every service.
OF_THE_CHASSIS = "approval.retry_requested.v1"
OF_EVERYONE = {"handling_parked", "handling_delayed", "handling_resumed"}


def pact_of(service: str) -> dict[str, set[str]]:
    """Fields by fact."""
    return {fact: set(read) for fact, read in tomllib.loads((PACTS / f"{service}.toml").read_text())["facts"].items()}


def name_of(fact: type[Fact]) -> str:
    return f"{fact.sender or 'any'}.{fact.routing_key()}"


def read_by(service: str) -> dict[str, set[str]]:
    """What the service's own code takes out of each fact it gets."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in rooms_of(service):
        for function, kind in functions_of_facts(module):
            found[name_of(kind)] |= {
                node.attr
                for node in ast.walk(function)
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "fact"
            }
        for fact, (_, moment) in getattr(module, "FOLLOWED", {}).items():
            found[name_of(fact)] |= {"case_id", moment}
    return found


def rooms_of(service: str) -> Iterator[Any]:
    """The modules of the rooms that facts come into; a room may be a folder."""
    for room in ("use_cases", "worker"):
        module = importlib.import_module(f"services.{service}.{room}")
        yield module
        for found in pkgutil.iter_modules(getattr(module, "__path__", ())):
            yield importlib.import_module(f"{module.__name__}.{found.name}")


def functions_of_facts(module: Any) -> Iterator[tuple[ast.FunctionDef, type[Fact]]]:
    """Functions with a parameter ``fact``, once for each kind of fact that it may be."""
    for function in ast.walk(ast.parse(Path(module.__file__).read_text())):
        if isinstance(function, ast.FunctionDef):
            for argument in function.args.args:
                if argument.arg == "fact" and argument.annotation:
                    for kind in kinds(vars(module)[ast.unparse(argument.annotation)]):
                        yield function, kind


def kinds(annotation: Any) -> tuple[type[Fact], ...]:
    """The facts that an annotation allows; none for the base of all."""
    if annotation is Fact:
        return ()
    return typing.get_args(annotation) if isinstance(annotation, types.UnionType) else (annotation,)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_exactly_what_its_pact_states(service: str) -> None:
    stated = {fact: read for fact, read in pact_of(service).items() if fact != OF_THE_CHASSIS}
    assert read_by(service) == stated


@pytest.mark.parametrize("service", SERVICES)
def test_a_pact_names_every_fact_that_the_service_hears(service: str) -> None:
    heard_here = {
        f"{'any' if fact in OF_EVERYONE else sender}.{fact}.v1"
        for sender, facts in heard()[service].items()
        for fact in facts
    }
    assert set(pact_of(service)) == heard_here


@pytest.mark.parametrize("service", SERVICES)
def test_senders_promise_every_field_of_a_pact(service: str) -> None:
    for fact, read in pact_of(service).items():
        promised = json.loads((SCHEMAS / f"{fact}.json").read_text())["properties"]
        assert read <= set(promised), fact
