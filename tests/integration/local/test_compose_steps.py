"""What a one-shot container of docker-compose.yml does, done by the same command on a real server."""

import subprocess
import sys
from pathlib import Path

import psycopg

from infra.local.layout import SERVICES
from infra.local.system import System

REPOSITORY = Path(__file__).parents[3]


def test_databases_and_roles_are_made_and_made_again_without_harm(servers: System) -> None:
    at = f"127.0.0.1:{servers.layout.at('postgres')}"
    command = [sys.executable, "-m", "infra.compose", "databases", "--server", at]
    command += ["--secrets", str(servers.layout.state / "secrets.json")]
    for _ in range(2):
        subprocess.run(command, cwd=REPOSITORY, check=True, timeout=60)
    with psycopg.connect(servers.admin_database_url()) as connection:
        databases = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
    assert set(SERVICES) <= databases
