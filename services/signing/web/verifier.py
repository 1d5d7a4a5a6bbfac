"""The public verifier: anybody chooses a PDF and gets a plain verdict.  Nothing of the file is kept."""

from http import HTTPStatus
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from services.chassis.clock import now
from services.chassis.handling import Waiting
from services.chassis.web import engine, settings
from services.signing import queries
from services.signing.examining import Examiners
from services.signing.queries.contracts import issued_certificate
from services.signing.revocation import CrlCache
from services.signing.settings import SigningSettings
from services.signing.town import read_town
from services.signing.verdict import Verdict
from services.signing.web import verdicts

blueprint = Blueprint("verifier", __name__, template_folder="templates")
EXAMINERS, VALUES = "signing.examiners", "signing.settings"


def prepare(app: Flask, values: SigningSettings) -> None:
    """What the pages reach.  The form changes nothing, so it needs no token: it works without cookies too."""
    app.extensions[EXAMINERS], app.extensions[VALUES] = Examiners(), values
    app.extensions["csrf"].exempt(post_verify)


@blueprint.context_processor
def frame() -> dict[str, Any]:
    """Error pages here are for the public, and lead back here."""
    return {"error_frame": "public_base.html", "shelf_prefix": "/verify"}


@blueprint.get("/verify/")
def get_verify() -> str:
    """Choose a file."""
    return render_template("signing/verify.html", limit=verdicts.LARGEST)


@blueprint.post("/verify/")
def post_verify() -> ResponseReturnValue:
    """The verdict on the file that came."""
    sent = request.files.get("pdf")
    data = sent.stream.read(verdicts.LARGEST + 1) if sent else b""
    mistakes = verdicts.mistakes(name_of(sent), data, size_of(sent))
    if mistakes:
        page = render_template("signing/verify.html", limit=verdicts.LARGEST, mistakes=mistakes)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    verdict = examined(data)
    return render_template(
        "signing/verdict.html",
        view=verdicts.view_of(verdict, name_of(sent), len(data)),
        issued=issued(verdict),
        types=read_town(settings().town_dir).types,
        limit=verdicts.LARGEST,
    )


def examined(data: bytes) -> Verdict:
    """By an examiner, with the roots and revocation lists that are known now."""
    values: SigningSettings = current_app.extensions[VALUES]
    examiners: Examiners = current_app.extensions[EXAMINERS]
    lists = CrlCache(values.state_dir / "crls", values.crl_urls).known(now())
    try:
        return examiners.verify(data, values.trust_root, lists)
    except Waiting:
        abort(HTTPStatus.SERVICE_UNAVAILABLE, verdicts.BUSY)


def issued(verdict: Verdict) -> queries.Issued | None:
    """Which document of ours this is; nothing, when it is not, or while the database is away: the verdict stands."""
    try:
        with engine().connect() as connection:
            found = queries.issued(connection, verdict.sha256)
            return found or issued_certificate(connection, verdict.sha256)
    except (sa.exc.OperationalError, sa.exc.TimeoutError):
        return None


def name_of(sent: FileStorage | None) -> str:
    """As the visitor's device calls it."""
    return (sent.filename or "") if sent else ""


def size_of(sent: FileStorage | None) -> int:
    """Of the whole file that came."""
    return sent.stream.seek(0, 2) if sent else 0
