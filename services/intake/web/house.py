"""What the pages of intake share: the blueprint, the town's data and the document store."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, abort, current_app

from services.chassis.clock import today
from services.chassis.objects import Objects
from services.intake.domain.application import Application, ReceptionNumber
from services.intake.domain.calendar import Calendar
from services.intake.domain.procedure import Procedure, Topic
from services.intake.town import Town

SERVICE = "intake"
pages = Blueprint(SERVICE, __name__, template_folder="templates")


@dataclass(frozen=True)
class House:
    """What a page reaches beside the database."""

    town: Town
    objects: Objects
    calendar: Calendar


def house() -> House:
    """The house of this process."""
    found: House = current_app.extensions[SERVICE]
    return found


def procedure_or_404(procedure_id: str, day: date | None = None) -> Procedure:
    """The procedure as it is valid on this day; today, if none is given."""
    return house().town.procedure(procedure_id, day or today()) or abort(404)


def topic_or_404(procedure: Procedure, topic_id: str) -> Topic:
    """The topic of this id."""
    return procedure.form.topic(topic_id) or abort(404)


def number_or_404(text: str) -> ReceptionNumber:
    """The reception number that a URL names."""
    return ReceptionNumber.parse(text) or abort(404)


def procedure_of(application: Application) -> Procedure:
    """The version that the application was made with."""
    return house().town.version(application.procedure_id, application.procedure_version)


def id_or_none(text: str) -> UUID | None:
    """An id that a form sends back, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None
