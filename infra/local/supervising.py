"""supervisord as the keeper of all processes: its configuration and its calls over a Unix socket."""

import os
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from infra.local.credentials import write_private
from infra.local.layout import Layout
from infra.local.program import Program

START_SECONDS = 10
RETRIES = 1000
KEPT_ENVIRONMENT = ("PATH", "LANG", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")


class SupervisorError(Exception):
    """supervisord does not start or does not answer."""


@dataclass(frozen=True)
class ProcessState:
    """What supervisor knows of a program.  ``state``: RUNNING, STOPPED, STARTING, BACKOFF, EXITED, FATAL …"""

    name: str
    state: str
    pid: int
    since: int
    description: str

    @property
    def alive(self) -> bool:
        """It has a process."""
        return self.state in ("STARTING", "RUNNING")

    @property
    def gone(self) -> bool:
        """It does not run and is not about to."""
        return self.state in ("STOPPED", "EXITED", "FATAL", "UNKNOWN")


class Supervisor:
    """One instance's supervisord."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.socket = layout.sockets / "supervisor.sock"

    @property
    def configuration(self) -> Path:
        """Written at each start; private, for it holds credentials."""
        return self.layout.run / "supervisord.conf"

    @property
    def calls(self) -> Any:
        """The ``supervisor`` XML-RPC namespace; a connection of its own, so that threads may share this object."""
        transport = SupervisorTransport(None, None, f"unix://{self.socket}")
        return xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport).supervisor

    def runs(self) -> bool:
        """Whether it answers."""
        try:
            self.calls.getState()
        except (OSError, xmlrpc.client.Error):
            return False
        return True

    def launch(self, programs: Iterable[Program]) -> None:
        """Start supervisord, or tell the running one what is new.  Raises SupervisorError."""
        write_private(self.configuration, _configuration(self, programs))
        if self.runs():
            self._adopt_changes()
            return
        environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ} | self.layout.mark
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(self.configuration)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd="/")
        if done.returncode != 0:
            raise SupervisorError(f"supervisord does not start: {done.stderr or done.stdout}")
        self._wait_until_it_answers()

    def processes(self) -> dict[str, ProcessState]:
        """Every program, by name; empty when supervisord does not run."""
        try:
            known = self.calls.getAllProcessInfo()
        except (OSError, xmlrpc.client.Error):
            return {}
        return {
            one["name"]: ProcessState(one["name"], one["statename"], one["pid"], one["start"], one["description"])
            for one in known
        }

    def start(self, name: str) -> None:
        """Ask for a start, without waiting; harmless when it runs."""
        if self.processes()[name].gone:
            self.calls.startProcess(name, False)

    def stop(self, name: str) -> None:
        """Stop and wait until it has stopped; harmless when it does not run."""
        if not self.processes()[name].gone:
            self.calls.stopProcess(name, True)

    def shut_down(self) -> None:
        """End supervisord once its programs are stopped; it would spend a second on each that it still knows."""
        for name, known in self.processes().items():
            if known.gone:
                self.calls.removeProcessGroup(name)
        self.calls.shutdown()

    def _adopt_changes(self) -> None:
        ((added, changed, removed),) = self.calls.reloadConfig()
        for name in (*changed, *removed):
            self.calls.stopProcessGroup(name, True)
            self.calls.removeProcessGroup(name)
        for name in (*added, *changed):
            self.calls.addProcessGroup(name)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.runs():
            if time.monotonic() > deadline:
                raise SupervisorError(f"supervisord does not answer; see {self.layout.log / 'supervisord.log'}")
            time.sleep(0.05)


def _configuration(supervisor: Supervisor, programs: Iterable[Program]) -> str:
    layout = supervisor.layout
    head = f"""[unix_http_server]
file={supervisor.socket}
chmod=0600
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisord]
logfile={layout.log / "supervisord.log"}
pidfile={layout.run / "supervisord.pid"}
childlogdir={layout.log}
directory=/
minfds=4096
umask=077
{"user=root" if os.getuid() == 0 else ""}
"""
    return head + "".join(_section(layout, program) for program in programs)


def _section(layout: Layout, program: Program) -> str:
    lines = {
        "command": " ".join(_quoted(word) for word in program.command),
        "directory": program.directory,
        "environment": _environment(program.environment),
        "user": program.user,
        "autostart": "false",
        "autorestart": "true",
        "startsecs": "1",
        "startretries": str(RETRIES),
        "stopsignal": program.stop_signal,
        "stopwaitsecs": str(program.stop_seconds),
        "stopasgroup": str(program.whole_group).lower(),
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": layout.log / f"{program.name}.log",
        "stdout_logfile_maxbytes": "20MB",
        "stdout_logfile_backups": "1",
    }
    body = "".join(f"{key}={value}\n" for key, value in lines.items() if value)
    return f"[program:{program.name}]\n{body}"


def _environment(values: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in values.items())


def _quoted(word: str) -> str:
    return f'"{_escaped(word)}"'


def _escaped(text: str) -> str:
    """supervisor expands ``%`` and takes backslash and quote as its own."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
