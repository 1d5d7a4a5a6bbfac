"""Who listens where, read from /proc: taken ports are named with their holder, and nothing may listen to the world."""

import os
import pwd
import re
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.local.layout import HOST

LISTENING = "0A"
LOOPBACK = re.compile(r"^(0100007F|0{24}01000000|0{16}FFFF00000100007F)$")


class PortTakenError(Exception):
    """Another process holds a port that we need.  Permanent until it goes."""

    def __init__(self, holders: Iterable["Listener"]) -> None:
        self.holders = tuple(holders)
        lines = [f"port {one.port} is taken by {one.holder}" for one in self.holders]
        super().__init__(
            "\n".join(lines) + "\nStop it, or choose other ports: make up PORT=8090 BASE=28080 (also for make demo)"
        )


@dataclass(frozen=True)
class Listener:
    """A listening TCP socket of the user ``uid``.  ``pid`` is 0 when its holder cannot be read."""

    port: int
    loopback: bool
    uid: int
    pid: int

    @property
    def holder(self) -> str:
        """Pid and command for a person, at least the user."""
        if not self.pid:
            return f"a process of the user {user_name(self.uid)}"
        return f"pid {self.pid} ({command_of(self.pid)})"


def require_free(ports: Iterable[int]) -> None:
    """Raises PortTakenError for those that cannot be bound."""
    taken = {port for port in ports if not _free(port)}
    if taken:
        known = {one.port: one for one in listeners() if one.port in taken}
        raise PortTakenError(known.get(port, Listener(port, True, os.getuid(), 0)) for port in sorted(taken))


def listeners() -> list[Listener]:
    """Every listening TCP socket of this machine."""
    sockets = list(_sockets())
    holders = _holders({inode for _, _, _, inode in sockets})
    return [Listener(port, loopback, uid, holders.get(inode, 0)) for port, loopback, uid, inode in sockets]


def exposed(pids: Iterable[int]) -> list[Listener]:
    """Sockets of these processes that can be reached from beyond this machine; must be empty."""
    ours = set(pids)
    return [one for one in listeners() if one.pid in ours and not one.loopback]


def command_of(pid: int) -> str:
    """Command line of a process, shortened."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return "gone"
    return b" ".join(words).decode(errors="replace").strip()[:120]


def user_name(uid: int) -> str:
    """As the system calls the user; the number when it does not."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _sockets() -> Iterator[tuple[int, bool, int, str]]:
    """Port, whether on loopback, user, inode."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not Path(table).exists():
            continue
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING:
                address, port = fields[1].split(":")
                yield int(port, 16), bool(LOOPBACK.match(address)), int(fields[7]), fields[9]


def _holders(inodes: set[str]) -> dict[str, int]:
    """Pid by socket inode, of the processes that we may read."""
    found = {}
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = str(link.readlink())
        except OSError:
            continue
        if target.startswith("socket:[") and target[8:-1] in inodes:
            found[target[8:-1]] = int(link.parts[2])
    return found
