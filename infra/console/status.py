"""How the whole is: processes, servers, queues, dead letters, sites, cases by state, and the sum that must hold."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from infra.console.houses import SERVICES, reading, settings_of
from infra.console.versions import versions
from infra.local.layout import Layout
from infra.local.probes import takes_http
from infra.local.program import NotReadyError
from infra.local.service_programs import SERVING_METRICS, metrics_port
from infra.local.system import System
from infra.rabbitmq.definitions import definitions
from services.chassis import backlog, health
from services.chassis.objects import SITES, Objects
from services.chassis.queues import depths
from services.chassis.tables import inbox, outbox, repair_debts, unstored_documents

Document = dict[str, Any]
DECIDED = ("decided", "seal_refused", "permitted", "signed", "available", "opened", "arrived", "fallback", "posted")


def status(layout: Layout) -> Document:
    """Everything that ``todoke status`` shows; a part that cannot be asked says so instead."""
    system = System(layout)
    return {
        "url": layout.url,
        "processes": [vars(one) for one in system.processes().values()],
        "servers": asked(lambda: versions(layout)),
        "queues": asked(lambda: queues(layout)),
        "dead_letters": asked(lambda: dead_letters(layout)),
        "sites": asked(lambda: sites(layout)),
        "metrics": asked(lambda: metrics(layout)),
        "services": {service: asked(partial(of_service, service, layout)) for service in SERVICES},
        "cases": asked(lambda: cases(layout)),
    }


def asked(question: Callable[[], Any]) -> Any:
    """The answer, or the name of what went wrong: a server that is down must not hide the others."""
    try:
        return question()
    except Exception as error:
        return {"unknown": type(error).__name__}


def queues(layout: Layout) -> dict[str, Document]:
    """Messages and consumers by queue; each service's own user asks for its own queues."""
    names = [queue["name"] for queue in definitions({})["queues"]]
    found: dict[str, Document] = {}
    for service in SERVICES:
        own = [name for name in names if name.startswith(f"{service}.")]
        for name, (messages, consumers) in depths(settings_of(service, layout), own).items():
            found[name] = {"messages": messages, "consumers": consumers}
    return found


def dead_letters(layout: Layout) -> int:
    """Messages that could not be decoded, of all services."""
    return sum(queue["messages"] for name, queue in queues(layout).items() if name.endswith(".dead"))


def sites(layout: Layout) -> Document:
    """Whether each S3 site answers a signed call."""
    objects = Objects.of(settings_of("archive", layout))
    return {site: {"up": objects.answers(site)} for site in SITES}


def metrics(layout: Layout) -> Document:
    """Where each process serves its metrics, and whether it answers there."""
    ports = {f"{service}-{process}": metrics_port(layout, service, process) for service, process in SERVING_METRICS}
    return {name: {"port": port, "up": answers(port)} for name, port in ports.items()}


def answers(port: int) -> bool:
    """Whether metrics are served there."""
    try:
        takes_http(port, "/metrics")()
    except NotReadyError:
        return False
    return True


def of_service(service: str, layout: Layout) -> Document:
    """Signs of life, and what waits inside one service with its age."""
    with reading(service, layout) as connection:
        return {
            "alive": {row.process: {"pid": row.pid, "at": row.at.isoformat()} for row in health.signs(connection)},
            "unpublished": count(connection, outbox, outbox.c.published_at.is_(None)),
            "set_aside": count(connection, outbox, outbox.c.set_aside.is_not(None)),
            "unstored": count(connection, unstored_documents),
            "repair_debts": count(connection, repair_debts),
            "kept": kept(connection),
            "since": {
                "unpublished": oldest(connection, outbox.c.said_at, outbox.c.published_at.is_(None)),
                "unstored": oldest(connection, unstored_documents.c.since),
                "repair_debts": oldest(connection, repair_debts.c.since),
            },
        }


def kept(connection: sa.Connection) -> list[Document]:
    """Messages not yet applied, by state and reason, with the oldest one's time."""
    piles = backlog.kept(connection, (*backlog.UNDER_WAY, *backlog.APART))
    return [
        {"state": state, "reason": reason, "messages": pile.count, "since": moment(pile.oldest)}
        for (state, reason), pile in piles.items()
    ]


def moment(seconds: float) -> str:
    """ISO 8601 of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def count(connection: sa.Connection, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
    """Rows of a table."""
    return int(connection.scalar(sa.select(sa.func.count()).select_from(table).where(*conditions)) or 0)


def oldest(connection: sa.Connection, moment: sa.Column[Any], *conditions: sa.ColumnElement[bool]) -> str | None:
    """Since when the first of such rows waits; None without any."""
    found = connection.scalar(sa.select(sa.func.min(moment)).where(*conditions))
    return found.isoformat() if found else None


def cases(layout: Layout) -> Document:
    """Cases by state, and the sum: 受付 = 決定 + 取下げ + 処理中 + on their way.

    Each part is counted where it lies: what was received in intake, what is on its way by comparing what intake has
    said with what approval has handled, the rest in approval.  Contracts, by state, are no applications: no part of it.
    """
    from services.approval import queries as approval

    with reading("intake", layout) as connection:
        said = messages(connection, outbox.c.id, outbox.c.routing_key == "application_submitted.v1")
        received = intake_count(connection)
    with reading("approval", layout) as connection:
        handled = messages(connection, inbox.c.message_id, inbox.c.state == "done")
        by_state = approval.count_by_state(connection)
        contracts = approval.count_by_state(connection, "contract")
    parts = parts_of(by_state) | {"on_their_way": len(said - handled)}
    holds = received == sum(parts.values())
    return {"by_state": by_state, "received": received, **parts, "holds": holds, "contracts": contracts}


def intake_count(connection: sa.Connection) -> int:
    """Applications that have a reception number."""
    from services.intake import queries

    return queries.count_submitted(connection)


def parts_of(by_state: Mapping[str, int]) -> dict[str, int]:
    """Decided (決定), withdrawn (取下げ), in process (処理中)."""
    decided = sum(by_state.get(state, 0) for state in DECIDED)
    withdrawn = by_state.get("withdrawn", 0)
    return {"decided": decided, "withdrawn": withdrawn, "in_process": sum(by_state.values()) - decided - withdrawn}


def messages(connection: sa.Connection, column: sa.Column[Any], which: sa.ColumnElement[bool]) -> set[Any]:
    """Ids of messages."""
    return set(connection.scalars(sa.select(column).where(which)))
