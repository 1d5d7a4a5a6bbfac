"""Runs a WSGI application of a stand-in under gunicorn: one process with threads.

On loopback only, unless TODOKE_STANDIN_HOST says otherwise: in a container loopback reaches nobody.
"""

import os
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

HOST = os.environ.get("TODOKE_STANDIN_HOST", "127.0.0.1")


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, factory: Callable[[], Any], options: dict[str, Any]) -> None:
        self.factory = factory
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.factory()


def serve(
    factory: Callable[[], Any],
    port: int,
    on_start: Callable[[], None] = lambda: None,
    on_stop: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGTERM, then finish what runs.

    ``factory``, ``on_start`` and ``on_stop`` run in the serving process, which gunicorn forks.
    """
    options = {
        "bind": f"{HOST}:{port}",
        "workers": 1,
        "threads": 8,
        "worker_class": "gthread",
        "graceful_timeout": 5,
        "control_socket_disable": True,
        "post_worker_init": lambda _worker: on_start(),
        "worker_exit": lambda _server, _worker: on_stop(),
    }
    _Server(factory, options).run()
