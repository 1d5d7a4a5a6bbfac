"""The JSON side as OpenAPI 3.1.  ``python -m services.intake.web.api`` writes docs/openapi.json."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.intake.web.api import shapes

Json = dict[str, Any]
# Raised when something is added; what exists stays as it is, or becomes another address.
VERSION = "1.0.0"
ADDRESS = "/apply/api"
# Base64 takes a third more than the files, and a request lies in memory: some 22 MB of files.
BODY_BYTES = 30_000_000
COPY = Path(__file__).parents[4] / "docs" / "openapi.json"
# In production, where everything is HTTPS; on http://127.0.0.1 it is called todoke-intake-session.
COOKIE = "__Host-todoke-intake-session"
TAKEN = (shapes.FilingShape,)
GIVEN = (
    shapes.ProceduresShape, shapes.FormShape, shapes.FiledShape, shapes.StatusesShape, shapes.StatusShape,
    shapes.ProblemShape,
)  # fmt: skip
TITLE = "とどけ 受付API"
LICENSE = {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}
ABOUT = Path(__file__).with_name("about.md")


def document() -> Json:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": VERSION, "description": ABOUT.read_text("utf-8"), "license": LICENSE},
        "servers": [{"url": ADDRESS}],
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": COOKIE}},
            "headers": {
                "Location": {"schema": {"type": "string"}, "required": True},
                "Allow": {"schema": {"type": "string"}, "required": True},
                "RetryAfter": {"schema": {"type": "string"}, "description": "seconds", "required": True},
            },
        },
    }


def text() -> str:
    """As the committed copy has it."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def _paths() -> Json:
    number = _parameter("path", "number", {"type": "string", "pattern": shapes.NUMBER})
    procedure = _parameter("path", "procedure_id", {"type": "string", "minLength": 1, "maxLength": shapes.LONGEST_NAME})
    page = _parameter("query", "page", {"type": "integer", "minimum": 1, "maximum": shapes.LAST_PAGE, "default": 1})
    return {
        "/openapi.json": {"get": _operation("getContract", "This description", {"200": _any_json()})},
        "/procedures": {"get": _reading("getProcedures", "All procedures", shapes.ProceduresShape)},
        "/procedures/{procedure_id}": {
            "get": _reading("getProcedure", "A procedure and its questions", shapes.FormShape, "404", about=procedure)
        },
        "/applications": {
            "get": _own(_reading("getApplications", "Own applications", shapes.StatusesShape, "400", about=page)),
            "post": _own(_filing()),
        },
        "/applications/{number}": {
            "get": _own(_reading("getApplication", "How far one is", shapes.StatusShape, "404", about=number))
        },
    }


def _reading(name: str, summary: str, shape: type[BaseModel], *problems: str, about: Json | None = None) -> Json:
    found = _operation(name, summary, {"200": _answer(shape), **_problems(*problems)})
    return found | ({"parameters": [about]} if about else {})


def _filing() -> Json:
    located = {"headers": {"Location": {"$ref": "#/components/headers/Location"}}}
    answers = {
        "201": _answer(shapes.FiledShape, "It has arrived") | located,
        "200": _answer(shapes.FiledShape, "It had arrived before, by the same key") | located,
        **_problems("400", "409", "413", "415", "422"),
    }
    body = {"required": True, "content": {"application/json": {"schema": _ref(shapes.FilingShape)}}}
    key = _parameter("header", "Idempotency-Key", {"type": "string", "pattern": shapes.KEY}) | {"required": True}
    return _operation("postApplication", "Apply", answers) | {"parameters": [key], "requestBody": body}


def _operation(name: str, summary: str, answers: Json) -> Json:
    everywhere = _problems("405", "500", "503")
    everywhere["405"]["headers"] = {"Allow": {"$ref": "#/components/headers/Allow"}}
    everywhere["503"]["headers"] = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
    return {"operationId": name, "summary": summary, "responses": answers | everywhere}


def _own(operation: Json) -> Json:
    """For the signed-in person only."""
    operation["responses"] |= _problems("401")
    return operation | {"security": [{"session": []}]}


def _problems(*statuses: str) -> Json:
    content = {"application/problem+json": {"schema": _ref(shapes.ProblemShape)}}
    return {status: {"description": "A problem", "content": content} for status in statuses}


def _answer(shape: type[BaseModel], description: str = "") -> Json:
    about = description or (shape.__doc__ or "").split("\n", 1)[0]
    return {"description": about, "content": {"application/json": {"schema": _ref(shape)}}}


def _any_json() -> Json:
    return {"description": "OpenAPI 3.1", "content": {"application/json": {"schema": {"type": "object"}}}}


def _parameter(place: str, name: str, schema: Json) -> Json:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def _ref(shape: type[BaseModel]) -> Json:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def _schemas() -> Json:
    modes: list[Any] = [(one, "validation") for one in TAKEN] + [(one, "serialization") for one in GIVEN]
    _, definitions = models_json_schema(modes, ref_template="#/components/schemas/{model}")
    return dict(definitions["$defs"])
