import io
import json
import logging
import sys
import threading
from collections.abc import Iterator

import eventlet
import pytest
import structlog

from services.chassis.logging import (
    about_case,
    begin_request,
    case_of_lines,
    configure,
    get_logger,
    of_case,
    refuse_personal_fields,
)

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


def lines(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(each) for each in written.getvalue().splitlines()]


def test_every_thread_says_which_process_it_is_of(written: io.StringIO) -> None:
    thread = threading.Thread(target=lambda: get_logger().info("heard"))
    thread.start()
    thread.join()
    assert (line(written)["service"], line(written)["process"]) == ("intake", "web")


def test_lines_of_two_green_threads_keep_their_cases_apart(written: io.StringIO) -> None:
    def handle(case: str) -> None:
        with of_case(case):
            for _ in range(3):
                get_logger().info("step_done", case_id=case)
                eventlet.sleep(0)
                logging.getLogger("a.library").warning("said something")

    for thread in [eventlet.spawn(handle, case) for case in ("one", "two")]:
        thread.wait()
    found = lines(written)
    assert [each["correlation_id"] for each in found if each["event"] == "step_done"] == ["one", "two"] * 3
    assert sorted(str(each["correlation_id"]) for each in found if "logger" in each) == ["one"] * 3 + ["two"] * 3


def test_a_green_thread_begins_without_the_case_of_its_maker(written: io.StringIO) -> None:
    with of_case("one"):
        eventlet.spawn(lambda: get_logger().info("round_begun")).wait()
    assert "correlation_id" not in line(written)


def test_after_a_case_the_lines_are_of_none(written: io.StringIO) -> None:
    with of_case("one"):
        assert case_of_lines() == "one"
    assert case_of_lines() == ""
    get_logger().info("round_begun")
    assert "correlation_id" not in line(written)


def test_a_request_that_has_found_its_case_says_so_and_the_next_one_forgets_it(written: io.StringIO) -> None:
    begin_request("aaaa")
    about_case("one")
    get_logger().info("request_answered")
    begin_request("bbbb")
    get_logger().info("request_answered")
    first, second = lines(written)
    assert (first["request_id"], first["correlation_id"]) == ("aaaa", "one")
    assert second["request_id"] == "bbbb"
    assert "correlation_id" not in second


def test_what_a_handler_says_of_another_case_does_not_rename_its_lines(written: io.StringIO) -> None:
    with of_case("one"):
        about_case("two")
        get_logger().info("fact_handled")
    assert line(written)["correlation_id"] == "one"
