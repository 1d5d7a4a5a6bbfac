"""The processes of our own services: per service a worker and a web part, and signing's signer."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from infra.local import probes
from infra.local.layout import HOST, REPOSITORY, SERVICES, Layout
from infra.local.program import NotReadyError, Program
from infra.rabbitmq import definitions

FIRST_PREFIX = {
    "intake": "/apply",
    "approval": "/desk",
    "signing": "/seal",
    "delivery": "/inbox",
    "archive": "/archive",
}
STOP_SECONDS = 10
SERVING_METRICS = tuple((service, process) for service in SERVICES for process in ("worker", "web"))


def programs(layout: Layout, secrets: Mapping[str, str]) -> Iterator[Program]:
    """All of them."""
    yield _signer(layout)
    for service in SERVICES:
        yield _worker(layout, secrets, service)
        yield _web(layout, service)


def signer_socket(layout: Layout) -> Path:
    """Where signing's worker finds the signer."""
    return layout.sockets / "signer.sock"


def environment(layout: Layout, service: str) -> dict[str, str]:
    """Settings come from a private file, so that no credential shows in a process's environment."""
    return {"TODOKE_ENV_FILE": str(layout.run / f"{service}.env"), "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8"}


def metrics_port(layout: Layout, service: str, process: str) -> int:
    """Where a process answers Prometheus."""
    return layout.at(f"metrics-{service}-{process}")


def metrics_targets(layout: Layout) -> str:
    """What infra/prometheus/prometheus.yml reads: Prometheus's file of targets, as JSON."""
    return json.dumps(
        [
            {
                "targets": [f"{HOST}:{metrics_port(layout, service, process)}"],
                "labels": {"service": service, "process": process},
            }
            for service, process in SERVING_METRICS
        ],
        indent=1,
    )


def _with_metrics(layout: Layout, service: str, process: str) -> dict[str, str]:
    return environment(layout, service) | {"TODOKE_METRICS_PORT": str(metrics_port(layout, service, process))}


def _signer(layout: Layout) -> Program:
    return Program(
        name="signer",
        command=(sys.executable, "-m", "services.signing.signer"),
        environment=environment(layout, "signing"),
        directory=str(REPOSITORY),
        after=("pki-files",),
        ready=probes.listens_on_socket(signer_socket(layout)),
        stop_seconds=STOP_SECONDS,
    )


def _worker(layout: Layout, secrets: Mapping[str, str], service: str) -> Program:
    return Program(
        name=f"{service}-worker",
        command=(sys.executable, "-m", "services.chassis.worker_process", service),
        environment=_with_metrics(layout, service, "worker"),
        directory=str(REPOSITORY),
        after=(f"{service}-tables", "rabbitmq", *_own_needs(service)),
        ready=_consumes(layout.at("amqp"), secrets["rabbitmq/admin"], service),
        stop_seconds=STOP_SECONDS,
        whole_group=service == "signing",  # its press processes
        ports=(metrics_port(layout, service, "worker"),),
    )


def _web(layout: Layout, service: str) -> Program:
    port = layout.at(f"web-{service}")
    return Program(
        name=f"{service}-web",
        command=(
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "services/chassis/web/gunicorn_conf.py",
            "--bind",
            f"{HOST}:{port}",
            f"services.{service}.web.pages:create_app()",
        ),
        environment=_with_metrics(layout, service, "web"),
        directory=str(REPOSITORY),
        after=(f"{service}-tables", *_own_needs(service)),
        ready=probes.takes_http(port, f"{FIRST_PREFIX[service]}/healthz"),
        stop_seconds=STOP_SECONDS,
        whole_group=True,
        ports=(port, metrics_port(layout, service, "web")),
    )


def _own_needs(service: str) -> tuple[str, ...]:
    """Signing reads its certificates when it starts."""
    return ("pki-files",) if service == "signing" else ()


def _consumes(port: int, password: str, service: str) -> Callable[[], None]:
    """Each of the service's queues has a consumer."""
    facts = definitions.heard()[service].items()
    queues = [definitions.queue_name(service, sender, fact) for sender, names in facts for fact in names]

    def probe() -> None:
        with probes.broker(port, definitions.ADMIN, password, definitions.VHOST) as channel:
            idle = [name for name in queues if channel.queue_declare(name, passive=True).consumer_count < 1]
        if idle:
            raise NotReadyError(f"nobody consumes {idle[0]}")

    return probe
