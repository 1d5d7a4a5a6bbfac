"""Rendering and sealing in processes of their own: CPU work, typst and pyHanko stay out of the worker's green threads.

The processes are spawned, so they are not monkey-patched; each keeps a renderer and the fonts warm.
"""

from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any

from services.chassis import metrics
from services.chassis.handling import Waiting
from services.chassis.logging import case_of_lines, get_logger
from services.signing.handing_over import handed_over
from services.signing.press import machine
from services.signing.press.orders import (
    CertificateOrder,
    CertifyOrder,
    Checked,
    Extended,
    ExtendOrder,
    LayoutOrder,
    PressRefusedError,
    Sealed,
    SealOrder,
    Stamped,
)

if TYPE_CHECKING:
    from services.signing.settings import SigningSettings

__all__ = [
    "CertificateOrder",
    "CertifyOrder",
    "Checked",
    "ExtendOrder",
    "Extended",
    "LayoutOrder",
    "Press",
    "PressRefusedError",
    "SealOrder",
    "Sealed",
    "Stamped",
]

log = get_logger()
ATTEMPTS = 2


class Press:
    """The pool.  ``settings`` are handed to each process at its start."""

    def __init__(self, settings: "SigningSettings") -> None:
        self._settings = settings
        self._pool = self._new_pool()

    def warm_up(self) -> None:
        """Start the processes and load what they need.  Does not wait."""
        self._pool.submit(machine.ready)

    def close(self) -> None:
        """End the processes after the job in hand."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def processes(self) -> list[BaseProcess]:
        """The processes that run now."""
        return list((self._pool._processes or {}).values())

    def check(self, notice: bytes, document_type: str) -> Checked:
        """What the notice compiler finds, and the preview.  Raises PressRefusedError."""
        checked: Checked = self._run("check", notice, document_type)
        return checked

    def seal(self, order: SealOrder) -> Sealed:
        """Render the final notice and seal it.  Raises Waiting("tsa", "signer" or "crl"), PressRefusedError."""
        sealed: Sealed = self._run("seal", order)
        return sealed

    def lay_out(self, order: LayoutOrder) -> bytes:
        """The contract's PDF, with its decision chain, unsigned.  Raises PressRefusedError."""
        pdf: bytes = self._run("lay_out", order)
        return pdf

    def stamp(self, event: bytes) -> Stamped:
        """A timestamp over an event.  Raises Waiting("tsa" or "crl"), PressRefusedError."""
        stamped: Stamped = self._run("stamp", event)
        return stamped

    def certify(self, order: CertifyOrder) -> Sealed:
        """Seal a PDF of ours as it is.  Raises Waiting("tsa", "signer" or "crl"), PressRefusedError."""
        sealed: Sealed = self._run("certify", order)
        return sealed

    def certificate(self, order: CertificateOrder) -> Sealed:
        """Render a certificate and seal it.  Raises Waiting("tsa", "signer" or "crl"), PressRefusedError."""
        sealed: Sealed = self._run("certificate", order)
        return sealed

    def extend(self, order: ExtendOrder) -> Extended:
        """A newer timestamp over a sealed file that is still valid.

        Raises Waiting("tsa" or "crl"), PressRefusedError, NoLongerValidError, NotArchivedError.
        """
        extended: Extended = self._run("extend", order)
        return extended

    def _run(self, job: str, *arguments: Any) -> Any:
        """A process that died is replaced once; the second time the work is tried again later."""
        with handed_over(arguments) as path:
            for _ in range(ATTEMPTS):
                pool = self._pool
                try:
                    future: Future[Any] = pool.submit(machine.work, case_of_lines(), job, path)
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
            initializer=machine.start,
            initargs=(self._settings,),
        )
