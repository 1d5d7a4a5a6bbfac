"""Files that a resident attaches: looked into, stored, then entered in the draft; and given back to nobody else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol
from uuid import UUID, uuid4

from flask import Response, abort, request, send_file

from services.chassis.clock import now
from services.chassis.database import Work, work_on
from services.chassis.debts import owe
from services.chassis.handling import Waiting
from services.chassis.logging import get_logger
from services.chassis.objects import ref_of
from services.chassis.web import about_case, engine, person, signed_in
from services.intake import queries, use_cases
from services.intake.domain.draft import Attachment, FilesTooLargeError, TooManyFilesError
from services.intake.domain.procedure import Procedure, Question
from services.intake.inspection import InspectionError, inspect
from services.intake.store import SqlDrafts
from services.intake.web import forms
from services.intake.web.drafts import draft_to_save
from services.intake.web.forms import Refusal
from services.intake.web.house import SERVICE, house, pages
from services.intake.web.views import Refused
from services.messages import DocumentRef

log = get_logger()
LONGEST_NAME = 120
THUMBNAIL_TYPE = "image/jpeg"


@pages.get("/apply/file/<uuid:case_id>/<uuid:attachment_id>")
@signed_in
def get_file(case_id: UUID, attachment_id: UUID) -> Response:
    """An own file, as it was sent."""
    found = _own_file(case_id, attachment_id)
    data = house().objects.get(use_cases.reference(case_id, found))
    return _sent(send_file(BytesIO(data), found.media_type, as_attachment=True, download_name=found.name))


@pages.get("/apply/file/<uuid:case_id>/<uuid:attachment_id>/small")
@signed_in
def get_thumbnail(case_id: UUID, attachment_id: UUID) -> Response:
    """An own photo, small."""
    found = _own_file(case_id, attachment_id)
    return _sent(send_file(BytesIO(found.thumbnail or abort(404)), THUMBNAIL_TYPE))


class Holder(Protocol):
    """Whose files they become."""

    def must_take(self, question: Question, data: bytes, media_type: str) -> DocumentRef:
        """Where the file will lie.  Raises TooManyFilesError, FilesTooLargeError."""
        ...

    def enter(self, question: Question, attachment: Attachment, work: Work) -> None:
        """Enter a file that the store has.  Raises the same."""
        ...


@dataclass(frozen=True)
class DraftFiles:
    """The files of the person's draft."""

    procedure: Procedure

    def must_take(self, question: Question, data: bytes, media_type: str) -> DocumentRef:
        """Asked before the file goes to the store."""
        with work_on(engine(), SERVICE) as work:
            draft = draft_to_save(work, self.procedure)
            ref = ref_of(str(draft.case_id), data, media_type)
            draft.must_take(question, ref.size, ref.sha256)
        return ref

    def enter(self, question: Question, attachment: Attachment, work: Work) -> None:
        """The draft has it from now on."""
        draft = draft_to_save(work, self.procedure)
        use_cases.attach_file(draft, question, attachment, SqlDrafts(work.connection), now())


def take_files(holder: Holder, fields: Mapping[str, Question]) -> Refused:
    """Take what the browser has sent; per field, what is said of each file that was not taken."""
    return {
        field: forms.refusals_text(question, refused)
        for field, question in fields.items()
        if (refused := list(_take_each(holder, field, question)))
    }


def remove_file(procedure: Procedure, attachment_id: UUID) -> None:
    """Take a file out of the draft."""
    with work_on(engine(), SERVICE) as work:
        use_cases.remove_file(draft_to_save(work, procedure), attachment_id, SqlDrafts(work.connection))


def _take_each(holder: Holder, field: str, question: Question) -> Iterator[Refusal]:
    for upload in request.files.getlist(field):
        name, data = own_name(upload.filename or ""), upload.stream.read()
        code = _take_or_refuse(holder, question, name, data) if upload.filename else ""
        if code:
            yield Refusal(code, name, len(data))


def _take_or_refuse(holder: Holder, question: Question, name: str, data: bytes) -> str:
    """Take one file; the code of the refusal if it cannot be taken, else nothing."""
    try:
        _take(holder, question, name, data)
    except InspectionError as error:
        return error.code
    except TooManyFilesError:
        return "many"
    except FilesTooLargeError:
        return "together"
    except Waiting as error:
        log.warning("attachment_not_stored", waiting_for=error.server)
        return "store"
    return ""


def _take(holder: Holder, question: Question, name: str, data: bytes) -> None:
    """Store first, then enter: a file that is entered is always in the store.

    Raises InspectionError, TooManyFilesError, FilesTooLargeError, Waiting.
    """
    found = inspect(data, question.accept)
    ref = holder.must_take(question, data, found.media_type)
    stored = house().objects.put(ref, data)
    attachment = Attachment(
        id=uuid4(),
        question=question.id,
        name=name,
        media_type=found.media_type,
        size=ref.size,
        sha256=ref.sha256,
        pages=found.pages,
        thumbnail=found.thumbnail,
    )
    with work_on(engine(), SERVICE) as work:
        holder.enter(question, attachment, work)
        owe(work.connection, ref, stored)


def own_name(sent: str) -> str:
    """The file's own name without a path and without what cannot be seen; browsers write a quote as ``%22``."""
    last = sent.replace("\\", "/").rsplit("/", 1)[-1].replace("%22", '"')
    return "".join(char for char in last if char.isprintable())[-LONGEST_NAME:] or forms.NAMELESS


def _own_file(case_id: UUID, attachment_id: UUID) -> Attachment:
    about_case(case_id)
    with engine().connect() as connection:
        files = queries.own_files(connection, person().sub, case_id)
    return next((one for one in files if one.id == attachment_id), None) or abort(404)


def _sent(response: Response) -> Response:
    """Never guessed at, never kept by anyone but the device that asked."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
