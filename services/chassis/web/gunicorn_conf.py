"""How gunicorn runs each web part: one process, threads, no access log (the gateway keeps one without personal data).

The address comes from the command line.
"""

from typing import Any

from services.chassis import metrics

workers = 1
worker_class = "gthread"
threads = 8
timeout = 90
graceful_timeout = 8
keepalive = 30
accesslog = None
errorlog = "-"
forwarded_allow_ips = "127.0.0.1"
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """In the process that serves the pages, once its app is made."""
    metrics.serve(worker.wsgi.extensions["todoke.settings"])
