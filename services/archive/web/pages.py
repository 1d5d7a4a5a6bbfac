"""The archive's page, for the staff who keep the documents."""

from http import HTTPStatus

from flask import Blueprint, Flask, abort, render_template, request

from services.archive import queries
from services.archive.settings import ArchiveSettings, load
from services.archive.town import archivists
from services.archive.web import forms
from services.chassis.clock import today
from services.chassis.web import create_web, engine, person, settings, signed_in

blueprint = Blueprint("archive", __name__, template_folder="templates")


def create_app(values: ArchiveSettings | None = None) -> Flask:
    """What gunicorn serves.  Raises OSError or KeyError when the town's data is wrong."""
    found = values or load()
    archivists(found.town_dir, today())
    return create_web(found, blueprints=[blueprint], prefix="/archive", frame="desk")


@blueprint.get("/archive/")
@signed_in
def get_archive() -> str:
    """Every signed document with both copies; what is lost or waits comes first."""
    require_archivist()
    page = max(1, request.args.get("page", 1, type=int))
    with engine().connect() as connection:
        return render_template(
            "archive/documents.html",
            rows=queries.documents(connection, page=page),
            totals=queries.totals(connection, today()),
            sites=queries.sites(connection),
            waiting=queries.waiting(connection),
            page=page,
            words=forms,
        )


def require_archivist() -> None:
    """Documents of all residents are listed here."""
    if person().sub not in archivists(settings().town_dir, today()):
        abort(HTTPStatus.FORBIDDEN, forms.STAFF_ONLY)
