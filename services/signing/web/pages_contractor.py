"""The contractor's pages: list, read and consent with a one-time code, decline, fetch the concluded files."""

import hashlib
import io
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from services.chassis.canonical import canonical_json
from services.chassis.clock import now, today
from services.chassis.database import work_on
from services.chassis.objects import Objects
from services.chassis.web import Mistake, about_case, engine, person, settings, sign_in_of_person, signed_in, typed_of
from services.chassis.web.forms import ONE_TIME_CODE
from services.messages import DocumentRef
from services.signing.codes import CodeMaker
from services.signing.domain.contracts import (
    OfferClosedError,
    OfferExpiredError,
    OtherDocumentError,
    Shown,
    SignedIn,
    TooManyCodesError,
    TooSoonError,
)
from services.signing.queries.contracts import ContractSheet, contract_of_person, contracts_of
from services.signing.store.contracts import SqlContracts
from services.signing.use_cases import contracts as acts
from services.signing.web import signing_words
from services.signing.web.contract_views import ContractView, parts_of

blueprint = Blueprint("contractor", __name__, template_folder="templates")
OBJECTS = "signing.objects"
CLOSED = (OfferClosedError, OfferExpiredError)


@blueprint.context_processor
def frame() -> dict[str, Any]:
    """Error pages here are for the contractor, and lead back here."""
    return {"error_frame": "signing/sign_base.html", "sign_words": signing_words, "home": "/sign/"}


@blueprint.get("/sign/")
@signed_in
def get_contracts() -> str:
    """The person's contracts, those that wait for the person first."""
    with engine().connect() as connection:
        sheets = contracts_of(connection, person().sub)
    return render_template("signing/contracts.html", parts=parts_of([ContractView(one, today()) for one in sheets]))


@blueprint.get("/sign/<uuid:document_id>")
@signed_in
def get_contract(document_id: UUID) -> str:
    """Read all, then consent."""
    return render_template("signing/contract.html", view=view_or_404(document_id))


@blueprint.get("/sign/<uuid:document_id>/contract.pdf")
@signed_in
def get_contract_pdf(document_id: UUID) -> Response:
    """The very document that is consented to; the concluded one begins with its bytes."""
    sheet = view_or_404(document_id).sheet
    return sent(sheet.texts.offered, signing_words.file_name("契約書案", sheet.contract.contract_number))


@blueprint.get("/sign/<uuid:document_id>/consent")
@signed_in
def get_consent(document_id: UUID) -> ResponseReturnValue:
    """What a consent does, and the way to the code."""
    view = view_or_404(document_id)
    return consent_page(view) if view.is_open else redirect(page_of(document_id))


@blueprint.post("/sign/<uuid:document_id>/code")
@signed_in
def post_code(document_id: UUID) -> ResponseReturnValue:
    """Send a code: the worker makes and mails it."""
    view = view_or_404(document_id)
    try:
        with work_on(engine(), "signing") as work:
            contracts = SqlContracts(work.connection)
            acts.request_code(document_id, person().sub, uuid4(), contracts, work.say, today(), now())
    except (TooSoonError, TooManyCodesError) as error:
        text = signing_words.TOO_SOON if isinstance(error, TooSoonError) else signing_words.TOO_MANY
        return consent_page(view, Mistake(ONE_TIME_CODE, text)), HTTPStatus.TOO_MANY_REQUESTS
    except CLOSED:
        return redirect(page_of(document_id), HTTPStatus.SEE_OTHER)
    return redirect(url_for("contractor.get_consent", document_id=document_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/sign/<uuid:document_id>/consent")
@signed_in
def post_consent(document_id: UUID) -> ResponseReturnValue:
    """The code and the hash that was shown: the consent."""
    view, typed = view_or_404(document_id), signing_words.code_of(request.form.get(ONE_TIME_CODE, ""))
    if not view.is_open:
        return redirect(page_of(document_id), HTTPStatus.SEE_OTHER)
    mistakes = signing_words.code_mistakes(typed)
    mistake = mistakes[0] if mistakes else None
    with suppress(*CLOSED):
        mistake = mistake or given(document_id, typed)
    if mistake:
        return consent_page(view_or_404(document_id), mistake), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(page_of(document_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/sign/<uuid:document_id>/decline")
@signed_in
def get_decline(document_id: UUID) -> ResponseReturnValue:
    """What it means not to consent."""
    view = view_or_404(document_id)
    return render_template("signing/decline.html", view=view) if view.is_open else redirect(page_of(document_id))


@blueprint.post("/sign/<uuid:document_id>/decline")
@signed_in
def post_decline(document_id: UUID) -> ResponseReturnValue:
    """The contractor does not consent."""
    view, reason = view_or_404(document_id), request.form.get("reason", "")
    if mistakes := signing_words.reason_mistakes(reason):
        page = render_template("signing/decline.html", view=view, mistakes=mistakes, typed=typed_of(request.form))
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    with suppress(*CLOSED), work_on(engine(), "signing") as work:
        contracts = SqlContracts(work.connection)
        acts.decline_contract(document_id, person().sub, reason, contracts, work.say, today(), now())
    return redirect(page_of(document_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/sign/<uuid:document_id>/pack")
@signed_in
def get_pack(document_id: UUID) -> ResponseReturnValue:
    """The concluded contract and its certificate."""
    view = view_or_404(document_id)
    if view.sheet.concluded is None:
        return redirect(page_of(document_id))
    return render_template("signing/pack.html", view=view)


@blueprint.get("/sign/<uuid:document_id>/pack/<any(contract, certificate):which>.pdf")
@signed_in
def get_pack_file(document_id: UUID, which: str) -> Response:
    """One of the two files."""
    sheet = view_or_404(document_id).sheet
    ref = (sheet.concluded if which == "contract" else sheet.certificate) or abort(
        HTTPStatus.NOT_FOUND, signing_words.NOT_FOUND
    )
    kind = "契約書" if which == "contract" else "合意締結証明書"
    return sent(ref, signing_words.file_name(kind, sheet.contract.contract_number), as_attachment=True)


def given(document_id: UUID, typed: str) -> Mistake | None:
    """Enter the code; a wrong one is counted.  Raises OfferClosedError, OfferExpiredError."""
    shown = Shown(
        sha256=request.form.get("sha256", ""),
        sentence_version=signing_words.SENTENCE_VERSION,
        sentence=signing_words.SENTENCE,
    )
    try:
        with work_on(engine(), "signing") as work:
            contracts, keys = SqlContracts(work.connection), CodeMaker(settings().secret_key)
            answer, left = acts.give_consent(
                document_id, signed_in_person(), shown, typed, contracts, keys, canonical_json, work.say, now()
            )
    except OtherDocumentError:
        return Mistake(ONE_TIME_CODE, signing_words.OTHER_DOCUMENT)
    return None if answer == "right" else signing_words.answer_mistake(answer, left)


def signed_in_person() -> SignedIn:
    """How this person is signed in; the provider's session by its hash only."""
    sid, since = sign_in_of_person()
    return SignedIn(
        issuer=settings().oidc_issuer,
        subject=person().sub,
        sid_sha256=hashlib.sha256(sid.encode()).hexdigest(),
        since=since,
    )


def consent_page(view: ContractView, mistake: Mistake | None = None) -> str:
    """With what is wrong, if anything."""
    return render_template("signing/consent.html", view=view, now=now(), mistakes=[mistake] if mistake else [])


def page_of(document_id: UUID) -> str:
    """Where every act leads."""
    return url_for("contractor.get_contract", document_id=document_id)


def view_or_404(document_id: UUID) -> ContractView:
    """Another's contract is not found: that it exists is already a secret."""
    with engine().connect() as connection:
        sheet: ContractSheet | None = contract_of_person(connection, document_id, person().sub)
    if sheet is None:
        abort(HTTPStatus.NOT_FOUND, signing_words.NOT_FOUND)
    about_case(sheet.contract.case_id)
    return ContractView(sheet, today())


def sent(ref: DocumentRef, name: str, *, as_attachment: bool = False) -> Response:
    """A stored file, checked by its hash."""
    objects: Objects = current_app.extensions[OBJECTS]
    data = io.BytesIO(objects.get(ref))
    response = send_file(data, ref.media_type, as_attachment=as_attachment, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
