import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from services.chassis.logging import configure, get_logger, refuse_personal_fields

SECRET = "髙橋 みのり"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a configured process writes to its log."""
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    before, level = logging.root.handlers[:], logging.root.level
    configure("intake", "web")
    yield output
    logging.root.handlers[:] = before
    logging.root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def line(written: io.StringIO) -> dict[str, object]:
    assert SECRET not in written.getvalue()
    found: dict[str, object] = json.loads(written.getvalue())
    return found


def fail() -> None:
    raise ValueError(SECRET)


def test_a_field_that_speaks_of_a_person_never_reaches_the_log() -> None:
    event = refuse_personal_fields(None, "info", {"event": "saved", "name": SECRET, "case_id": "1"})
    assert event == {"event": "saved", "case_id": "1", "dropped_fields": ["name"]}


def test_an_exception_is_named_with_its_places_and_not_told(written: io.StringIO) -> None:
    try:
        fail()
    except ValueError:
        get_logger().error("act_failed", exc_info=True)
    found = line(written)
    assert (found["event"], found["error"]) == ("act_failed", "ValueError")
    assert str(found["places"]).endswith(" fail']")


@pytest.mark.parametrize("logger", ["nameko.containers", "gunicorn.error", "sqlalchemy.pool"])
def test_of_a_librarys_line_only_the_template_is_kept(written: io.StringIO, logger: str) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger(logger).exception("Error handling request %s", f"/apply?q={SECRET}")
    found = line(written)
    assert found["event"] == "Error handling request %s"
    assert (found["logger"], found["error"]) == (logger, "ValueError")
