"""Documents of a case: what was attached, the notice as it will be, and the signed one; each checked by its hash."""

from collections.abc import Mapping
from http import HTTPStatus
from io import BytesIO
from typing import Any

from flask import Response, abort, request, send_file

from services.approval.domain.case import Case
from services.approval.domain.notice import Application
from services.approval.domain.paper import Paper
from services.approval.pictures import JPEG, NoPictureError, reduced
from services.approval.use_cases import reference_of
from services.approval.web.house import case_or_404, house, pages
from services.chassis.web import signed_in

PDF = "application/pdf"
# What every browser shows by itself; anything else is saved.
SHOWN = frozenset({"image/jpeg", "image/png", PDF})
EDGES = {"small": 320, "large": 1600}
# A browser's viewer of PDF does not work in a sandbox; it is one, and the gateway says what it may do.
LOCKED = "default-src 'none'; sandbox"


@pages.get("/desk/cases/<number>/files/<file_id>")
@signed_in
def get_file(number: str, file_id: str) -> Response:
    """One attachment, as it was sent."""
    case = case_or_404(number)
    listed, ref = attachment_or_404(case, file_id)
    return document(ref, str(listed["name"]), inline=ref.media_type in SHOWN)


@pages.get("/desk/cases/<number>/files/<file_id>/<any(small, large):size>.jpg")
@signed_in
def get_picture(number: str, file_id: str, size: str) -> Response:
    """An attached photo, upright and smaller."""
    _, paper = attachment_or_404(case_or_404(number), file_id)
    try:
        data = reduced(house().objects.get(reference_of(paper)), EDGES[size])
    except NoPictureError:
        abort(HTTPStatus.NOT_FOUND)
    return shut_in(send_file(BytesIO(data), JPEG))


@pages.get("/desk/cases/<number>/preview.pdf")
@signed_in
def get_preview(number: str) -> Response:
    """The notice as it will be: without number, date and seal."""
    case = case_or_404(number)
    ref = (case.check.preview if case.check else None) or abort(HTTPStatus.NOT_FOUND)
    return document(ref, f"{case.reception_number}_見本_第{case.seen.version}版.pdf")


@pages.get("/desk/cases/<number>/notice.pdf")
@signed_in
def get_notice(number: str) -> Response:
    """The signed notice."""
    case = case_or_404(number)
    ref = case.document or abort(HTTPStatus.NOT_FOUND)
    name = case.decision.document_number if case.decision else case.reception_number
    return document(ref, f"通知書_{name}.pdf")


def attachment_or_404(case: Case, file_id: str) -> tuple[Mapping[str, Any], Paper]:
    """What the form document says of a file, and where it is; ``before``: of what was there before a correction."""
    application, attachments = filed(case)
    listed = next((one for one in application.attachments if one["id"] == file_id), None)
    if listed is None:
        abort(HTTPStatus.NOT_FOUND)
    ref = next((one for one in attachments if one.sha256 == listed["sha256"]), None)
    return listed, ref or abort(HTTPStatus.NOT_FOUND)


def filed(case: Case) -> tuple[Application, tuple[Paper, ...]]:
    """The application as it is; with ``before``, as it was when that correction (from 1) was asked for."""
    if "before" not in request.args:
        return case.application, case.attachments
    place = request.args.get("before", 0, type=int)
    if not 0 < place <= len(case.corrections):
        abort(HTTPStatus.NOT_FOUND)
    correction = case.corrections[place - 1]
    return correction.application, correction.attachments


def document(paper: Paper, name: str, *, inline: bool = True) -> Response:
    """The bytes, if their hash is right; whichever site has them."""
    data = house().objects.get(reference_of(paper))
    return shut_in(send_file(BytesIO(data), paper.media_type, as_attachment=not inline, download_name=name))


def shut_in(response: Response) -> Response:
    """It runs nothing, reaches nothing and stays nowhere: a resident's file may hold anything."""
    if response.mimetype != PDF:
        response.headers["Content-Security-Policy"] = LOCKED
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
