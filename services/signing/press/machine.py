"""A process of the press: what it keeps warm, how it starts and ends, and how it answers.

Nothing heavy is imported before the process has started: the worker, which is monkey-patched, knows this module too.
"""

import importlib
import os
import shutil
import socket
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import connection, parent_process
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.chassis.handling import PermanentError, Waiting
from services.chassis.logging import configure, get_logger, of_case
from services.signing.handing_over import taken_over
from services.signing.press.orders import PressRefusedError

if TYPE_CHECKING:
    from services.signing.pades import SealIdentity
    from services.signing.rendering import Renderer
    from services.signing.rendering.agreements import AgreementRenderer
    from services.signing.settings import SigningSettings

log = get_logger()
JOBS = "services.signing.press.jobs"
PREFIX = "todoke-press-"
# What a document waits for, by what the signer says of its token.
OF_THE_TOKEN = {"pin": "pin", "full": "token_full"}


class MonkeyPatchedError(Exception):
    """A process of the press was started monkey-patched: pyHanko's event loop would fail there."""


@dataclass
class Machine:
    """What one process keeps warm.  ``directory``: of this process alone.

    The renderers are made when a font is there for them: a machine without its fonts starts, and says what it misses.
    """

    settings: "SigningSettings"
    directory: Path
    identity: "SealIdentity"

    @cached_property
    def renderer(self) -> "Renderer":
        """Of notices.  Raises FontMissingError."""
        from services.signing.rendering import Renderer

        return Renderer(self.directory, self.settings.font_dirs)

    @cached_property
    def agreements(self) -> "AgreementRenderer":
        """Of contracts and their certificates.  Raises FontMissingError."""
        from services.signing.rendering.agreements import AgreementRenderer

        return AgreementRenderer(self.directory, self.settings.font_dirs)

    def warm_up(self) -> None:
        """Before the first document."""
        from services.signing.fonts import FontMissingError

        try:
            _ = self.renderer, self.agreements
        except FontMissingError:
            log.error("font_missing")
        importlib.import_module(JOBS)


_machines: list[Machine] = []


def start(settings: "SigningSettings") -> None:
    """The first thing that a process does."""
    _refuse_monkey_patched()
    configure("signing", "press")
    from services.signing.pades import load_identity

    _remove_leftovers()
    directory = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=_memory()))
    _end_with_parent(directory)
    identity = load_identity(settings.seal_certificate, settings.seal_chain)
    _machines.append(machine := Machine(settings, directory, identity))
    machine.warm_up()


def ready() -> int:
    """The process's id, once it has started."""
    return os.getpid()


def work(correlation_id: str, job: str, path: str) -> Any:
    """Do a job by its name in ``jobs``.  In this process, too, each line says whose case it is about."""
    began = time.monotonic()
    with of_case(correlation_id), _named_errors():
        done = getattr(importlib.import_module(JOBS), job)(_machines[0], *taken_over(path))
        log.info("press_job_done", job=job, milliseconds=round((time.monotonic() - began) * 1000))
        return done


@contextmanager
def _named_errors() -> Iterator[None]:
    """Errors that the worker can read without the libraries that raised them."""
    from services.signing.fonts import FontMissingError
    from services.signing.pades import ClockDiffersError, RevocationDataMissingError, TsaUnavailableError
    from services.signing.revocation import CrlUnavailableError
    from services.signing.signer_client import SignerUnavailableError

    try:
        yield
    except ClockDiffersError:
        raise Waiting("clock") from None
    except TsaUnavailableError:
        raise Waiting("tsa") from None
    except FontMissingError:
        raise Waiting("font") from None
    except SignerUnavailableError as error:
        raise Waiting(OF_THE_TOKEN.get(error.reason, "signer")) from None
    except (CrlUnavailableError, RevocationDataMissingError):
        raise Waiting("crl") from None
    except PermanentError:
        raise
    except Exception as error:
        # Without its text, which may hold a person's data.
        log.error("press_refused", error=type(error).__name__, at=_where(error))
        raise PressRefusedError(type(error).__name__) from None


def _where(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def _memory() -> Path | None:
    """Notice data are written to memory, not to a disk, where there is such a place."""
    shared = Path("/dev/shm")  # noqa: S108 - a directory of our own is made in it, mode 0700
    return shared if os.access(shared, os.W_OK) else None


def _remove_leftovers() -> None:
    """A process that was killed leaves its last notice behind: nobody else may find it."""
    for directory in (_memory() or Path(tempfile.gettempdir())).glob(f"{PREFIX}*"):
        if not Path("/proc", directory.name.removeprefix(PREFIX).split("-")[0]).exists():
            shutil.rmtree(directory, ignore_errors=True)


def _end_with_parent(directory: Path) -> None:
    """Remove the directory at the end; and end when the worker is killed, which the pool itself does not notice."""
    Finalize(None, shutil.rmtree, args=(directory, True), exitpriority=1)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel, directory), daemon=True).start()


def _watch(sentinel: int, directory: Path) -> None:
    connection.wait([sentinel])
    shutil.rmtree(directory, ignore_errors=True)
    os._exit(1)


def _refuse_monkey_patched() -> None:
    if "eventlet" in getattr(socket.socket, "__module__", "") or "eventlet" in threading.current_thread.__module__:
        raise MonkeyPatchedError
