"""Notices that go on paper, for the office in charge: print the copy, post it, write down number and date."""

import io
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from services.chassis.clock import TOKYO, now, today
from services.chassis.database import work_on
from services.chassis.objects import Objects
from services.chassis.web import Mistake, about_case, engine, person, settings, signed_in, typed_of
from services.chassis.web.forms import day_fields
from services.delivery import queries, use_cases
from services.delivery.copies import marked_copy
from services.delivery.domain.paper import AlreadyPostedError, Posting, PostingDayError
from services.delivery.store import LedgerRegister, SqlDeliveries
from services.delivery.town import member_name, procedure_sections, sections_of
from services.delivery.use_cases import PostPaper
from services.delivery.web import forms

blueprint = Blueprint("posting", __name__, template_folder="templates")
OBJECTS = "delivery.objects"
PDF = "application/pdf"


@blueprint.context_processor
def frame() -> dict[str, Any]:
    """Error pages here are for staff, and lead back to the desk."""
    return {"error_frame": "desk_base.html", "home": "/desk/", "words": forms}


@blueprint.get("/post/")
@signed_in
def get_papers() -> str:
    """What this person's office has to post, and what it posted lately."""
    procedures = own_procedures()
    with engine().connect() as connection:
        waiting, posted = queries.to_post(connection, procedures), queries.posted(connection, procedures)
    return render_template("delivery/papers.html", waiting=waiting, posted=posted)


@blueprint.get("/post/<uuid:document_id>")
@signed_in
def get_paper(document_id: UUID) -> str:
    """One notice: whom it goes to, the copy, what to enter."""
    return paper_page(paper_or_404(document_id))


@blueprint.get("/post/<uuid:document_id>/copy.pdf")
@signed_in
def get_copy(document_id: UUID) -> Response:
    """The copy (写し) to print."""
    row = paper_or_404(document_id)
    objects: Objects = current_app.extensions[OBJECTS]
    name = forms.copy_name(row.document_number)
    data = marked_copy(objects.get(row.document), name)
    response = send_file(io.BytesIO(data), PDF, download_name=f"{name}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/post/<uuid:document_id>")
@signed_in
def post_paper(document_id: UUID) -> ResponseReturnValue:
    """It was posted: from now on the paper is the original."""
    row = paper_or_404(document_id)
    posting, mistakes = forms.posting_of(typed_of(request.form))
    if posting is not None:
        mistakes = post(row, posting)
    if mistakes:
        return paper_page(paper_or_404(document_id), mistakes), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("posting.get_paper", document_id=document_id, done=1), HTTPStatus.SEE_OTHER)


def post(row: queries.PaperRow, posting: Posting) -> list[Mistake]:
    """Write the posting down, or say why not."""
    signed_on = row.signed_at.astimezone(TOKYO).date()
    command = PostPaper(
        document_id=row.paper.document_id, posting=posting, by=person().sub, signed_on=signed_on, today=today()
    )
    try:
        with work_on(engine(), "delivery") as work:
            use_cases.post_paper(command, SqlDeliveries(work.connection), LedgerRegister(work), work.say, now())
    except PostingDayError:
        return [Mistake("on", forms.NOT_THIS_DAY, "on-y")]
    except AlreadyPostedError:
        return [Mistake("number", forms.OTHER_POSTING)]
    return []


def paper_page(row: queries.PaperRow, mistakes: list[Mistake] | None = None) -> str:
    """The page of one notice; the day is offered as today."""
    typed = typed_of(request.form) if mistakes else day_fields("on", today())
    who = member_name(settings().town_dir, row.paper.posted_by)
    return render_template("delivery/paper.html", row=row, mistakes=mistakes or [], typed=typed, who=who)


def paper_or_404(document_id: UUID) -> queries.PaperRow:
    """A notice that this person's office posts."""
    with engine().connect() as connection:
        found = queries.paper(connection, document_id, own_procedures())
    if found is None:
        abort(HTTPStatus.NOT_FOUND, forms.NOT_TO_POST)
    about_case(found.paper.case_id)
    return found


def own_procedures() -> frozenset[str]:
    """Ids of the procedures that this person's sections are in charge of; who holds no post is told so."""
    town = settings().town_dir
    sections = sections_of(town, person().sub, today())
    if not sections:
        abort(HTTPStatus.FORBIDDEN, forms.STAFF_ONLY)
    return frozenset(name for name, section in procedure_sections(town).items() if section in sections)
