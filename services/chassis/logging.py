"""Logs: one JSON object a line, a constant event name and fields; ids only, never a person's data."""

import logging
import sys
from typing import Any

import structlog

PERSONAL = frozenset(
    {"name", "kana", "address", "birthdate", "mail", "telephone", "answers", "form", "body", "claims", "text"}
)


def refuse_personal_fields(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Drop fields whose names speak of a person, and say which: the last net, not the first."""
    found = sorted(PERSONAL & event.keys())
    for field in found:
        del event[field]
    if found:
        event["dropped_fields"] = found
    return event


def configure(service: str, process: str) -> None:
    """Send structlog and the standard library's logs to standard output as JSON lines."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        refuse_personal_fields,
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service, process=process)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def get_logger() -> Any:
    """A logger: ``log.info("constant_event_name", case_id=...)``."""
    return structlog.get_logger()
