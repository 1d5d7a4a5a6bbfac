"""Short functions, and a first line that says what each public thing is."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
LONGEST, MEDIAN = 40, 6
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def sources() -> list[Path]:
    found = [path for folder in ("services", "infra") for path in (REPOSITORY / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def definitions(node: ast.AST, public: bool = True) -> Iterator[tuple[Definition, bool]]:
    """Functions and classes, and whether each is public; the acts of a Protocol are told by their names."""
    for each in ast.iter_child_nodes(node):
        if isinstance(each, Definition):
            seen = public and not each.name.startswith("_")
            yield each, seen
            if isinstance(each, ast.ClassDef):
                yield from definitions(each, seen and "Protocol" not in map(ast.unparse, each.bases))


def lines(function: Definition) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_functions_are_short() -> None:
    lengths = {
        f"{path.relative_to(REPOSITORY)}:{each.name}": lines(each)
        for path in sources()
        for each, _ in definitions(ast.parse(path.read_text()))
        if not isinstance(each, ast.ClassDef)
    }
    assert statistics.median(lengths.values()) <= MEDIAN
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_public_thing_says_what_it_is() -> None:
    silent = []
    for path in sources():
        tree = ast.parse(path.read_text())
        things = [(each.name, each) for each, public in definitions(tree) if public] + [("", tree)]
        silent += [f"{path.relative_to(REPOSITORY)}:{name}" for name, each in things if not ast.get_docstring(each)]
    assert silent == []


def test_no_constant_of_a_module_is_given_another_value() -> None:
    again = []
    for path in sources():
        named = [
            target.id
            for one in ast.parse(path.read_text()).body
            if isinstance(one, ast.Assign)
            for target in one.targets
            if isinstance(target, ast.Name) and target.id.isupper()
        ]
        again += [f"{path.relative_to(REPOSITORY)}:{name}" for name in named if named.count(name) > 1]
    assert again == []
