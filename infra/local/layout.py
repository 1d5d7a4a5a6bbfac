"""Where one instance keeps its state and which ports it uses.

``TODOKE_STATE``, ``TODOKE_PORT`` and ``TODOKE_BASE`` choose another instance beside the usual one.
"""

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SERVICES = ("intake", "approval", "signing", "delivery", "archive")
HOST = "127.0.0.1"
MARK = "todoke-state"  # a file that says what this directory is
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes

OFFSETS = {
    "amqp": 1,
    "epmd": 2,
    "erlang": 3,
    "postgres": 5,
    "pki": 6,
    "signin": 7,
    "smtp": 8,
    "mail": 9,
    "site-a": 10,  # and those that follow: the inner ports of its server
    "site-b": 20,
    **{f"web-{service}": 40 + i for i, service in enumerate(SERVICES)},
    **{f"metrics-{service}-worker": 80 + i for i, service in enumerate(SERVICES)},
    **{f"metrics-{service}-web": 90 + i for i, service in enumerate(SERVICES)},
}


class PortsInUseError(Exception):
    """This state directory's system already runs on other ports."""


class NotAnInstanceError(Exception):
    """A directory that holds something else cannot be a state directory: ``clean`` would remove it."""

    def __init__(self, state: Path) -> None:
        super().__init__(f"{state} holds other things: choose an empty directory as TODOKE_STATE")


@dataclass(frozen=True)
class Layout:
    """Paths and ports of one instance.  ``port``: the gateway's; ``base``: every other is ``base`` + its offset.

    ``detour``: added to the ports at which clients look for servers, for a test that stands in between; else 0.
    """

    state: Path
    port: int = 8080
    base: int = 18080
    detour: int = 0

    @classmethod
    def of_environment(cls) -> "Layout":
        """The instance that the environment names; a state directory remembers its ports."""
        state = (REPOSITORY / os.environ.get("TODOKE_STATE", "var")).resolve()
        known = remembered_ports(state)
        port = int(os.environ.get("TODOKE_PORT") or known.get("port", 8080))
        base = int(os.environ.get("TODOKE_BASE") or known.get("base", 18080))
        return cls(state, port, base)

    @property
    def run(self) -> Path:
        """Files that live as long as the processes."""
        return self.state / "run"

    @property
    def log(self) -> Path:
        """One file per program."""
        return self.state / "log"

    @property
    def url(self) -> str:
        """What a person opens."""
        return f"http://{HOST}:{self.port}"

    @cached_property
    def name(self) -> str:
        """Short and unique per state directory: for names outside it."""
        return f"{self.state.name}-{hashlib.sha256(str(self.state).encode()).hexdigest()[:8]}"

    @property
    def mark(self) -> dict[str, str]:
        """In the environment of every process of this instance: how leftovers are found."""
        return {"TODOKE_INSTANCE": str(self.state)}

    @cached_property
    def sockets(self) -> Path:
        """Where Unix sockets lie: in the state directory, or below /tmp when that path is too long for the kernel."""
        if len(str(self.run / "supervisor.sock.12345")) <= LONGEST_SOCKET_PATH:
            return self.run
        return Path(tempfile.gettempdir()) / f"todoke-{os.getuid()}-{self.name}"

    def at(self, server: str) -> int:
        """Port of a server."""
        return self.port if server == "gateway" else self.base + OFFSETS[server]

    def door(self, server: str) -> int:
        """Port at which the server's clients look for it."""
        return self.at(server) + self.detour

    def require_own_state(self) -> None:
        """Raises NotAnInstanceError when something else lies there than instances."""
        marked = (self.state / MARK).exists() or self.state.is_relative_to(REPOSITORY / "var")
        others = [] if marked or not self.state.exists() else list(self.state.iterdir())
        if not all((one / MARK).exists() for one in others) or REPOSITORY.is_relative_to(self.state):
            raise NotAnInstanceError(self.state)

    def make_directories(self) -> None:
        """Create what every program takes for granted.  Raises NotAnInstanceError."""
        self.require_own_state()
        for path in (self.state, self.run, self.log, self.sockets):
            path.mkdir(parents=True, exist_ok=True)
        (self.state / MARK).touch()
        for private in (self.run, self.log, self.sockets):
            private.chmod(0o700)

    def remember_ports(self) -> None:
        """So that later commands need not repeat them."""
        (self.state / "ports.json").write_text(json.dumps({"port": self.port, "base": self.base}))


def remembered_ports(state: Path) -> dict[str, int]:
    """Ports of the instance's last start; empty when it was never started."""
    try:
        known: dict[str, int] = json.loads((state / "ports.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return known
