"""The seal keeper's (公印管守者) pages."""

import io
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, abort, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from services.chassis.clock import now
from services.chassis.database import Work, work_on
from services.chassis.objects import Objects
from services.chassis.web import about_case, create_web, engine, settings, signed_in, typed_of
from services.signing import queries, use_cases
from services.signing.certificates import read_certificate
from services.signing.domain import AlreadyActedError, Keeper
from services.signing.queries.contracts import evidence
from services.signing.settings import SigningSettings, load
from services.signing.store import LedgerRegister, SqlDocuments
from services.signing.web import forms, pages_contractor, pages_preservation, pages_seal_book, pages_standing, verifier
from services.signing.web.keeping import keeper, town
from services.signing.web.views import DocumentView

blueprint = Blueprint("signing", __name__, template_folder="templates")
OBJECTS = "signing.objects"


def create_app(values: SigningSettings | None = None) -> Flask:
    """What gunicorn serves."""
    found = values or load()
    keepers = [blueprint, pages_seal_book.blueprint, pages_standing.blueprint, pages_preservation.blueprint]
    blueprints = [*keepers, pages_contractor.blueprint, verifier.blueprint]
    app = create_web(found, blueprints=blueprints, prefix="/seal", frame="desk")
    app.extensions[OBJECTS] = Objects.of(found)
    verifier.prepare(app, found)
    return app


@blueprint.context_processor
def words() -> dict[str, Any]:
    """What every page may name."""
    return {"words": forms}


@blueprint.get("/seal/")
@signed_in
def get_documents() -> str:
    """What waits for the permit, what is being signed, what was done lately."""
    posts = keeper().posts
    page = max(1, request.args.get("page", 1, type=int))
    with engine().connect() as connection:
        return render_template(
            "signing/documents.html",
            waiting=queries.waiting(connection, posts, page=page),
            count=queries.count_waiting(connection, posts),
            signing=queries.signing(connection, posts),
            lately=queries.lately(connection, posts),
            seals=town(),
            page=page,
            per_page=queries.PER_PAGE,
        )


@blueprint.get("/seal/<uuid:document_id>")
@signed_in
def get_document(document_id: UUID) -> str:
    """One document against its decision."""
    keeper_posts = keeper().posts
    view = view_or_404(document_id)
    with engine().connect() as connection:
        others = queries.count_waiting(connection, keeper_posts) - (view.document.state == "waiting")
        lately = queries.lately(connection, keeper_posts, limit=5)
    moved_on = "moved_on" in request.args and view.document.state != "waiting"
    return render_template(
        "signing/document.html", view=view, others=others, lately=lately, moved_on=moved_on, now=now()
    )


@blueprint.post("/seal/<uuid:document_id>/permit")
@signed_in
def post_permit(document_id: UUID) -> ResponseReturnValue:
    """Let the seal be used: signing begins with the commit."""
    return acted(document_id, "permitted", "")


@blueprint.get("/seal/<uuid:document_id>/refuse")
@signed_in
def get_refuse(document_id: UUID) -> ResponseReturnValue:
    """Why the seal is not to be used."""
    view = view_or_404(document_id)
    if view.document.state != "waiting":
        return redirect(url_for("signing.get_document", document_id=document_id, moved_on=1))
    return render_template("signing/refuse.html", view=view)


@blueprint.post("/seal/<uuid:document_id>/refuse")
@signed_in
def post_refuse(document_id: UUID) -> ResponseReturnValue:
    """Do not let the seal be used: back to the drafter, with the reason."""
    reason = request.form.get("reason", "")
    if mistakes := forms.reason_mistakes(forms.WHY_REFUSED, reason):
        page = render_template(
            "signing/refuse.html", view=view_or_404(document_id), mistakes=mistakes, typed=typed_of(request.form)
        )
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    return acted(document_id, "refused", reason)


@blueprint.get("/seal/<uuid:document_id>/notice.pdf")
@signed_in
def get_notice_pdf(document_id: UUID) -> Response:
    """The signed file; before there is one, the notice as it will be."""
    view = view_or_404(document_id)
    ref = view.file or abort(HTTPStatus.NOT_FOUND, forms.NOT_FOUND)
    objects: Objects = current_app.extensions[OBJECTS]
    name = forms.file_name(view.kind.form, view.document.document_number, view.sheet.sealed is not None)
    response = send_file(io.BytesIO(objects.get(ref)), ref.media_type, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def acted(document_id: UUID, state: str, reason: str) -> ResponseReturnValue:
    """Permit or refuse, once, and go to the page, which says who was first."""
    actor = keeper()
    if view_or_404(document_id).document.state == "waiting":  # else its row may be locked by the signing
        with suppress(AlreadyActedError), work_on(engine(), "signing") as work:
            act(work, document_id, actor, state, reason)
    return redirect(page_after(document_id, actor, state), HTTPStatus.SEE_OTHER)


def act(work: Work, document_id: UUID, actor: Keeper, state: str, reason: str) -> None:
    """Raises NotTheKeeperError, AlreadyActedError, ReasonMissingError."""
    documents, register = SqlDocuments(work.connection), LedgerRegister(work)
    if state == "permitted":
        use_cases.permit_seal(document_id, actor, documents, register, work.say, now())
    else:
        use_cases.refuse_seal(document_id, actor, reason, documents, register, work.say, now())


def page_after(document_id: UUID, actor: Keeper, state: str) -> str:
    """Where an act leads: that another was first is news, a second click of one's own is none."""
    document = view_or_404(document_id).document
    own = document.acted_subject == actor.subject and (document.state == "refused") == (state == "refused")
    return url_for("signing.get_document", document_id=document_id, moved_on=None if own else 1)


def view_or_404(document_id: UUID) -> DocumentView:
    """A document under a seal that this person keeps."""
    with engine().connect() as connection:
        sheet = queries.sheet(connection, document_id, keeper().posts)
        consent = evidence(connection, document_id)
    if sheet is None:
        abort(HTTPStatus.NOT_FOUND, forms.NOT_FOUND)
    about_case(sheet.document.case_id)
    values = settings()
    assert isinstance(values, SigningSettings)  # noqa: S101 - create_app has put them there
    return DocumentView(sheet, town(), read_certificate(values.seal_certificate), consent)
