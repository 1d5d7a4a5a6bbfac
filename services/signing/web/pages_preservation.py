"""How signed documents last: which have their archive timestamp, and which stand still until a person has looked."""

from contextlib import suppress
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.chassis.clock import now
from services.chassis.database import work_on
from services.chassis.web import engine, signed_in, typed_of
from services.signing.domain.editions import Edition, NotRefusedError
from services.signing.queries.preservation import progress, stopped, stopped_one
from services.signing.store.editions import LedgerNote, SqlEditions
from services.signing.use_cases.preservation import release_document
from services.signing.web import forms
from services.signing.web.keeping import keeper, town

blueprint = Blueprint("preservation", __name__, template_folder="templates")
NOT_FOUND = "止まっている文書の中に、この文書はありません。"


@blueprint.get("/seal/preservation")
@signed_in
def get_preservation() -> str:
    """How far all are, and what stands still."""
    types = kept_types()
    with engine().connect() as connection:
        values = {"progress": progress(connection, types), "stopped": stopped(connection, types)}
    return render_template("signing/preservation.html", seals=town(), words=forms, **values)


@blueprint.get("/seal/preservation/<uuid:document_id>")
@signed_in
def get_release(document_id: UUID) -> str:
    """What stopped it, and what to do."""
    return render_template("signing/release.html", one=stopped_or_404(document_id), seals=town(), words=forms)


@blueprint.post("/seal/preservation/<uuid:document_id>")
@signed_in
def post_release(document_id: UUID) -> ResponseReturnValue:
    """Try it again: the file is validated fully, as ever."""
    one, reason = stopped_or_404(document_id), request.form.get("reason", "")
    if mistakes := forms.reason_mistakes(forms.WHAT_WAS_DONE, reason):
        values = {"one": one, "seals": town(), "words": forms, "mistakes": mistakes, "typed": typed_of(request.form)}
        return render_template("signing/release.html", **values), HTTPStatus.UNPROCESSABLE_ENTITY
    post = town().keeper_post(one.document_type)
    with suppress(NotRefusedError), work_on(engine(), "signing") as work:
        release_document(document_id, keeper(), post, reason, SqlEditions(work.connection), LedgerNote(work), now())
    return redirect(url_for("preservation.get_preservation"), HTTPStatus.SEE_OTHER)


def kept_types() -> list[str]:
    """Types of documents under the seals that this person keeps."""
    posts = keeper().posts
    return [one for one in town().types if town().keeper_post(one) in posts]


def stopped_or_404(document_id: UUID) -> Edition:
    """One that stands still."""
    types = kept_types()
    with engine().connect() as connection:
        return stopped_one(connection, document_id, types) or abort(HTTPStatus.NOT_FOUND, NOT_FOUND)
