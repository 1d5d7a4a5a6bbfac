"""Rendering and sealing in processes of their own: CPU work, typst and pyHanko stay out of the worker's green threads.

The processes are spawned, so they are not monkey-patched; each keeps a renderer and the fonts warm.
"""

import json
import os
import shutil
import socket
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing import connection, get_context, parent_process
from multiprocessing.process import BaseProcess
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from services.chassis import metrics
from services.chassis.clock import today
from services.chassis.handling import PermanentError, Waiting
from services.chassis.logging import case_of_lines, configure, get_logger, of_case
from services.messages import Finding
from services.signing.handing_over import handed_over, taken_over

if TYPE_CHECKING:
    from services.signing.compiler import Expectation
    from services.signing.pades import SealIdentity
    from services.signing.rendering import Renderer
    from services.signing.rendering.agreements import AgreementRenderer
    from services.signing.settings import SigningSettings

log = get_logger()
T = TypeVar("T")
ATTEMPTS = 2
PREFIX = "todoke-press-"
CONTRACT, CERTIFICATE = "contract", "contract-certificate"


class PressRefusedError(PermanentError):
    """The notice cannot be rendered or sealed as it is.  ``code``: name of the error inside."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MonkeyPatchedError(Exception):
    """A process of the press was started monkey-patched: pyHanko's event loop would fail there."""


@dataclass(frozen=True)
class Checked:
    """``preview``: the PDF as it will be, without number, date and seal; None when it cannot be rendered."""

    findings: tuple[Finding, ...]
    preview: bytes | None


@dataclass(frozen=True)
class SealOrder:
    """One notice to seal.  ``notice`` and ``chain``: canonical JSON; ``claimed_at``: the signing time it bears."""

    document_id: UUID
    document_type: str
    notice: bytes
    chain: bytes
    document_number: str
    issued_on: date
    claimed_at: datetime


@dataclass(frozen=True)
class LayoutOrder:
    """One decided contract to lay out.  ``contract`` and ``chain``: canonical JSON; ``day``: of the decision."""

    document_type: str
    contract: bytes
    chain: bytes
    day: date


@dataclass(frozen=True)
class CertifyOrder:
    """A PDF of ours to seal as it is.  ``claimed_at``: the signing time it bears."""

    document_id: UUID
    pdf: bytes
    claimed_at: datetime


@dataclass(frozen=True)
class CertificateOrder:
    """What a certificate tells of a contract; it is rendered and sealed.

    ``event`` and ``reply``: the consent and its timestamp; ``sealed_at`` and ``concluded_sha256``: of the contract.
    """

    document_id: UUID
    contract: bytes
    event: bytes
    reply: bytes
    consented_at: datetime
    sealed_at: datetime
    concluded_sha256: str
    decider: str
    decided_at: datetime
    claimed_at: datetime


@dataclass(frozen=True)
class Stamped:
    """A verified timestamp.  ``reply``: DER of the TimeStampResp (RFC 3161); ``at``: the authority's time."""

    reply: bytes
    at: datetime


@dataclass(frozen=True)
class Sealed:
    """``signed_at``: the timestamp authority's time.  ``level``: PAdES baseline level."""

    pdf: bytes
    signed_at: datetime
    level: str


class Press:
    """The pool.  ``settings`` are handed to each process at its start."""

    def __init__(self, settings: "SigningSettings") -> None:
        self._settings = settings
        self._pool = self._new_pool()

    def warm_up(self) -> None:
        """Start the processes and load what they need.  Does not wait."""
        self._pool.submit(_ready)

    def close(self) -> None:
        """End the processes after the job in hand."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def processes(self) -> list[BaseProcess]:
        """The processes that run now."""
        return list((self._pool._processes or {}).values())

    def check(self, notice: bytes, document_type: str) -> Checked:
        """What the notice compiler finds, and the preview.  Raises PressRefusedError."""
        return self._run(_check, notice, document_type)

    def seal(self, order: SealOrder) -> Sealed:
        """Render the final notice and seal it.  Raises Waiting("tsa", "signer" or "crl"), PressRefusedError."""
        return self._run(_seal, order)

    def lay_out(self, order: LayoutOrder) -> bytes:
        """The contract's PDF, with its decision chain, unsigned.  Raises PressRefusedError."""
        return self._run(_lay_out, order)

    def stamp(self, event: bytes) -> Stamped:
        """A timestamp over an event.  Raises Waiting("tsa" or "crl"), PressRefusedError."""
        return self._run(_stamp, event)

    def certify(self, order: CertifyOrder) -> Sealed:
        """Seal a PDF of ours as it is.  Raises Waiting("tsa", "signer" or "crl"), PressRefusedError."""
        return self._run(_certify, order)

    def certificate(self, order: CertificateOrder) -> Sealed:
        """Render a certificate and seal it.  Raises Waiting("tsa", "signer" or "crl"), PressRefusedError."""
        return self._run(_certificate, order)

    def _run(self, job: Callable[..., T], *arguments: Any) -> T:
        """A process that died is replaced once; the second time the work is tried again later."""
        with handed_over(arguments) as path:
            for _ in range(ATTEMPTS):
                pool = self._pool
                try:
                    future: Future[T] = pool.submit(_for_case, case_of_lines(), job, path)
                    return future.result()
                except BrokenProcessPool:
                    log.warning("press_process_died")
                    metrics.replaced("press")
                    self._replace(pool)
        raise Waiting("press")

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        if self._pool is broken:
            self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._settings.press_processes,
            mp_context=get_context("spawn"),
            initializer=_start,
            initargs=(self._settings,),
        )


# What follows runs in the processes of the press.


@dataclass
class _Machine:
    settings: "SigningSettings"
    renderer: "Renderer"
    agreements: "AgreementRenderer"
    identity: "SealIdentity"


_machines: list[_Machine] = []


def _start(settings: "SigningSettings") -> None:
    _refuse_monkey_patched()
    configure("signing", "press")
    from services.signing import pades
    from services.signing.rendering import Renderer
    from services.signing.rendering.agreements import AgreementRenderer

    _remove_leftovers()
    directory = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=_memory()))
    _end_with_parent(directory)
    identity = pades.load_identity(settings.seal_certificate, settings.seal_chain)
    renderers = Renderer(directory, settings.font_dirs), AgreementRenderer(directory, settings.font_dirs)
    _machines.append(_Machine(settings, *renderers, identity))


def _ready() -> int:
    return os.getpid()


def _for_case(correlation_id: str, job: Callable[..., T], path: str) -> T:
    """In this process, too, each line says whose case it is about."""
    began = time.monotonic()
    with of_case(correlation_id):
        done = job(*taken_over(path))
        log.info("press_job_done", job=job.__name__.strip("_"), milliseconds=round((time.monotonic() - began) * 1000))
        return done


def _check(notice: bytes, document_type: str) -> Checked:
    from services.signing.town import read_town

    with _named_errors():
        town, data = read_town(_machines[0].settings.town_dir), json.loads(notice)
        kind = town.type(document_type)
        # The one place where the form of a document decides how it is checked and laid out.
        return (_check_contract if kind.form == CONTRACT else _check_notice)(_machines[0], town, kind, data)


def _check_notice(machine: _Machine, town: Any, kind: Any, data: dict[str, Any]) -> Checked:
    from services.signing.compiler import compile_notice
    from services.signing.fonts import load_faces
    from services.signing.rendering import Order

    appeal = town.appeal_variant(data.get("procedure_id", ""), date.fromisoformat(data["submitted_on"]))
    findings = compile_notice(data, _expectation(kind, appeal), load_faces(machine.settings.font_dirs))
    return Checked(findings, _preview(machine, Order(data, _picture(kind)), findings))


def _check_contract(machine: _Machine, _town: Any, kind: Any, data: dict[str, Any]) -> Checked:
    from services.signing.contract_compiler import compile_contract
    from services.signing.fonts import load_faces
    from services.signing.rendering.agreements import ContractOrder

    findings = compile_contract(data, _expectation(kind, None), load_faces(machine.settings.font_dirs))
    refused = {finding.code for finding in findings if finding.severity == "error"}
    if refused & {"glyphs", "parties", "number", "articles"}:
        return Checked(findings, None)
    return Checked(findings, machine.agreements.contract(ContractOrder(data, _picture(kind), today())))


def _expectation(kind: Any, appeal: str | None) -> "Expectation":
    from services.signing.compiler import Expectation

    return Expectation(kind.title, kind.seal.legend if kind.seal else None, appeal)


def _preview(machine: _Machine, order: Any, findings: tuple[Finding, ...]) -> bytes | None:
    """None when an error stands against it: what cannot be issued is not shown as if it could."""
    refused = {finding.code for finding in findings if finding.severity == "error"}
    return None if refused & {"glyphs", "addressee", "issuer"} else machine.renderer.render(order)


def _seal(order: SealOrder) -> Sealed:
    with _named_errors():
        return _sealed(lambda: _render(_machines[0], order), order.document_id, order.claimed_at)


def _lay_out(order: LayoutOrder) -> bytes:
    from services.signing.rendering.agreements import ContractOrder
    from services.signing.town import read_town

    machine = _machines[0]
    with _named_errors():
        picture = _picture(read_town(machine.settings.town_dir).type(order.document_type))
        return machine.agreements.contract(ContractOrder(json.loads(order.contract), picture, order.day, order.chain))


def _stamp(event: bytes) -> Stamped:
    from services.signing import pades

    settings = _machines[0].settings
    with _named_errors():
        stamp = pades.stamp(event, settings.tsa_urls, _trust(settings))
        return Stamped(stamp.reply, stamp.at)


def _certify(order: CertifyOrder) -> Sealed:
    with _named_errors():
        return _sealed(lambda: order.pdf, order.document_id, order.claimed_at)


def _certificate(order: CertificateOrder) -> Sealed:
    from services.signing.rendering import agreements
    from services.signing.town import read_town

    machine = _machines[0]
    with _named_errors():
        town = read_town(machine.settings.town_dir)
        kind = town.type(CERTIFICATE)
        told = agreements.CertificateOrder(
            title=kind.title,
            contract=json.loads(order.contract),
            seal=_picture(kind),
            event=order.event,
            reply=order.reply,
            consented_at=order.consented_at,
            sealed_at=order.sealed_at,
            concluded_sha256=order.concluded_sha256,
            decided_by=town.organisation.posts.get(order.decider, order.decider),
            decided_at=order.decided_at,
        )
        return _sealed(lambda: machine.agreements.certificate(told), order.document_id, order.claimed_at)


def _sealed(render: Callable[[], bytes], document_id: UUID, claimed_at: datetime) -> Sealed:
    """The certifying signature, confirmed.  The document's id is the signer's request id: nothing is signed twice."""
    from services.signing import pades
    from services.signing.signer_client import SignerClient

    machine = _machines[0]
    settings, trust = machine.settings, _trust(machine.settings)
    pades.require_some(settings.tsa_urls)  # before the costly part: nothing is sealed without a timestamp
    signer = SignerClient(settings.signer_socket)
    sealing = pades.Sealing(
        machine.identity, lambda name, data: signer.sign(str(document_id), name, data), settings.tsa_urls
    )
    return _confirmed(pades.certify(render(), sealing, claimed_at), trust)


def _trust(settings: "SigningSettings") -> Any:
    from services.signing import pades
    from services.signing.revocation import CrlCache

    crls = CrlCache(settings.state_dir / "crls", settings.crl_urls).current(datetime.now(UTC))
    return pades.load_trust(settings.trust_root, crls)


def _render(machine: _Machine, order: SealOrder) -> bytes:
    from services.signing.rendering import Issue, Order
    from services.signing.town import read_town

    kind = read_town(machine.settings.town_dir).type(order.document_type)
    issue = Issue(order.document_number, order.issued_on, order.chain)
    return machine.renderer.render(Order(json.loads(order.notice), _picture(kind), issue))


def _confirmed(pdf: bytes, trust: Any) -> Sealed:
    """Nothing leaves the press that our own verifier does not call valid."""
    from services.signing.verification import verify

    verdict = verify(pdf, trust)
    if verdict.status != "valid" or verdict.signed_at is None:
        log.error("sealed_file_not_valid", reasons=verdict.reasons)
        raise PressRefusedError("SealedFileNotValidError")
    return Sealed(pdf, verdict.signed_at, verdict.level)


def _picture(kind: Any) -> Any:
    from services.signing.rendering import SealPicture

    return SealPicture(kind.seal.drawing, kind.seal.millimetres) if kind.seal else None


@contextmanager
def _named_errors() -> Iterator[None]:
    """Errors that the worker can read without the libraries that raised them."""
    from services.signing.pades import TsaUnavailableError
    from services.signing.revocation import CrlUnavailableError
    from services.signing.signer_client import SignerUnavailableError

    try:
        yield
    except TsaUnavailableError:
        raise Waiting("tsa") from None
    except SignerUnavailableError:
        raise Waiting("signer") from None
    except CrlUnavailableError:
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
