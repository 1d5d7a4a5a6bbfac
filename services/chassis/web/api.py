"""The JSON side of a web process: an app of its own below one address, whose every error is a problem (RFC 9457).

It shares the pages' sessions and database.  It has no forms, so it needs none of their protection: a caller on another
site sends neither the cookie (``SameSite=Lax``) nor, without being asked first, JSON (docs/decisions/0074).
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, json, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from services.chassis.handling import Waiting
from services.chassis.logging import get_logger, places
from services.chassis.web.request_log import keep_log, request_id
from services.chassis.web.shelf import prefix
from services.chassis.web.signin import Person, person_or_none
from services.chassis.web.texts import PROBLEMS

log = get_logger()
MEDIA_TYPE = "application/problem+json"
# A tag (RFC 4151): names the kind of problem, and is not to be opened.
KINDS = "tag:todoke.jp,2026:"
PLAIN = "about:blank"
RETRY = {"Retry-After": "30"}
SHARED = ("todoke.settings", "todoke.engine", "todoke.prefix")


class Problem(Exception):
    """An answer that is an error.  ``code``: its kind, where the status alone does not say it; ``errors``: each thing
    to repair.
    """

    def __init__(
        self,
        status: int,
        code: str = "",
        detail: str = "",
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code or str(status))
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.headers = errors, headers or {}


def mount_api(app: Flask, blueprint: Blueprint, address: str, body_bytes: int) -> Flask:
    """Give a service's app its JSON side at ``address``.  ``body_bytes``: the largest request it takes."""
    api = Flask(f"{app.name}-api", static_folder=None, template_folder=None)
    api.config.update(MAX_CONTENT_LENGTH=body_bytes)
    api.extensions.update({name: app.extensions[name] for name in SHARED})
    api.json.ensure_ascii = api.json.sort_keys = False  # type: ignore[attr-defined]
    keep_log(api)
    api.register_blueprint(blueprint)
    _answer_errors(api)
    api.after_request(_keep_private)
    api.wsgi_app = ProxyFix(api.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {address: api})  # type: ignore[method-assign]
    return api


def caller() -> Person:
    """The signed-in person for whom the request is made.  Raises Problem: 401."""
    found = person_or_none()
    if found is None:
        sign_in = f'Cookie realm="todoke", form-action="{prefix()}/sign-in"'
        raise Problem(HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": sign_in})
    return found


def answer(problem: Problem) -> Response:
    """The problem as the caller reads it; ``request_id`` is in the log too."""
    title, detail = PROBLEMS.get(problem.status, PROBLEMS[HTTPStatus.BAD_REQUEST])
    body: dict[str, Any] = {
        "type": f"{KINDS}{problem.code}" if problem.code else PLAIN,
        "title": title,
        "status": problem.status,
        "detail": problem.detail or detail,
        "request_id": request_id(),
    }
    if problem.errors:
        body["errors"] = list(problem.errors)
    response = Response(json.dumps(body), problem.status, content_type=MEDIA_TYPE)
    response.headers.update(problem.headers)
    return response


def _answer_errors(api: Flask) -> None:
    api.register_error_handler(Problem, answer)
    api.register_error_handler(HTTPException, _on_http_error)
    for outage in (Waiting, sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError):
        api.register_error_handler(outage, _on_outage)
    api.register_error_handler(Exception, _on_fault)


def _on_http_error(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    allowed = getattr(error, "valid_methods", None)
    return answer(Problem(status, headers={"Allow": ", ".join(sorted(allowed))} if allowed else {}))


def _on_outage(error: Exception) -> Response:
    log.warning("server_away", server=getattr(error, "server", "database"), error=type(error).__name__)
    return answer(Problem(HTTPStatus.SERVICE_UNAVAILABLE, headers=RETRY))


def _on_fault(error: Exception) -> Response:
    log.error("request_failed", error=type(error).__name__, places=places(error), page=request.endpoint or "")
    return answer(Problem(HTTPStatus.INTERNAL_SERVER_ERROR))


def _keep_private(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    return response
