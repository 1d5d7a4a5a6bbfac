"""Logs: one JSON object a line, a constant event name and fields; ids only, never a person's data.

What a thread knows of its work (whose case, which request) is bound to it and stands in each of its lines, a library's
too.  A green thread and a thread of gunicorn each begin with nothing bound.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

import structlog

PERSONAL = frozenset(
    {"name", "kana", "address", "birthdate", "mail", "telephone", "answers", "form", "body", "claims", "text"}
)
LAST_PLACES = 6
CORRELATION = "correlation_id"
OWN_HANDLERS = ("gunicorn.error",)  # these print arguments and addresses


def places(error: BaseException) -> list[str]:
    """Where it was raised.  Of an error a log has its name and this, never its text, which may hold what was typed."""
    frames = traceback.extract_tb(error.__traceback__)[-LAST_PLACES:]
    return [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def name_errors(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """In place of an exception its name and places."""
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else sys.exc_info()[1] if given else None
    if error:
        event.update(error=type(error).__name__, places=places(error))
    return event


def refuse_personal_fields(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Drop fields whose names speak of a person, and say which: the last net, not the first."""
    found = sorted(PERSONAL & event.keys())
    for field in found:
        del event[field]
    if found:
        event["dropped_fields"] = found
    return event


def said_by(service: str, process: str) -> structlog.typing.Processor:
    """Names the process in each line."""

    def name(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        event.update(service=service, process=process)
        return event

    return name


@contextmanager
def of_case(correlation_id: str) -> Iterator[None]:
    """Each line written inside, by this thread, says whose case it is about: the correlation id of its facts.

    Empty: of none.
    """
    with structlog.contextvars.bound_contextvars(**({CORRELATION: correlation_id} if correlation_id else {})):
        yield


def case_of_lines() -> str:
    """What this thread's lines say of their case: to hand over to another process.  Empty: they are of none."""
    return str(structlog.contextvars.get_contextvars().get(CORRELATION, ""))


def begin_request(request_id: str) -> None:
    """From here on this thread's lines are of this request, and no more of the one before."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)


def about_case(correlation_id: object) -> None:
    """The rest of this request is about one case.  Outside a request the one who hears or stores has said it."""
    if "request_id" in structlog.contextvars.get_contextvars():
        structlog.contextvars.bind_contextvars(correlation_id=str(correlation_id))


def configure(service: str, process: str) -> None:
    """Send structlog and the standard library's logs to standard output as JSON lines.

    Of a library's line the template is kept and its arguments are not.
    """
    shared: list[structlog.typing.Processor] = [
        said_by(service, process),
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        refuse_personal_fields,
    ]
    structlog.configure(
        processors=[
            *shared,
            name_errors,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            use_get_message=False,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                name_errors,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in OWN_HANDLERS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


def get_logger() -> Any:
    """A logger: ``log.info("constant_event_name", case_id=...)``."""
    return structlog.get_logger()
