"""One line for each answer: which page, how it ended, how long it took.  Never an address, a query or a form."""

import time
import uuid

from flask import Flask, Response, g, request

from services.chassis import metrics
from services.chassis.logging import begin_request, get_logger

log = get_logger()
QUIET = frozenset({"shelf_static.get_file", "shelf.get_health"})


def keep_log(app: Flask) -> None:
    """Log the requests of this app; each has an id, which error pages tell and all its log lines carry."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """Eight signs a person can read out on the telephone."""
    return str(g.setdefault("request_id", uuid.uuid4().hex[:8]))


def _begin() -> None:
    g.began = time.monotonic()
    begin_request(request_id())


def _end(response: Response) -> Response:
    seconds = time.monotonic() - g.get("began", time.monotonic())
    metrics.answered(request.endpoint, response.status_code, seconds)
    if request.endpoint not in QUIET:
        log.info(
            "request_answered",
            page=request.endpoint or "",
            method=request.method,
            status=response.status_code,
            milliseconds=round(seconds * 1000),
        )
    return response
