"""Configuration enters once and loudly: through one class per service, and nowhere else."""

import ast
import importlib
import re
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from infra.local import credentials, programs
from infra.local.layout import Layout
from services.chassis.settings import Settings, load

REPOSITORY = Path(__file__).parents[2]
SERVICES = ("intake", "approval", "signing", "delivery", "archive")
READS = "services/chassis/settings.py"  # the one place that looks into the environment
# Libraries that take their configuration from the environment only are told here: (file, variable).
TOLD = {("services/chassis/worker_process.py", "PSYCOPG_WAIT_FUNC"), ("services/signing/signer.py", "SOFTHSM2_CONF")}
SECRET = re.compile(r"(password|secret|secret_key|pin|database_url|database_owner_url)$")


def kind_of(service: str) -> type[Settings]:
    module = importlib.import_module(f"services.{service}.settings")
    (kind,) = [
        found
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, Settings) and found.service
    ]
    return kind


def looks(path: Path) -> list[str]:
    """Each mention of the environment: the variable that is set there, else ``?``."""
    tree = ast.parse(path.read_text())
    told = {
        id(target.value): ast.literal_eval(target.slice)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant)
    }
    names = ("os.environ", "os.environb", "os.getenv")
    mentions = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and ast.unparse(node) in names]
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "os"]
    aliases = [a.name for node in imports for a in node.names if a.name in ("environ", "environb", "getenv")]
    return [told.get(id(node), "?") for node in mentions] + aliases


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_has_one_class_of_settings_and_loads_it_the_same_way(service: str) -> None:
    assert kind_of(service).service == service
    assert callable(importlib.import_module(f"services.{service}.settings").load)


def test_nothing_else_looks_into_the_environment() -> None:
    found = {
        (path.relative_to(REPOSITORY).as_posix(), variable)
        for path in (REPOSITORY / "services").rglob("*.py")
        for variable in looks(path)
    }
    assert {each for each in found if each[0] != READS} == TOLD


@pytest.mark.parametrize("service", SERVICES)
def test_a_start_without_settings_names_every_missing_one(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TODOKE_ENV_FILE", raising=False)
    kind = kind_of(service)
    with pytest.raises(ValidationError) as caught:
        load(kind)
    wanted = {name for name, field in kind.model_fields.items() if field.is_required()}
    assert {error["loc"][0] for error in caught.value.errors()} == wanted


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_secret_hides_itself(service: str) -> None:
    for name, field in kind_of(service).model_fields.items():
        if SECRET.search(name):
            assert field.annotation in (SecretStr, SecretStr | None), f"{name} would be shown"


@pytest.mark.parametrize("service", SERVICES)
def test_the_launcher_gives_what_is_wanted_and_nothing_that_nobody_takes(service: str, tmp_path: Path) -> None:
    layout = Layout(tmp_path, 9999, 19999)
    given = programs.settings(layout, dict.fromkeys(credentials.names(), "x"), service)
    fields = kind_of(service).model_fields
    names = {name.removeprefix("TODOKE_").lower() for name in given}
    assert {name for name, field in fields.items() if field.is_required()} <= names <= set(fields)
