"""What the pages of intake share: the blueprint, and what it works with."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from flask import Blueprint, abort, current_app

from services.chassis.clock import today
from services.chassis.objects import Objects
from services.intake.domain.application import Application, ReceptionNumber
from services.intake.domain.procedure import Procedure, Topic
from services.intake.town import Town

pages = Blueprint("intake", __name__, template_folder="templates")
EXTENSION = "intake"


@dataclass(frozen=True)
class House:
    """Everything outside that a page reaches."""

    engine: sa.Engine
    town: Town
    objects: Objects


def house() -> House:
    """The house of this process."""
    found: House = current_app.extensions[EXTENSION]
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
    """A case id that a form sends back, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None
