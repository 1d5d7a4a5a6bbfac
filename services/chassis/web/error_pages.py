"""Errors as pages: what happened, what is kept, what to do, whom to call, and an id that is in the log too.

A form that met an error comes back with the page, so that its sender sends it again without typing.
"""

from http import HTTPStatus

import sqlalchemy as sa
from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, default_exceptions

from services.chassis.handling import Waiting
from services.chassis.logging import get_logger, places
from services.chassis.web.forms import has_files, typed_of
from services.chassis.web.request_log import request_id
from services.chassis.web.shelf import settings
from services.chassis.web.signin import forget_person, person_or_none
from services.chassis.web.texts import ERRORS, STALE_FORM, ErrorText

log = get_logger()
UNAVAILABLE, FAILED = HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INTERNAL_SERVER_ERROR
OWN_ERRORS = frozenset({HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE})


def answer_errors(app: Flask) -> None:
    """Give this app its error pages."""
    app.register_error_handler(CSRFError, on_stale_form)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(Waiting, on_outage)
    app.register_error_handler(sa.exc.OperationalError, on_outage)
    app.register_error_handler(sa.exc.TimeoutError, on_outage)
    app.register_error_handler(Exception, on_fault)


def on_stale_form(_error: CSRFError) -> ResponseReturnValue:
    """The form's protection has ended or its cookie is gone.  Only a form of our own pages comes back."""
    log.info("form_without_token")
    return _page(STALE_FORM, HTTPStatus.BAD_REQUEST, comes_back=_is_from_here())


def on_http_error(error: HTTPException) -> ResponseReturnValue:
    """A page for each status.  A Japanese description of ``abort`` takes the place of the usual sentence."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    text = ERRORS.get(error.code, ERRORS[HTTPStatus.BAD_REQUEST])
    return _page(text, error.code, said=_said(error), comes_back=error.code in OWN_ERRORS)


def on_outage(error: Exception) -> ResponseReturnValue:
    """A server that we need is away: not a fault, and over soon."""
    log.warning("server_away", server=getattr(error, "server", "database"), error=type(error).__name__)
    return _page(ERRORS[UNAVAILABLE], UNAVAILABLE, comes_back=True)


def on_fault(error: Exception) -> ResponseReturnValue:
    """Our own mistake.  The log names the error and the places, never its text, which may hold what was typed."""
    log.error("page_failed", error=type(error).__name__, places=places(error), page=request.endpoint or "")
    return _page(ERRORS[FAILED], FAILED, comes_back=True)


def _page(text: ErrorText, status: int, *, said: str = "", comes_back: bool = False) -> ResponseReturnValue:
    if status in OWN_ERRORS or not _knows_person():
        forget_person()
    is_form = comes_back and request.method == "POST"
    page = render_template(
        "shelf/error.html",
        text=text,
        said=said,
        fields=typed_of(request.form) if is_form else None,
        had_files=is_form and has_files(request.files),
        path=request.path,
        home="/" if status == HTTPStatus.FORBIDDEN else current_app.jinja_env.globals["home"],
        error_id=request_id(),
        is_ours=status in OWN_ERRORS,
    )
    return page, status, {"Retry-After": "30"} if status == UNAVAILABLE else {}


def _knows_person() -> bool:
    """Whether the database can be asked who is signed in: then the page says so, and offers the sign-out."""
    try:
        person_or_none()
    except sa.exc.SQLAlchemyError:
        return False
    return True


def _said(error: HTTPException) -> str:
    usual = default_exceptions[error.code].description if error.code in default_exceptions else None
    said = error.description or ""
    return said if said != usual and said.endswith("。") else ""


def _is_from_here() -> bool:
    """The browser says that one of our own pages sent it (Fetch Metadata; Origin in older browsers)."""
    site = request.headers.get("Sec-Fetch-Site")
    return site == "same-origin" if site else request.headers.get("Origin") == settings().public_url
