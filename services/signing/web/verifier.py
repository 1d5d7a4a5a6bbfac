"""The public verifier: anybody chooses a PDF and gets a plain verdict.  Nothing of the file is kept."""

import ipaddress
from http import HTTPStatus
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from services.chassis.clock import now
from services.chassis.handling import Waiting
from services.chassis.web import engine, settings
from services.chassis.web.town import read_town as read_own_town
from services.signing import queries
from services.signing.certificates import read_certificate
from services.signing.examining import Examiners
from services.signing.revocation import CrlCache
from services.signing.settings import SigningSettings
from services.signing.town import read_town
from services.signing.verdict import Verdict
from services.signing.verifier.known import FOLDER, Authority, Known, OtherTowns, read_other_towns
from services.signing.verifier.report import report_of
from services.signing.web import verdicts

blueprint = Blueprint("verifier", __name__, template_folder="templates")
EXAMINERS, VALUES, OTHER_TOWNS = "signing.examiners", "signing.settings", "signing.other_towns"
REPORT_SECONDS = 24 * 60 * 60
IPV6_NETWORK = 64


def prepare(app: Flask, values: SigningSettings) -> None:
    """What the pages reach.  The forms change nothing, so they need no token: they work without cookies too.

    Raises OSError, KeyError or tomllib.TOMLDecodeError when the folder of other towns is wrong.
    """
    app.extensions[EXAMINERS], app.extensions[VALUES] = Examiners(), values
    app.extensions[OTHER_TOWNS] = read_other_towns(values.town_dir / FOLDER)
    for form in (post_verify, post_report):
        app.extensions["csrf"].exempt(form)


@blueprint.context_processor
def frame() -> dict[str, Any]:
    """Error pages here are for the public, and lead back here."""
    return {"error_frame": "public_base.html", "shelf_prefix": "/verify"}


@blueprint.get("/verify/")
def get_verify() -> str:
    """Choose a file, while what will examine it is loaded."""
    examiners: Examiners = current_app.extensions[EXAMINERS]
    examiners.prepare()
    return render_template("signing/verify.html", limit=verdicts.LARGEST)


@blueprint.get("/verify/q/<public_id>")
def get_code(public_id: str) -> str:
    """Where the QR code of a notice leads: what it is, and the file is asked for; the picture alone proves nothing."""
    with engine().connect() as connection:
        found = queries.coded(connection, public_id)
    if found is None:
        abort(HTTPStatus.NOT_FOUND, verdicts.NO_CODE)
    town = read_town(settings().town_dir)
    kind = town.type(found.document_type)
    return render_template("signing/code.html", found=found, kind=kind, office=town.office, limit=verdicts.LARGEST)


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
        sealed=sealer().dumps(verdict.as_json()),
    )


@blueprint.post("/verify/report")
def post_report() -> Response:
    """The verdict that the page has shown, as a report (ETSI TS 119 102-2).  It comes back with the form, sealed by us:
    nothing of the file has been kept.
    """
    try:
        values = sealer().loads(request.form.get("verdict", ""), max_age=REPORT_SECONDS)
    except BadSignature:
        abort(HTTPStatus.GONE, verdicts.NO_REPORT)
    verdict = Verdict.from_json(values)
    headers = {"Content-Disposition": f'attachment; filename="verification-{verdict.sha256[:12]}.xml"'}
    return Response(report_of(verdict), mimetype="application/xml", headers=headers)


def sealer() -> URLSafeTimedSerializer:
    """So that no report is given out that says what was never found here."""
    return URLSafeTimedSerializer(settings().secret_key.get_secret_value(), salt="signing.verdict")


def examined(data: bytes) -> Verdict:
    """By an examiner, with the roots and revocation lists that are known now."""
    values: SigningSettings = current_app.extensions[VALUES]
    examiners: Examiners = current_app.extensions[EXAMINERS]
    try:
        return examiners.verify(data, known_here(values), visitor())
    except Waiting:
        abort(HTTPStatus.SERVICE_UNAVAILABLE, verdicts.BUSY)


def known_here(values: SigningSettings) -> Known:
    """This town's roots, those of other towns, and their revocation lists."""
    others: OtherTowns = current_app.extensions[OTHER_TOWNS]
    lists = CrlCache(values.state_dir / "crls", (*values.crl_urls, *others.crl_urls)).known(now())
    own = Authority(read_own_town(values.town_dir).name, values.trust_root.read_bytes())
    return Known((own, *others.authorities), lists, read_certificate(values.seal_certificate).organization)


def visitor() -> str:
    """Who sends the file, as far as the network tells: one address, or the network of one household (IPv6)."""
    address = request.remote_addr or ""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address.partition('%')[0]}/{IPV6_NETWORK}", strict=False))


def issued(verdict: Verdict) -> queries.Issued | None:
    """Which document of ours this is; nothing, when it is not, or while the database is away: the verdict stands."""
    try:
        with engine().connect() as connection:
            return queries.issued(connection, verdict.sha256)
    except (sa.exc.OperationalError, sa.exc.TimeoutError):
        return None


def name_of(sent: FileStorage | None) -> str:
    """As the visitor's device calls it."""
    return (sent.filename or "") if sent else ""


def size_of(sent: FileStorage | None) -> int:
    """Of the whole file that came."""
    return sent.stream.seek(0, 2) if sent else 0
