"""No personal data in logs: event names are constant, and only fields of this list are written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
LEVELS = {"debug", "info", "warning", "error", "critical", "exception", "log", "msg"}
# Ids, states, counts, and names of things that are ours.  Who adds one asks: can it ever hold what a person typed?
FIELDS = {
    "at", "case_id", "error", "exit_code", "fact", "handler", "job", "level", "message_id", "method", "milliseconds",
    "owner", "page", "places", "reason", "reasons", "routing_key", "server", "sessions", "sha256", "site", "size",
    "state", "status", "url", "waiting_for",
}  # fmt: skip
# Whose ``url`` is a setting, and whose ``str(error)`` names fields of a message, not what they hold.
URLS = {"services/signing/revocation.py", "services/signing/pades/timestamps.py"}
TEXTS = {"services/chassis/inbox/entrypoint.py"}
# What came with a request, and what an exception says of it.
TYPED = re.compile(
    r"\brequest\.(args|form|files|values|json|data|url|full_path|path|query_string|headers|cookies|remote_addr)"
    r"|\bperson\(|\.claims\b|\btraceback\.format|\brepr\("
)

Call = tuple[str, ast.Call]


def sources() -> list[Path]:
    return sorted((REPOSITORY / "services").rglob("*.py"))


def calls() -> Iterator[Call]:
    """Every call of a logger."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS:
                target = ast.unparse(node.func.value)
                if target in ("log", "logger", "_log", "get_logger()", "logging") or target.endswith(".logger"):
                    yield path.relative_to(REPOSITORY).as_posix(), node


CALLS = list(calls())


def test_there_are_calls_to_look_at() -> None:
    assert len(CALLS) > 20


def test_an_event_is_a_constant_name_and_everything_else_a_named_field() -> None:
    for name, call in CALLS:
        (event,) = call.args
        assert isinstance(event, ast.Constant), f"{name}:{call.lineno} builds the event's name"
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", event.value), f"{name}:{call.lineno}: {event.value}"
        assert all(field.arg for field in call.keywords), f"{name}:{call.lineno} hides its fields behind **"


def test_only_agreed_fields_are_written() -> None:
    for name, call in CALLS:
        assert {field.arg for field in call.keywords} <= FIELDS, f"{name}:{call.lineno}"


def test_no_agreed_field_is_forgotten() -> None:
    assert {field.arg for _, call in CALLS for field in call.keywords} == FIELDS


def test_nothing_that_was_typed_is_written() -> None:
    for name, call in CALLS:
        for field in call.keywords:
            assert not TYPED.search(ast.unparse(field.value)), f"{name}:{call.lineno}: {field.arg}"


def test_of_an_error_its_name_is_written_and_never_its_text() -> None:
    for name, call in CALLS:
        for field in call.keywords:
            text = ast.unparse(field.value)
            told = text in ("error", "exc", "exception") or re.search(r"str\((error|exc|exception)\)|\.args\b", text)
            assert not told or name in TEXTS, f"{name}:{call.lineno}: {field.arg}"


def test_addresses_are_written_only_where_they_are_settings() -> None:
    for name, call in CALLS:
        assert "url" not in {field.arg for field in call.keywords} or name in URLS, f"{name}:{call.lineno}"


def test_there_is_no_other_way_to_the_log() -> None:
    ways = {"print", "sys.stdout.write", "sys.stderr.write", "logging.getLogger"}
    found = {
        path.relative_to(REPOSITORY).as_posix()
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ways
    }
    # The first configures logs, the second silences a library.
    assert found == {"services/chassis/logging.py", "services/signing/pades/judging.py"}
