"""What the pages of approval share: the blueprint, the town's data, the document store, and who is there."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, abort, current_app

from services.approval import queries
from services.approval.domain.case import Case
from services.approval.papers import StoredPapers
from services.approval.store import LedgerRegister, SqlCases, SqlNumbers
from services.approval.town import Town
from services.approval.use_cases import Ports
from services.approval.web import forms
from services.approval.web.people import Names, Staff, staff_of
from services.chassis.clock import today
from services.chassis.database import Work
from services.chassis.objects import Objects
from services.chassis.web import about_case, engine, person

SERVICE = "approval"
pages = Blueprint(SERVICE, __name__, template_folder="templates")


@dataclass(frozen=True)
class House:
    """What a page reaches beside the database."""

    town: Town
    objects: Objects


def house() -> House:
    """The house of this process."""
    found: House = current_app.extensions[SERVICE]
    return found


def staff() -> Staff:
    """The person with the posts of today.  Raises NotStaffError."""
    return staff_of(person().sub, house().town.rulebook.organisation, today())


def names() -> Names:
    """What everybody is called today."""
    return Names(house().town.rulebook.organisation, today())


def case_or_404(number: str) -> Case:
    """The case, if this person may read it; that another exists is not told."""
    viewer = staff().viewer
    with engine().connect() as connection:
        found = queries.case(connection, number)
    if found is None or not found.may_be_read_by(viewer.posts, viewer.department):
        abort(HTTPStatus.NOT_FOUND, forms.NOT_FOUND)
    about_case(found.case_id)
    return found


def ports(work: Work) -> Ports:
    """All that an act writes to, within one commit."""
    return Ports(
        cases=SqlCases(work.connection),
        numbers=SqlNumbers(work.connection),
        papers=StoredPapers(house().objects, work),
        town=house().town,
        register=LedgerRegister(work),
        say=work.say,
    )


def id_or_none(text: str) -> UUID | None:
    """An id that a form sends back, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None
