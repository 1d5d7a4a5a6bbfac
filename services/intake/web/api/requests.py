"""What a request holds, or the problem of one that does not follow openapi.json."""

import re
from http import HTTPStatus

from flask import Request
from pydantic import ValidationError

from services.chassis.web.api import Problem
from services.intake.web.api import shapes

KEY_HEADER, PAGE_PARAMETER = "Idempotency-Key", "page"
PAGE = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
SHAPE = "形が説明とちがいます。"
MOST_ERRORS = 20


def key_of(request: Request) -> str:
    """By which a repeated request is known.  Raises Problem: 400."""
    key = request.headers.get(KEY_HEADER, "")
    if not re.fullmatch(shapes.KEY, key, re.ASCII):
        said = "英数字、「-」、「_」の16文字から64文字で、申請ごとに新しく作ってください。"
        raise _misshapen([{"pointer": KEY_HEADER, "code": "key", "message": said}])
    return key


def page_of(request: Request) -> int:
    """Which page of a list, from 1.  Raises Problem: 400."""
    given = request.args.get(PAGE_PARAMETER, "1")
    if not PAGE.fullmatch(given) or int(given) > shapes.LAST_PAGE:
        said = f"1から{shapes.LAST_PAGE:,}までの数字にしてください。"
        raise _misshapen([{"pointer": PAGE_PARAMETER, "code": "page", "message": said}])
    return int(given)


def filing_of(request: Request) -> shapes.FilingShape:
    """The application.  Raises Problem: 400, 415; 413 comes from Flask."""
    if request.mimetype != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        return shapes.FilingShape.model_validate_json(request.get_data(cache=False))
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        places = list(dict.fromkeys(_place(one["loc"]) for one in found))[:MOST_ERRORS]
        raise _misshapen([{"pointer": one, "code": "shape", "message": SHAPE} for one in places]) from error


def pointer(*path: str | int) -> str:
    """JSON Pointer (RFC 6901) to a place in the body."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _place(path: tuple[str | int, ...]) -> str:
    """Of an answer the place is its question: what follows names the kinds of values that it is not."""
    return pointer(*(path[:3] if path[:1] == ("answers",) else path))


def _misshapen(errors: list[dict[str, str]]) -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, errors=errors)
