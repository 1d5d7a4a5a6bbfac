"""A reader who knows one service knows the others."""

import ast
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SERVICES = ("intake", "approval", "signing", "delivery", "archive")
ROOMS = (
    "__init__.py",
    "domain",
    "use_cases",
    "store",
    "queries",
    "worker",
    "settings",
    "config.yaml",
    "migrations",
    "web",
)


def room(service: str, name: str) -> Path:
    folder = REPOSITORY / "services" / service
    return next((path for path in (folder / f"{name}.py", folder / name) if path.exists()), folder / name)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("name", ROOMS)
def test_every_service_has_the_same_rooms(service: str, name: str) -> None:
    assert room(service, name).exists()


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_says_in_its_first_lines_what_it_decides_hears_and_says(service: str) -> None:
    text = ast.get_docstring(ast.parse((REPOSITORY / "services" / service / "__init__.py").read_text())) or ""
    for word in ("decides", "hears", "says"):
        assert word in text.lower(), f"{service}: the docstring does not say what it {word}"


@pytest.mark.parametrize("service", SERVICES)
def test_handlers_are_named_for_the_fact_they_hear(service: str) -> None:
    for function in functions(room(service, "worker")):
        heard = [ast.unparse(mark) for mark in function.decorator_list if ast.unparse(mark).startswith("hears(")]
        for mark in heard:
            fact = mark.removeprefix("hears(").split(",")[0].rstrip(")")
            assert function.name == "on_" + snake(fact.split(".")[-1])


@pytest.mark.parametrize("service", SERVICES)
def test_handlers_and_pages_stay_thin(service: str) -> None:
    folder = REPOSITORY / "services" / service
    edges = [
        folder / "worker.py",
        *sorted((folder / "web").glob("pages*.py")),
        *sorted((folder / "web" / "pages").glob("*.py")),
    ]
    for path in [path for path in edges if path.exists()]:
        for function in functions(path):
            lines = (function.end_lineno or 0) - function.body[0].lineno + 1
            assert lines <= 40, f"{path.name}:{function.name} has {lines} lines: something lives in the wrong room"


@pytest.mark.parametrize("service", SERVICES)
def test_a_room_that_passes_450_lines_becomes_a_folder(service: str) -> None:
    for path in (REPOSITORY / "services" / service).rglob("*.py"):
        assert len(path.read_text().splitlines()) <= 450, f"{path.relative_to(REPOSITORY)} is too long"


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]


def snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")
