"""A case that waits for its applicant (補正), as it is later: the day has passed, or the answer has come."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.approval import queries
from services.approval.domain.case import Case
from services.approval.domain.correction import Answer
from services.chassis.clock import now, today
from tests.e2e.browsing import Person
from tests.e2e.world import World

PLACE = "高畠町大字高畠440番地の前、町道中央線"


def overdue(person: Person, world: World) -> None:
    """Nobody has answered in time."""
    case = waiting(world)
    case.corrections[-1] = replace(case.corrections[-1], answer_by=today() - timedelta(days=1))
    show(person, world, case)


def corrected(person: Person, world: World) -> None:
    """The applicant has answered with another place."""
    case = waiting(world)
    case.hear_answer(
        Answer(
            correction_id=case.corrections[-1].correction_id,
            application=replace(case.application, shown=tuple(map(moved, case.application.shown))),
            attachments=case.attachments,
            due_on=case.due_on + timedelta(days=3),
            answered_at=now(),
        )
    )
    show(person, world, case)


def moved(topic: Mapping[str, Any]) -> Mapping[str, Any]:
    """The topic with the other place."""
    items = [one | {"text": PLACE} if one["id"] == "location" else one for one in topic["items"]]
    return {**topic, "items": items}


def waiting(world: World) -> Case:
    """The case as the desk has it."""
    with world.app("approval").extensions["todoke.engine"].connect() as connection:
        case = queries.case(connection, world.names["asked"])
    assert case is not None
    return case


def show(person: Person, world: World, case: Case) -> None:
    """Its page, to the officer."""
    address = f"/desk/cases/{case.reception_number}"
    world.show(person, "approval", address, case.officer, approval__queries__case=case)
