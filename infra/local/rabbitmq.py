"""RabbitMQ on this machine, under our own account and in our own directories, with an epmd of its own.

The server script is called itself: Debian's wrapper changes to a user that cannot reach the repository.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from infra.local import probes
from infra.local.credentials import write_private
from infra.local.layout import HOST, REPOSITORY, SERVICES, Layout
from infra.local.program import Program
from infra.rabbitmq import definitions

SCRIPTS = Path("/usr/lib/rabbitmq/bin")
LONGEST_STOP = 10


class NoRabbitError(Exception):
    """No RabbitMQ on this machine.  Permanent."""

    def __init__(self) -> None:
        super().__init__("RabbitMQ is missing: apt-get install rabbitmq-server")


def home(layout: Layout) -> Path:
    """Everything the broker writes but its log."""
    return layout.state / "rabbitmq"


def script(name: str) -> str:
    """Path of the server or of a tool."""
    path = SCRIPTS / name
    found = str(path) if path.exists() else shutil.which(name)
    if not found:
        raise NoRabbitError
    return found


def epmd(layout: Layout) -> Program:
    """Erlang's name server, for this broker only: another instance or the system's broker is not disturbed."""
    port = layout.at("epmd")
    return Program(
        name="epmd",
        command=(shutil.which("epmd") or "epmd", "-address", HOST, "-port", str(port)),
        ready=probes.listens(port),
        ports=(port,),
    )


def program(layout: Layout, secrets: Mapping[str, str]) -> Program:
    """The broker; it reads the definitions at each start."""
    queue = definitions.UNHEARD
    return Program(
        name="rabbitmq",
        command=(script("rabbitmq-server"),),
        environment=environment(layout),
        prepare=lambda: prepare(layout, secrets),
        ready=probes.takes_amqp(
            layout.at("amqp"), definitions.ADMIN, secrets["rabbitmq/admin"], definitions.VHOST, queue
        ),
        after=("epmd",),
        stop_seconds=LONGEST_STOP,
        whole_group=True,
        ports=(layout.at("amqp"), layout.at("erlang")),
    )


def environment(layout: Layout) -> dict[str, str]:
    """Of the server and of its tools alike."""
    own = home(layout)
    erlang = "-kernel inet_dist_use_interface {127,0,0,1}"
    return {
        "HOME": str(own),
        "RUNNING_UNDER_SYSTEMD": "true",  # the script becomes the server, with no shell left to pass signals on
        "RABBITMQ_NODENAME": f"todoke-{layout.state.name}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": HOST,
        "RABBITMQ_NODE_PORT": str(layout.at("amqp")),
        "RABBITMQ_DIST_PORT": str(layout.at("erlang")),
        "RABBITMQ_MNESIA_BASE": str(own / "mnesia"),
        "RABBITMQ_LOG_BASE": str(own / "log"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_CONFIG_FILE": str(own / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(own / "enabled_plugins"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": erlang,
        "ERL_EPMD_ADDRESS": HOST,
        "ERL_EPMD_PORT": str(layout.at("epmd")),
        "ERL_CRASH_DUMP_SECONDS": "0",
        "LANG": "C.UTF-8",
    }


def prepare(layout: Layout, secrets: Mapping[str, str]) -> None:
    """Write the configuration, the definitions and the cookie."""
    own = home(layout)
    own.mkdir(parents=True, exist_ok=True, mode=0o700)
    cookie = own / ".erlang.cookie"
    if not cookie.exists():
        write_private(cookie, secrets["erlang/cookie"])
    write_private(own / "definitions.json", json.dumps(_definitions(secrets), indent=1))
    settings = (REPOSITORY / "infra" / "rabbitmq" / "rabbitmq.conf").read_text()
    (own / "rabbitmq.conf").write_text(f"{settings}load_definitions = {own / 'definitions.json'}\n")
    (own / "enabled_plugins").write_text("[].\n")


def import_definitions(layout: Layout, secrets: Mapping[str, str]) -> None:
    """Bring a running broker up to date.  Raises subprocess.CalledProcessError."""
    prepare(layout, secrets)
    control(layout, "import_definitions", str(home(layout) / "definitions.json"))


def control(layout: Layout, *arguments: str) -> str:
    """Run rabbitmqctl on this instance; what it prints."""
    command = [script("rabbitmqctl"), "--quiet", *arguments]
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    done = subprocess.run(
        command, env={"PATH": path, **environment(layout)}, check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout


def _definitions(secrets: Mapping[str, str]) -> definitions.Json:
    passwords = {service: secrets[f"rabbitmq/{service}"] for service in SERVICES}
    return definitions.definitions({definitions.ADMIN: secrets["rabbitmq/admin"], **passwords})
