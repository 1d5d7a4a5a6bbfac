"""nameko's container, with two of its traps closed."""

import sys
from typing import Any

import eventlet
from eventlet.greenpool import GreenPool
from nameko.containers import ServiceContainer

from services.chassis.logging import get_logger, of_case
from services.messages import Envelope

log = get_logger()


class DrainPool(GreenPool):  # type: ignore[misc]
    """eventlet's ``waitall`` waits on an event that a late spawn replaces: then stopping hangs for ever."""

    def waitall(self) -> None:
        """Poll until nothing runs or waits."""
        while self.running() or self.waiting():
            eventlet.sleep(0.02)


class SafeContainer(ServiceContainer):  # type: ignore[misc]
    """Stops cleanly, and settles messages whose handler was timed out.  Lines of a handler name its case."""

    def __init__(self, service_cls: type, config: dict[str, Any]) -> None:
        super().__init__(service_cls, config)
        self._worker_pool = DrainPool(size=self.max_workers)

    def _run_worker(self, worker_ctx: Any, handle_result: Any) -> None:
        """In the handler's own green thread, from its beginning to the settling of its message."""
        case = next((one.correlationid for one in worker_ctx.args if isinstance(one, Envelope)), "")
        with of_case(case):
            self._run_handler(worker_ctx, handle_result)

    def _run_handler(self, worker_ctx: Any, handle_result: Any) -> None:
        """``eventlet.Timeout`` is a BaseException: stock nameko never settles its message and loses the slot."""
        try:
            super()._run_worker(worker_ctx, handle_result)
        except eventlet.Timeout as timeout:
            log.error("handler_timed_out", handler=worker_ctx.entrypoint.method_name)
            if handle_result is not None:
                error = TimeoutError(str(timeout))
                handle_result(worker_ctx, None, (TimeoutError, error, sys.exc_info()[2]))
            self._worker_teardown(worker_ctx)
