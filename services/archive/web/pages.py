"""The archive's pages, for the staff who keep the documents."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, abort, current_app, render_template, request

from services.archive import queries
from services.archive.settings import ArchiveSettings, load
from services.archive.sites import PROBE_SECONDS, probed
from services.archive.town import archivists
from services.archive.web import continuity, forms
from services.chassis.clock import now, today
from services.chassis.objects import Objects
from services.chassis.web import create_web, engine, person, settings, signed_in

blueprint = Blueprint("archive", __name__, template_folder="templates")
OBJECTS = "archive.objects"
MENU = [
    ("/archive/", "保存している文書"),
    ("/archive/continuity", "拠点が止まったとき"),
    ("/desk/", "案件の一覧"),
]


def create_app(values: ArchiveSettings | None = None) -> Flask:
    """What gunicorn serves.  Raises OSError or KeyError when the town's data is wrong."""
    found = values or load()
    archivists(found.town_dir, today())
    app = create_web(found, blueprints=[blueprint], prefix="/archive", frame="desk")
    app.extensions[OBJECTS] = Objects.of(found, read_seconds=PROBE_SECONDS)
    return app


@blueprint.app_context_processor
def words() -> dict[str, Any]:
    """What every page may name."""
    return {"words": forms, "desk_menu": MENU}


@blueprint.get("/archive/")
@signed_in
def get_archive() -> str:
    """Every signed document with both copies; what is lost or waits comes first."""
    require_archivist()
    page = max(1, request.args.get("page", 1, type=int))
    answering = probed(objects())
    with engine().connect() as connection:
        return render_template(
            "archive/documents.html",
            rows=queries.documents(connection, page=page),
            totals=queries.totals(connection, today()),
            sites=queries.sites(connection),
            waiting=queries.waiting(connection),
            answering=answering,
            asked_at=now(),
            page=page,
        )


@blueprint.get("/archive/continuity")
@signed_in
def get_continuity() -> str:
    """What works, and what waits, as the sites are now and if one or both were lost."""
    require_archivist()
    answering = probed(objects())
    with engine().connect() as connection:
        return render_template(
            "archive/continuity.html",
            view=continuity.ContinuityView(answering),
            sites=queries.sites(connection),
            waiting=queries.waiting(connection),
            asked_at=now(),
        )


def require_archivist() -> None:
    """Documents of all residents are listed here."""
    if person().sub not in archivists(settings().town_dir, today()):
        abort(HTTPStatus.FORBIDDEN, forms.STAFF_ONLY)


def objects() -> Objects:
    """Both sites, with short time-outs."""
    found: Objects = current_app.extensions[OBJECTS]
    return found
