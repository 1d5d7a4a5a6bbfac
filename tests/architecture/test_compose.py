"""docker-compose.yml and infra/service.Dockerfile describe the system that the local run starts, and open one door."""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.compose import secret_files
from infra.compose.__main__ import write_definitions
from infra.gateway import __file__ as gateway_folder
from infra.local import credentials, gateway, programs
from infra.local.layout import SERVICES, Layout
from infra.local.program import Program
from services.chassis.settings import load
from tests.architecture.test_settings import kind_of

REPOSITORY = Path(__file__).parents[2]
DOCKERFILE = REPOSITORY / "infra" / "service.Dockerfile"
SECRETS = dict.fromkeys(credentials.names(), "x")
STANDINS = {"pki", "pki-files", "signin", "mail"}
ONE_SHOTS = {"databases", "broker-definitions", "drives-a", "drives-b", "bucket-a", "bucket-b", "pki-files"}
# The broker's container has its own; what makes volumes and definitions is done by the launcher itself.
ONLY_LOCAL, ONLY_COMPOSE = {"epmd"}, {"broker-definitions", "drives-a", "drives-b"}
IMAGES_OF_OTHERS = {"postgres", "rabbitmq", "site-a", "site-b", "gateway"}
Json = dict[str, Any]


def described(*options: str) -> Json:
    """What docker-compose makes of the file.  Fails when it finds a mistake."""
    command = [str(Path(sys.executable).with_name("docker-compose")), "-f", "docker-compose.yml", *options, "config"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TODOKE_")}
    subprocess.run([*command, "--quiet"], cwd=REPOSITORY, env=kept, check=True, capture_output=True)
    done = subprocess.run(
        [*command, "--format", "json"], cwd=REPOSITORY, env=kept, check=True, capture_output=True, text=True
    )
    found: Json = json.loads(done.stdout)
    return found


DOCUMENT = described("--profile", "dev")
CONTAINERS: Json = DOCUMENT["services"]
OURS = {name: one for name, one in CONTAINERS.items() if name not in IMAGES_OF_OTHERS}


@pytest.fixture
def plan(tmp_path: Path) -> dict[str, Any]:
    """Everything that the local run starts or does."""
    return dict(programs.plan(Layout(tmp_path), SECRETS))


def test_every_program_and_step_of_the_local_run_has_its_container_and_there_is_no_other(plan: Json) -> None:
    assert set(plan) - ONLY_LOCAL == set(CONTAINERS) - ONLY_COMPOSE


def test_a_container_waits_for_whatever_its_program_waits_for(plan: Json) -> None:
    for name, item in plan.items():
        needed = CONTAINERS.get(name, {}).get("depends_on", {})
        for other in set(item.after) - ONLY_LOCAL if name in CONTAINERS else ():
            wanted = "service_healthy" if isinstance(plan[other], Program) else "service_completed_successfully"
            assert needed[other]["condition"] == wanted, f"{name} after {other}"


def test_workers_do_not_start_before_both_sites_have_their_buckets_and_the_broker_its_definitions() -> None:
    for service in SERVICES:
        assert {"bucket-a", "bucket-b", "rabbitmq"} <= set(CONTAINERS[f"{service}-worker"]["depends_on"])
    assert "broker-definitions" in CONTAINERS["rabbitmq"]["depends_on"]


def test_who_goes_on_is_watched_and_started_again_and_who_does_one_thing_ends() -> None:
    for name, one in CONTAINERS.items():
        ends = name in ONE_SHOTS or name.endswith("-tables")
        assert ("healthcheck" in one) != ends, name
        assert one["restart"] == ("no" if ends else "unless-stopped"), name


@pytest.mark.parametrize("service", SERVICES)
def test_each_process_is_given_every_setting_and_nothing_that_nobody_takes(
    service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("TODOKE_")]:
        monkeypatch.delenv(name)
    kind = kind_of(service)
    for name, source in processes_of(service).items():
        environment: dict[str, str] = CONTAINERS[name]["environment"]
        assert source in (service, f"{service}-owner")
        file = tmp_path / f"{source}.env"
        file.write_text(secret_files.files(SECRETS, "http://127.0.0.1")[file.name])
        given = {key.removeprefix("TODOKE_").lower() for key in environment if key != "TODOKE_ENV_FILE"}
        given |= {line.split("=")[0].removeprefix("TODOKE_").lower() for line in file.read_text().splitlines()}
        assert given <= set(kind.model_fields), name
        assert environment["TODOKE_ENV_FILE"] == "/run/secrets/settings"
        with monkeypatch.context() as patch:
            for key, value in environment.items():
                patch.setenv(key, value)
            settings = load(kind, _env_file=file)
        assert (settings.database_owner_url is not None) == name.endswith("-tables"), "only migrations own the tables"


def processes_of(service: str) -> dict[str, str]:
    """Secret file by container, of those that read this service's settings."""
    return {
        name: one["secrets"][0]["source"] for name, one in CONTAINERS.items() if one["image"] == f"todoke/{service}"
    }


def test_no_secret_is_in_the_file_and_each_goes_to_those_who_need_it() -> None:
    text = (REPOSITORY / "docker-compose.yml").read_text()
    assert not re.search(r"(PASSWORD|SECRET_KEY|PIN|_SECRET)\s*:\s*\S", text.replace("PASSWORD_FILE", ""))
    for name, one in CONTAINERS.items():
        mounted = {each["source"] for each in one.get("secrets", [])}
        assert ("operator" in mounted) <= (name in ONE_SHOTS), name
        if name.rpartition("-")[0] in SERVICES:
            own = name.rpartition("-")[0]
            assert mounted <= {own, f"{own}-owner"}, name
    files = set(secret_files.files(SECRETS, "")) | {secret_files.KNOWN}
    wanted = {Path(one["file"]).name for one in DOCUMENT["secrets"].values()}
    assert wanted | {"pki.env"} == files


def test_only_the_gateway_is_published_and_on_this_machine_only() -> None:
    published = {name: one["ports"] for name, one in CONTAINERS.items() if one.get("ports")}
    assert set(published) == {"gateway"}
    assert {port["host_ip"] for port in published["gateway"]} == {"127.0.0.1"}
    assert not any(one.get("network_mode") == "host" for one in CONTAINERS.values())


def test_databases_broker_and_sites_are_reached_by_our_services_only() -> None:
    internal = {name for name, one in DOCUMENT["networks"].items() if one.get("internal")}
    for server, networks in {
        "postgres": {"database"}, "rabbitmq": {"broker"}, "site-a": {"site-a"}, "site-b": {"site-b"},
    }.items():  # fmt: skip
        assert networks_of(server) == networks <= internal
        beside = {name for name in CONTAINERS if networks_of(name) & networks} - {server}
        assert beside - {"databases", "bucket-a", "bucket-b"} <= {
            f"{service}-{part}" for service in SERVICES for part in ("worker", "web", "tables")
        }, server
    assert not any(networks_of(f"{service}-web") & {"broker"} for service in SERVICES), "pages never publish"
    assert CONTAINERS["signer"]["network_mode"] == "none"


def networks_of(name: str) -> set[str]:
    return set(CONTAINERS[name].get("networks") or {})


def test_what_is_ours_runs_without_rights_and_writes_to_its_volumes_only() -> None:
    for name, one in OURS.items():
        assert one["read_only"], name
        assert one["cap_drop"] == ["ALL"], name
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in one
        assert "user" not in one, f"{name}: the image says who runs it"
        assert one["build"]["args"]["UID"] == "10001"
    for name in ("site-a", "site-b", "gateway"):
        assert CONTAINERS[name]["user"] == "10001"
    assert all(one["read_only"] for one in CONTAINERS.values())


def test_stand_ins_run_in_the_profile_dev_only() -> None:
    assert {name for name, one in CONTAINERS.items() if one.get("profiles") == ["dev"]} == STANDINS
    assert set(CONTAINERS) - set(described()["services"]) == STANDINS


def test_images_of_others_are_named_by_version() -> None:
    for name in IMAGES_OF_OTHERS:
        assert re.search(r":[\w.-]*\d[\w.-]*(@sha256:[0-9a-f]{64})?$", CONTAINERS[name]["image"]), name
    assert CONTAINERS["site-a"]["image"] == CONTAINERS["site-b"]["image"]


def test_the_gateway_is_told_what_its_configuration_asks_for_and_what_the_town_is_called(plan: Json) -> None:
    given: dict[str, str] = CONTAINERS["gateway"]["environment"]
    asked = set(re.findall(r"\{\$(\w+)", (Path(gateway_folder).with_name("Caddyfile")).read_text()))
    assert asked <= set(given)
    assert set(plan["gateway"].environment) <= set(given)
    assert gateway.town_words().items() <= given.items()
    for service in SERVICES:
        assert given[f"TODOKE_WEB_{service.upper()}"] == f"{service}-web:8000"


def test_commands_are_those_of_the_local_run(plan: Json) -> None:
    for service in SERVICES:
        worker, web = plan[f"{service}-worker"].command, plan[f"{service}-web"].command
        assert CONTAINERS[f"{service}-worker"]["command"][1:] == list(worker[1:])
        assert CONTAINERS[f"{service}-web"]["command"][-1] == web[-1]
        assert CONTAINERS[f"{service}-tables"]["command"] == ["python", "-m", "services.chassis.migrate", service]
    assert CONTAINERS["signer"]["command"][1:] == list(plan["signer"].command[1:])


# ---- the image


def stages() -> dict[str, list[str]]:
    """Instructions of the Dockerfile by stage, lines that go on put together."""
    found: dict[str, list[str]] = {}
    text = re.sub(r"\\\n\s*", " ", DOCKERFILE.read_text())
    for line in text.splitlines():
        if begin := re.match(r"FROM \S+ AS (\w+)", line):
            current = found.setdefault(begin[1], [])
        elif found and line and not line.startswith("#"):
            current.append(line)
    return found


def copied(service: str) -> list[str]:
    """What the image of one service takes out of the repository."""
    lines = [line for stage in ("base", "service") for line in stages()[stage] if line.startswith("COPY ")]
    return [line.split()[1].replace("${SERVICE}", service) for line in lines if "--from" not in line]


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_holds_its_own_service_the_shelves_and_the_town(service: str) -> None:
    shelves = ["services/__init__.py", "services/messages", "services/chassis"]
    assert copied(service) == [*shelves, f"services/{service}", "infra/town"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_needs_nothing_that_is_not_in_its_image(service: str, tmp_path: Path) -> None:
    for name in copied(service):
        put(name, tmp_path)
    modules = f"services.{service}.worker, services.{service}.web.pages, services.chassis.worker_process"
    run(f"import {modules}, services.chassis.migrate, services.{service}.store", tmp_path)


def test_what_prepares_the_servers_and_the_stand_ins_need_no_service(tmp_path: Path) -> None:
    lines = [line.split()[1] for stage in ("base", "operations") for line in stages()[stage] if line[:5] == "COPY "]
    for name in [name for name in lines if not name.startswith("--from")]:
        put(name, tmp_path)
    assert not (tmp_path / "services" / "intake").exists()
    modules = ("infra.compose", "infra.pki", "infra.local.signin", "infra.local.mail")
    run("import " + ", ".join(f"{name}.__main__" for name in modules), tmp_path)


def test_an_image_runs_as_nobody_in_particular_and_installs_exactly_what_is_locked() -> None:
    found = stages()
    for stage in ("service", "operations"):
        assert found[stage][-1] == "USER ${UID}"
    (install,) = [line for line in found["packages"] if "pip install" in line]
    assert "--require-hashes --no-deps -r /tmp/runtime.txt" in install
    assert not re.search(r"https?://|index-url", DOCKERFILE.read_text())


def put(name: str, folder: Path) -> None:
    source, target = REPOSITORY / name, folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def run(code: str, folder: Path) -> None:
    """In a process that sees the image's files and the packages."""
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": str(folder), "PATH": ""}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


# ---- the secret files


def test_secrets_are_made_once_private_and_complete(tmp_path: Path) -> None:
    folder = tmp_path / "compose"
    secret_files.write(folder, "http://todoke.localhost:8080", os.getuid())
    first = {path.name: path.read_text() for path in folder.iterdir()}
    secret_files.write(folder, "http://todoke.localhost:8080", os.getuid())
    assert {path.name: path.read_text() for path in folder.iterdir()} == first
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert "OWNER" not in first["intake.env"]
    clients = json.loads(first["signin.json"])["clients"]
    assert {one["client_id"] for one in clients} == set(SERVICES)


def test_the_command_that_containers_run_is_there() -> None:
    module = importlib.import_module("infra.compose.__main__")
    for name in ("databases", "bucket-a", "bucket-b", "broker-definitions"):
        _, _, module_name, command, *_ = CONTAINERS[name]["command"]
        assert (module_name, command in (module.__doc__ or "")) == ("infra.compose", True)


def test_the_broker_reads_a_user_for_each_service_and_no_password(tmp_path: Path) -> None:
    file = tmp_path / "definitions.json"
    write_definitions({name: f"password of {name}" for name in credentials.names()}, file)
    written = json.loads(file.read_text())
    assert {user["name"] for user in written["users"]} == {*SERVICES, "todoke-admin"}
    assert "password of" not in file.read_text()
    assert file.stat().st_mode & 0o004, "the broker runs as another user"
