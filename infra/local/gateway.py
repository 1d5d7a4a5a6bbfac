"""Caddy in front of everything."""

import shutil
import sys
import tomllib
from pathlib import Path

from infra.local import probes
from infra.local.layout import HOST, REPOSITORY, SERVICES, Layout
from infra.local.program import Program

FOLDER = REPOSITORY / "infra" / "gateway"


def program(layout: Layout) -> Program:
    """The gateway; it opens its door at once and shows the maintenance page for what is not ready yet."""
    beside = Path(sys.executable).with_name("caddy")
    caddy = str(beside) if beside.exists() else shutil.which("caddy") or "caddy"
    return Program(
        name="gateway",
        command=(caddy, "run", "--config", str(FOLDER / "Caddyfile"), "--adapter", "caddyfile"),
        environment=_environment(layout),
        ready=probes.takes_http(layout.port, "/gateway/maintenance.css"),
        ports=(layout.port,),
    )


def _environment(layout: Layout) -> dict[str, str]:
    own = str(layout.state / "gateway")
    return {
        "HOME": own,
        "XDG_DATA_HOME": own,
        "XDG_CONFIG_HOME": own,
        "TODOKE_PORT": str(layout.port),
        "TODOKE_GATEWAY_FILES": str(FOLDER / "files"),
        "TODOKE_DEV_SIGNIN": f"{HOST}:{layout.door('signin')}",
        "TODOKE_DEV_MAIL": f"{HOST}:{layout.at('mail')}",
        **town_words(),
        **{f"TODOKE_WEB_{service.upper()}": f"{HOST}:{layout.at(f'web-{service}')}" for service in SERVICES},
    }


def town_words() -> dict[str, str]:
    """What the pages say that the gateway shows itself, when a service is away."""
    town = tomllib.loads((REPOSITORY / "infra" / "town" / "town.toml").read_text("utf-8"))
    help_ = town["help"]
    said = f"{help_['section']}　電話 {help_['telephone']}（{help_['hours']}）"
    return {
        "TODOKE_TOWN_NAME": town["name"],
        "TODOKE_TOWN_HELP": said,
        "TODOKE_TOWN_TELEPHONE": help_["telephone"],
    }
