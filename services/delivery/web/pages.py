"""The resident's inbox."""

import io
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from services.chassis.clock import now
from services.chassis.database import work_on
from services.chassis.holidays import read_holidays
from services.chassis.objects import Objects
from services.chassis.web import about_case, create_web, engine, person, person_or_none, settings, signed_in
from services.delivery import queries, use_cases
from services.delivery.settings import DeliverySettings, load
from services.delivery.store import LedgerRegister, SqlDeliveries
from services.delivery.town import delivery_rules, procedure_names, procedure_sections
from services.delivery.web import forms, posting
from services.delivery.web.views import notice_view, settings_view

blueprint = Blueprint("delivery", __name__, template_folder="templates")


def create_app(values: DeliverySettings | None = None) -> Flask:
    """What gunicorn serves.  Raises OSError, KeyError or ValueError when the town's data is wrong."""
    found = values or load()
    for read in (delivery_rules, procedure_names, procedure_sections, read_holidays):
        read(found.town_dir)
    app = create_web(found, blueprints=[blueprint, posting.blueprint], prefix="/inbox")
    app.extensions[posting.OBJECTS] = Objects.of(found)
    return app


@blueprint.app_context_processor
def words() -> dict[str, Any]:
    """What every page may name: the number beside 受信箱 in the navigation, the ways to appeal."""
    return {"unread_count": count_unread(), "remedy_words": forms.REMEDIES}


def count_unread() -> int:
    """Of the person who is signed in, if any."""
    reader = person_or_none()
    if reader is None:
        return 0
    with engine().connect() as connection:
        return queries.count_unread(connection, reader.sub)


@blueprint.get("/inbox/")
@signed_in
def get_inbox() -> str:
    """Unread notices first; the results themselves are not shown here."""
    page = max(1, request.args.get("page", 1, type=int))
    with engine().connect() as connection:
        rows = queries.inbox(connection, person().sub, page=page)
        pages = queries.count_pages(connection, person().sub)
    return render_template("delivery/inbox.html", rows=rows, page=page, pages=pages)


@blueprint.get("/inbox/<uuid:document_id>")
@signed_in
def get_notice(document_id: UUID) -> str:
    """One notice as a page: seeing it for the first time opens it."""
    refuse_prefetch()
    own_notice_or_404(document_id)
    open_once(document_id)
    shown = notice_view(own_notice_or_404(document_id), read_holidays(settings().town_dir).is_closed)
    return render_template("delivery/notice.html", view=shown)


@blueprint.get("/inbox/<uuid:document_id>/notice.pdf")
@signed_in
def get_notice_pdf(document_id: UUID) -> Response:
    """The sealed PDF, checked by its hash; taking it opens the notice too."""
    refuse_prefetch()
    page = own_notice_or_404(document_id)
    objects: Objects = current_app.extensions[posting.OBJECTS]
    data = objects.get(page.document)
    open_once(document_id)
    name = forms.file_name(page.document_number)
    response = send_file(io.BytesIO(data), page.document.media_type, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@blueprint.get("/inbox/settings")
@signed_in
def get_settings() -> str:
    """Where mails go, and how each result is received."""
    with engine().connect() as connection:
        consents = queries.consents(connection, person().sub)
    names = procedure_names(settings().town_dir)
    return render_template("delivery/settings.html", view=settings_view(consents, names))


@blueprint.get("/inbox/settings/<reception_number>")
@signed_in
def get_choice(reception_number: str) -> str:
    """How the result of one application is received, before that is changed."""
    found = own_consent_or_404(reception_number)
    return render_template("delivery/choice.html", one=found, name=procedure_name(found.procedure_id))


@blueprint.post("/inbox/settings/<reception_number>")
@signed_in
def post_choice(reception_number: str) -> ResponseReturnValue:
    """Receive the result in the other way; when it is there already, the page says so."""
    found = own_consent_or_404(reception_number)
    digital = request.form.get("how") == "digital"
    with suppress(use_cases.AlreadyDeliveredError), work_on(engine(), "delivery") as work:
        deliveries, register = SqlDeliveries(work.connection), LedgerRegister(work)
        use_cases.choose_delivery(found.case_id, person().sub, digital, deliveries, register, work.say, now())
    return redirect(url_for("delivery.get_choice", reception_number=reception_number, done=1), HTTPStatus.SEE_OTHER)


def own_consent_or_404(reception_number: str) -> queries.Consent:
    """Of an application of this person."""
    with engine().connect() as connection:
        found = queries.consent(connection, person().sub, reception_number)
    if found is None:
        abort(HTTPStatus.NOT_FOUND, forms.NO_APPLICATION)
    about_case(found.case_id)
    return found


def procedure_name(procedure_id: str) -> str:
    """As residents read it."""
    return procedure_names(settings().town_dir).get(procedure_id, procedure_id)


def own_notice_or_404(document_id: UUID) -> queries.NoticePage:
    """Another's notice is not found: that it exists is already a secret."""
    with engine().connect() as connection:
        found = queries.notice(connection, document_id, person().sub) or abort(HTTPStatus.NOT_FOUND, forms.NOT_FOUND)
    about_case(found.case_id)
    return found


def open_once(document_id: UUID) -> None:
    """Record the first opening; a HEAD shows nothing to anybody."""
    if request.method != "GET":
        return
    rules = delivery_rules(settings().town_dir)
    with work_on(engine(), "delivery") as work:
        deliveries = SqlDeliveries(work.connection)
        use_cases.open_notice(document_id, person().sub, deliveries, rules.rule_at, work.say, now())


def refuse_prefetch() -> None:
    """A browser that fetches ahead has no reader yet, and opening a notice has effects in law."""
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
