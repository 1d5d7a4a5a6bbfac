"""The addresses of the JSON side: read the request, ask, answer."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel

from services.chassis.clock import today
from services.chassis.logging import about_case
from services.chassis.web.api import Problem, caller
from services.chassis.web.shelf import engine
from services.intake import queries
from services.intake.domain.application import Application, ReceptionNumber
from services.intake.domain.procedure import Procedure
from services.intake.town import LifeEvent
from services.intake.web.api import filing, shapes
from services.intake.web.api.contract import document
from services.intake.web.api.requests import filing_of, key_of, page_of
from services.intake.web.house import house, procedure_of

api = Blueprint("api", __name__)
NO_SUCH = "この受付番号の申請は見つかりません。"


@api.get("/openapi.json")
def get_contract() -> Response:
    """This description."""
    return jsonify(document())


@api.get("/procedures")
def get_procedures() -> Response:
    """All procedures of today."""
    found = [shapes.ProcedureShape.of(one, _event(one), today()) for one in house().town.on(today())]
    return _json(shapes.ProceduresShape(procedures=found))


@api.get("/procedures/<procedure_id>")
def get_procedure(procedure_id: str) -> Response:
    """One procedure with its questions."""
    found = house().town.procedure(procedure_id, today())
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND)
    return _json(shapes.FormShape.of(found, _event(found), today()))


@api.post("/applications")
def post_application() -> Response:
    """Apply, once for each key; the number is there at once, whatever else is down."""
    someone = caller()
    key, wanted = key_of(request), filing_of(request)
    submission = filing.file(someone, key, wanted)
    with engine().connect() as connection:
        application = queries.own_case(connection, someone.sub, submission.number)
    answer = _json(shapes.FiledShape.of(_found(application)))
    answer.status_code = HTTPStatus.OK if submission.again else HTTPStatus.CREATED
    answer.headers["Location"] = f"{request.script_root}/applications/{submission.number}"
    return answer


@api.get("/applications")
def get_applications() -> Response:
    """The person's applications, newest first."""
    sub, page = caller().sub, page_of(request)
    with engine().connect() as connection:
        found = queries.own_cases(connection, sub, page)
        count = queries.count_own_cases(connection, sub)
        asked = queries.open_corrections(connection, found)
    statuses = [shapes.StatusShape.over(one, procedure_of(one), asked.get(one.case_id)) for one in found]
    return _json(shapes.StatusesShape(applications=statuses, page=page, pages=-(-count // queries.PAGE)))


@api.get("/applications/<number>")
def get_application(number: str) -> Response:
    """How far one application is."""
    sub, wanted = caller().sub, ReceptionNumber.parse(number)
    with engine().connect() as connection:
        found = _found(queries.own_case(connection, sub, wanted) if wanted else None)
        asked = queries.open_corrections(connection, [found])
    return _json(shapes.StatusShape.over(found, procedure_of(found), asked.get(found.case_id)))


def _found(application: Application | None) -> Application:
    if application is None:
        raise Problem(HTTPStatus.NOT_FOUND, detail=NO_SUCH)
    about_case(application.case_id)
    return application


def _event(procedure: Procedure) -> LifeEvent:
    return next(one for one in house().town.life_events if one.id == procedure.life_event)


def _json(shape: BaseModel) -> Response:
    return jsonify(shape.model_dump(mode="json"))
