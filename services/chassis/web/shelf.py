"""What the current app knows of itself: its settings, its engine, its first address."""

import sqlalchemy as sa
from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from services.chassis.settings import Settings

shelf = Blueprint("shelf", __name__, template_folder="templates")


def settings() -> Settings:
    """The settings of the current app."""
    found: Settings = current_app.extensions["todoke.settings"]
    return found


def engine() -> sa.Engine:
    """The database of the current app."""
    found: sa.Engine = current_app.extensions["todoke.engine"]
    return found


def prefix() -> str:
    """The first part of the service's addresses: ``/apply``."""
    return str(current_app.extensions["todoke.prefix"])


def is_https() -> bool:
    """Whether people reach this app by HTTPS."""
    return settings().public_url.startswith("https:")


@shelf.get("/healthz")
def get_health() -> ResponseReturnValue:
    """Whether this process can serve pages: it answers and reaches its database."""
    try:
        with engine().connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError:
        return {"database": "down"}, 503
    return {"database": "ok"}
