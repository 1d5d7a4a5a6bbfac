"""A case that waits for its applicant (補正), as it is later: the day has passed, or the answer has come."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.approval import queries
from services.approval.domain.case import Case
from services.approval.domain.correction import Answer
from services.chassis.clock import now, today
from services.intake import queries as own
from services.intake.domain.application import ReceptionNumber
from services.intake.domain.correction import Correction
from tests.e2e.browsing import Person
from tests.e2e.world import World

SUB = "r-watanabe"
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


def late(person: Person, world: World) -> None:
    """The applicant's page after the day until which an answer was asked for."""
    show_asked(person, world, replace(asked(world), answer_by=today() - timedelta(days=1)))


def answered(person: Person, world: World) -> None:
    """The applicant's page once the answer is sent."""
    show_asked(person, world, replace(asked(world), answered_at=now()))


def late_case(person: Person, world: World) -> None:
    """The applicant's case after that day."""
    show_own_case(person, world, replace(asked(world), answer_by=today() - timedelta(days=1)))


def answered_case(person: Person, world: World) -> None:
    """The applicant's case once the answer is sent."""
    show_own_case(person, world, replace(asked(world), answered_at=now()))


def asked(world: World) -> Correction:
    """What is asked, as intake has it."""
    number = ReceptionNumber.parse(world.names["asked"])
    assert number is not None
    with world.app("intake").extensions["todoke.engine"].connect() as connection:
        case = own.own_case(connection, SUB, number)
        assert case is not None
        found = own.last_correction(connection, case.case_id)
    assert found is not None
    return found


def show_asked(person: Person, world: World, correction: Correction) -> None:
    """The page on which it is answered."""
    address = f"/apply/cases/{world.names['asked']}/correction"
    world.show(person, "intake", address, SUB, intake__queries__last_correction=correction)


def show_own_case(person: Person, world: World, correction: Correction) -> None:
    """The applicant's page of the case."""
    asked_of = {correction.case_id: [correction]}
    address = f"/apply/cases/{world.names['asked']}"
    world.show(person, "intake", address, SUB, intake__queries__corrections_of=asked_of)
