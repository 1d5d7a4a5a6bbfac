"""Who may import whom, beyond what import-linter is told in pyproject.toml."""

import ast
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SERVICES = ("intake", "approval", "signing", "delivery", "archive")
# Library -> the only places that import it.
ONLY_IN = {
    "nameko": ("services/chassis/inbox/", "services/chassis/worker_process.py"),
    "amqp": ("services/chassis/", "infra/console/versions.py", "infra/local/"),
    "kombu": ("services/chassis/inbox/", "services/chassis/relay.py", "services/chassis/queues.py"),
    "eventlet": ("services/chassis/inbox/", "services/chassis/relay.py", "services/chassis/storekeeper.py",
                 "services/chassis/worker_process.py", "services/signing/press/machine.py"),
    "prometheus_client": ("services/chassis/metrics.py", "services/chassis/inbox/watch.py"),
    "minio": ("services/chassis/objects.py", "infra/minio/"),
    "pyhanko": ("services/signing/pades.py", "services/signing/pades/", "services/signing/verification.py"),
    "pkcs11": ("services/signing/signer.py", "services/signing/signer/", "infra/pki/"),
    "typst": ("services/signing/rendering.py", "services/signing/rendering/"),
}  # fmt: skip


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (REPOSITORY / folder).rglob("*.py"))


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_of_the_outside_is_imported_in_its_own_place_only(library: str) -> None:
    for path in sources("services", "infra"):
        name = path.relative_to(REPOSITORY).as_posix()
        if any(one.split(".")[0] == library for one in imported(path)):
            assert name.startswith(ONLY_IN[library]), f"{name} imports {library}"


@pytest.mark.parametrize("service", SERVICES)
def test_the_domain_imports_the_standard_library_only(service: str) -> None:
    for path in room_files(service, "domain"):
        for name in imported(path):
            own = name.startswith(f"services.{service}.domain")
            assert own or name.split(".")[0] in sys.stdlib_module_names, f"{path.name} imports {name}"


@pytest.mark.parametrize("service", SERVICES)
def test_use_cases_import_their_domain_and_the_messages_only(service: str) -> None:
    allowed = (f"services.{service}.domain", f"services.{service}.use_cases", "services.messages")
    for path in room_files(service, "use_cases"):
        for name in imported(path):
            known = name.startswith(allowed) or name.split(".")[0] in sys.stdlib_module_names
            assert known or name == f"services.{service}", f"{path.name} imports {name}"


def test_messages_import_the_standard_library_only() -> None:
    for path in sources("services/messages"):
        for name in imported(path):
            assert name.startswith("services.messages") or name.split(".")[0] in sys.stdlib_module_names


def test_nothing_imports_the_console() -> None:
    for path in sources("services", "infra"):
        if "infra/console" not in path.as_posix():
            assert not any(name.startswith("infra.console") for name in imported(path)), path


def room_files(service: str, room: str) -> list[Path]:
    folder = REPOSITORY / "services" / service
    return [path for path in (folder / f"{room}.py",) if path.exists()] or sorted((folder / room).rglob("*.py"))
