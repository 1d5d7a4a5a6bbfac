"""``/apply/api/``: procedures, applications and their status for other programmes of a resident (docs/openapi.json)."""

from flask import Flask

from services.chassis.web.api import mount_api
from services.intake.web.api.contract import ADDRESS, BODY_BYTES
from services.intake.web.api.routes import api
from services.intake.web.house import SERVICE


def mount(app: Flask) -> None:
    """Give intake's app its JSON side."""
    mount_api(app, api, ADDRESS, BODY_BYTES).extensions[SERVICE] = app.extensions[SERVICE]
